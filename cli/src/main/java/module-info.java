import org.jspecify.annotations.NullMarked;

/// The ckit command.
@NullMarked
module io.containerkit.cli {
  requires static org.jspecify;
  requires io.containerkit.engine;
  requires org.apache.commons.cli;
  requires jdk.unsupported;
}
