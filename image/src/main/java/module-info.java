import org.jspecify.annotations.NullMarked;

/// Images: references, the registry client, the content store, unpack and pack.
@NullMarked
module io.containerkit.image {
  requires static org.jspecify;
  requires transitive io.containerkit.spec;
  requires transitive io.containerkit.linux;
  requires java.net.http;
  requires com.github.luben.zstd_jni;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.dataformat.toml;

  exports io.containerkit.image;
}
