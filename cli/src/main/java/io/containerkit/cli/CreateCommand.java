package io.containerkit.cli;

import io.containerkit.engine.Container;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `ckit create`: makes a container that waits for `ckit start`.
///
/// @param output the file for what it prints
record CreateCommand(ContainerFlags container, Optional<Path> output) implements Command {

  static Grammar grammar() {
    Flags flags =
        new Flags()
            .section("Create")
            .value("o", "output", "FILE", "Appends what the container prints to FILE; it is lost without it.");
    ContainerFlags.describe(flags);
    return Grammar.ofForeign(
        "create",
        ContainerFlags.OPERANDS,
        "Makes a container that waits to be started",
        """
        Prints the id. The container waits until ckit start, and stays when it has ended until ckit delete.

          ckit create --name web nginx && ckit start web
          ckit create --name web --rootfs /srv/web -- /bin/httpd -f && ckit start web
        """,
        flags,
        0,
        CreateCommand::of);
  }

  static CreateCommand of(Arguments arguments) {
    if (arguments.has("tty") || arguments.has("interactive")) {
      throw arguments.mistake("nobody is in front of a container when ckit has returned: leave out -t and -i, or ckit run");
    }
    return new CreateCommand(ContainerFlags.of(arguments, List.of("output")), Values.path(arguments, "output"));
  }

  @Override
  public int run(Session session) {
    ContainerMaking making = ContainerMaking.of(session, container);
    try (Container made = making.create(ContainerMaking.output(output))) {
      made.detach();
      session.out().println(made.id());
      return 0;
    }
  }
}
