import org.jspecify.annotations.NullMarked;

/// The OCI runtime-spec as records, with lossless JSON and validation.
@NullMarked
module io.containerkit.spec {
  requires static org.jspecify;

  exports io.containerkit.spec;
}
