import org.jspecify.annotations.NullMarked;

/// Containers and executions with a structured lifetime, on any OCI runtime.
@NullMarked
module io.containerkit.engine {
  requires static org.jspecify;
  requires transitive io.containerkit.runtime;
  requires transitive io.containerkit.image;

  exports io.containerkit.engine;
}
