import org.jspecify.annotations.NullMarked;

/// The Linux kernel calls that a container engine needs, through the Foreign Function API.
///
/// The module needs `--enable-native-access=io.containerkit.linux`, glibc 2.34 or later, and x86-64 or AArch64.
@NullMarked
module io.containerkit.linux {
  requires static org.jspecify;
  requires transitive io.containerkit.spec;

  exports io.containerkit.linux;
}
