import org.jspecify.annotations.NullMarked;

/// Drives an OCI runtime: runc, crun, runsc.
@NullMarked
module io.containerkit.runtime {
  requires static org.jspecify;
  requires transitive io.containerkit.spec;
  requires transitive io.containerkit.linux;

  exports io.containerkit.runtime;
}
