package io.containerkit.cli;

import io.containerkit.engine.Container;
import io.containerkit.linux.ExitStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// `ckit run`: makes a container, starts it, and in the foreground waits for it and removes it.
///
/// @param output the file for what a detached container prints
/// @param keep whether the container stays when it has ended
/// @param sigProxy whether signals to ckit go to the container
/// @param runFor how long it may run before it is stopped
record RunCommand(
    ContainerFlags container,
    boolean detach,
    Optional<Path> output,
    boolean keep,
    boolean sigProxy,
    Optional<Duration> runFor)
    implements Command {

  static Grammar grammar() {
    Flags flags =
        new Flags()
            .section("Run")
            .toggle("d", "detach", "Prints the id and returns, while the container runs on.")
            .value("o", "output", "FILE", "With --detach: appends what the container prints to FILE; it is lost without it.")
            .toggle("rm", "Removes the container when it has ended: the default in the foreground.")
            .toggle("keep", "Keeps the container when it has ended, until ckit delete.")
            .value("sig-proxy", "true|false", "Whether signals to ckit go to the container; true without a terminal.")
            .value("stop-after", "DURATION", "Stops the container when it has run for so long, such as 10s.");
    ContainerFlags.describe(flags);
    return Grammar.ofForeign(
        "run",
        ContainerFlags.OPERANDS,
        "Runs a command in a new container",
        """
        ckit exits with the command's own code, or with 128 + n if signal n ended it.

          ckit run alpine echo hi                   an image, pulled if it is not here
          ckit run --rootfs / -- ls -l /            the host's tree, read-only under a throw-away layer
          ckit run -ti --rootfs /srv/alpine -- sh   a shell with a terminal
          ckit run --bundle /srv/web web            a bundle, as runc runs it
        """,
        flags,
        0,
        RunCommand::of);
  }

  static RunCommand of(Arguments arguments) {
    boolean detach = arguments.has("detach");
    boolean keep = arguments.has("keep");
    if (keep && arguments.has("rm")) {
      throw arguments.mistake("--rm and --keep exclude each other");
    }
    if (detach && arguments.has("rm")) {
      throw arguments.mistake("--rm needs somebody who waits for the end; leave --detach out, or ckit delete later");
    }
    if (detach && arguments.has("stop-after")) {
      throw arguments.mistake("--stop-after needs somebody who waits for the end; leave --detach out");
    }
    if (detach && (arguments.has("tty") || arguments.has("interactive"))) {
      throw arguments.mistake("--detach leaves no terminal or input to connect: leave out -t and -i");
    }
    if (!detach && arguments.has("output")) {
      throw arguments.mistake("--output goes with --detach; in the foreground, redirect the output of ckit");
    }
    return new RunCommand(
        ContainerFlags.of(arguments, List.of("detach", "output", "rm", "keep", "sig-proxy", "stop-after")),
        detach,
        Values.path(arguments, "output"),
        keep,
        Values.choice(arguments, "sig-proxy", "true", "false").orElse("true").equals("true"),
        Values.someTime(arguments, "stop-after"));
  }

  @Override
  public int run(Session session) throws InterruptedException {
    ContainerMaking making = ContainerMaking.of(session, container);
    return detach ? inBackground(session, making) : inForeground(session, making);
  }

  private int inBackground(Session session, ContainerMaking making) {
    try (Container made = making.create(ContainerMaking.output(output))) {
      made.start();
      made.detach();
      session.out().println(made.id());
      return 0;
    }
  }

  private int inForeground(Session session, ContainerMaking making) throws InterruptedException {
    Foreground foreground = new Foreground(making.terminal(), making.interactive(), sigProxy, runFor);
    try (Container made = making.create(foreground.stdio())) {
      ExitStatus status = foreground.run(Attached.to(made), made::start);
      if (keep) {
        made.detach();
      }
      return session.exitCode(status);
    }
  }
}
