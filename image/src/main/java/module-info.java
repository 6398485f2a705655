import org.jspecify.annotations.NullMarked;

/// Images: references, the registry client, the content store, unpack and pack.
@NullMarked
module io.containerkit.image {
  requires static org.jspecify;
  requires transitive io.containerkit.spec;
  requires transitive io.containerkit.linux;
  requires java.net.http;

  exports io.containerkit.image;
}
