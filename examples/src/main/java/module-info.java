import org.jspecify.annotations.NullMarked;

/// One small program for each thing that the library can do.
@NullMarked
module io.containerkit.examples {
  requires static org.jspecify;
  requires io.containerkit.engine;
}
