import org.jspecify.annotations.NullMarked;

/// Comparisons with peers.
@NullMarked
module io.containerkit.bench {
  requires static org.jspecify;
  requires io.containerkit.engine;
}
