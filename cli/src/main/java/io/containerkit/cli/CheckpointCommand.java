package io.containerkit.cli;

import io.containerkit.engine.Container;
import io.containerkit.linux.Fd;
import io.containerkit.runtime.CheckpointOptions;

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
        CriuFlags.describe(
            new Flags()
                .section("Checkpoint")
                .value("image-path", "DIR", "Where the image goes; ./checkpoint without it.")
                .value("parent-path", "DIR", "The image of an earlier --pre-dump, relative to this one.")
                .toggle("leave-running", "Lets the container go on.")
                .toggle("pre-dump", "Saves the memory only, and lets the container go on.")
                .toggle("tcp-skip-in-flight", "Leaves out TCP connections that are being made.")
                .toggle("link-remap", "Allows open files whose names are gone.")
                .value("status-fd", "NUMBER", "The descriptor where criu says that lazy pages can be fetched.")
                .value("page-server", "ADDRESS:PORT", "Who takes the memory.")),
        1,
        1,
        CheckpointCommand::of);
  }

  static CheckpointCommand of(Arguments arguments) {
    CheckpointOptions.Builder options =
        CriuFlags.of(arguments, CheckpointOptions.builder(CriuFlags.imagePath(arguments)))
            .leaveRunning(arguments.has("leave-running"))
            .preDump(arguments.has("pre-dump"))
            .tcpSkipInFlight(arguments.has("tcp-skip-in-flight"))
            .linkRemap(arguments.has("link-remap"));
    Values.path(arguments, "parent-path").ifPresent(options::parentPath);
    Values.number(arguments, "status-fd", 0, 1 << 20).ifPresent(fd -> options.statusDescriptor(Fd.borrow(fd.intValue())));
    arguments.text("page-server").ifPresent(options::pageServer);
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
