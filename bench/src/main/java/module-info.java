import org.jspecify.annotations.NullMarked;

/// Comparisons with peers.
@NullMarked
module io.containerkit.bench {
  requires static org.jspecify;
  requires java.management;
  requires io.containerkit.engine;
}
