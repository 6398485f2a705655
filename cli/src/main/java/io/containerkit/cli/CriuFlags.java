package io.containerkit.cli;

import io.containerkit.runtime.CriuBuilder;
import java.nio.file.Path;

/// The flags that `checkpoint` and `restore` have in common.
final class CriuFlags {

  private CriuFlags() {}

  static Flags describe(Flags flags) {
    return flags
        .value("work-path", "DIR", "Where criu keeps its files and logs.")
        .toggle("tcp-established", "Saves open TCP connections, and restores them.")
        .toggle("ext-unix-sk", "Allows unix sockets to processes outside.")
        .toggle("shell-job", "Allows a terminal from outside.")
        .toggle("file-locks", "Saves file locks, and restores them.")
        .toggle("auto-dedup", "Takes out of the parent image what the new one has, and out of the image what is restored.")
        .toggle("lazy-pages", "Fetches memory during the restore, when it is touched.")
        .value("manage-cgroups-mode", "MODE", "soft, full, strict or ignore.")
        .value("empty-ns", "NAMESPACE", "A namespace that is not saved but made anew, such as network. Repeatable.");
  }

  static Path imagePath(Arguments arguments) {
    return Values.path(arguments, "image-path").orElse(Path.of("checkpoint"));
  }

  /// Hands them on.
  ///
  /// @return the builder
  static <B extends CriuBuilder<B>> B of(Arguments arguments, B options) {
    Values.path(arguments, "work-path").ifPresent(options::workPath);
    Values.cgroupsMode(arguments).ifPresent(options::cgroupsMode);
    return options
        .tcpEstablished(arguments.has("tcp-established"))
        .externalUnixSockets(arguments.has("ext-unix-sk"))
        .shellJob(arguments.has("shell-job"))
        .fileLocks(arguments.has("file-locks"))
        .autoDedup(arguments.has("auto-dedup"))
        .lazyPages(arguments.has("lazy-pages"))
        .emptyNamespaces(arguments.texts("empty-ns").toArray(String[]::new));
  }
}
