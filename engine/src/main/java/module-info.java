import org.jspecify.annotations.NullMarked;

/// Containers and executions with a structured lifetime.
@NullMarked
module io.containerkit.engine {
  requires static org.jspecify;
  requires transitive io.containerkit.runtime;

}
