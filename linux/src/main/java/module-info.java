import org.jspecify.annotations.NullMarked;

/// The Linux kernel calls that a container engine needs.
@NullMarked
module io.containerkit.linux {
  requires static org.jspecify;
  requires transitive io.containerkit.spec;

}
