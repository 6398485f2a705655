package io.containerkit.cli;

import io.containerkit.engine.Container;
import io.containerkit.linux.Fd;
import io.containerkit.runtime.CheckpointOptions;
import java.nio.file.Path;

/// `ckit checkpoint`: saves a container with its memory.
record CheckpointCommand(String id, CheckpointOptions options) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "checkpoint",
        "CONTAINER",
        "Saves a running container with its memory",
        """
        Needs criu and a runtime that drives it; runsc needs no criu. The container ends, unless it is left
        running.
        """,
        new Flags()
            .section("Checkpoint")
            .value("image-path", "DIR", "Where the image goes; ./checkpoint without it.")
            .value("work-path", "DIR", "Where criu keeps its files and logs.")
            .value("parent-path", "DIR", "The image of an earlier --pre-dump, relative to this one.")
            .toggle("leave-running", "Lets the container go on.")
            .toggle("pre-dump", "Saves the memory only, and lets the container go on.")
            .toggle("tcp-established", "Saves open TCP connections.")
            .toggle("tcp-skip-in-flight", "Leaves out TCP connections that are being made.")
            .toggle("ext-unix-sk", "Allows unix sockets to processes outside.")
            .toggle("shell-job", "Allows a terminal from outside.")
            .toggle("file-locks", "Saves file locks.")
            .toggle("link-remap", "Allows open files whose names are gone.")
            .toggle("auto-dedup", "Takes from the parent image what this one has.")
            .toggle("lazy-pages", "Leaves memory to be fetched during the restore.")
            .value("status-fd", "NUMBER", "The descriptor where criu says that lazy pages can be fetched.")
            .value("page-server", "ADDRESS:PORT", "Who takes the memory.")
            .value("manage-cgroups-mode", "MODE", "soft, full, strict or ignore.")
            .value("empty-ns", "NAMESPACE", "A namespace that is not saved, such as network. Repeatable."),
        1,
        1,
        CheckpointCommand::of);
  }

  static CheckpointCommand of(Arguments arguments) {
    CheckpointOptions.Builder options =
        CheckpointOptions.builder(Values.path(arguments, "image-path").orElse(Path.of("checkpoint")))
            .leaveRunning(arguments.has("leave-running"))
            .preDump(arguments.has("pre-dump"))
            .tcpEstablished(arguments.has("tcp-established"))
            .tcpSkipInFlight(arguments.has("tcp-skip-in-flight"))
            .externalUnixSockets(arguments.has("ext-unix-sk"))
            .shellJob(arguments.has("shell-job"))
            .fileLocks(arguments.has("file-locks"))
            .linkRemap(arguments.has("link-remap"))
            .autoDedup(arguments.has("auto-dedup"))
            .lazyPages(arguments.has("lazy-pages"))
            .emptyNamespaces(arguments.texts("empty-ns").toArray(String[]::new));
    Values.path(arguments, "work-path").ifPresent(options::workPath);
    Values.path(arguments, "parent-path").ifPresent(options::parentPath);
    Values.number(arguments, "status-fd", 0, 1 << 20).ifPresent(fd -> options.statusDescriptor(Fd.borrow(fd.intValue())));
    arguments.text("page-server").ifPresent(options::pageServer);
    Values.cgroupsMode(arguments).ifPresent(options::cgroupsMode);
    return new CheckpointCommand(arguments.operand(0), options.build());
  }

  @Override
  public int run(Session session) {
    try (Container container = session.container(id)) {
      container.checkpoint(options);
      return 0;
    }
  }
}
