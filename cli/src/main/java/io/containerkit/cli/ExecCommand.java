package io.containerkit.cli;

import io.containerkit.engine.Container;
import io.containerkit.engine.Execution;
import io.containerkit.runtime.ExecOptions;
import io.containerkit.runtime.Stdio;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ProcessSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// `ckit exec`: runs a further command in a running container.
///
/// @param command the command line; empty where `processFile` has it
/// @param processFile a JSON file with the whole process, as in `config.json`
/// @param cgroup the cgroup below the container's to run in
/// @param runFor how long it may run before it is killed
record ExecCommand(
    String id,
    List<String> command,
    ProcessFlags process,
    Optional<Path> processFile,
    boolean detach,
    Optional<Path> pidFile,
    int preserveFds,
    Optional<String> cgroup,
    boolean ignorePaused,
    Optional<Duration> runFor)
    implements Command {

  static Grammar grammar() {
    Flags flags =
        new Flags()
            .section("Exec")
            .toggle("d", "detach", "Returns at once, while the command runs on.")
            .value("p", "process", "FILE", "Takes the whole process from a JSON file, as in config.json.")
            .value("pid-file", "FILE", "Where to write the command's process id.")
            .value("preserve-fds", "NUMBER", "Passes that many descriptors, from 3 on.")
            .value("cgroup", "PATH", "Runs in this cgroup, below the container's.")
            .toggle("ignore-paused", "Waits in a paused container instead of failing.")
            .value("timeout", "DURATION", "Kills the command when it has run for so long, such as 10s.");
    ProcessFlags.describe(flags);
    return Grammar.ofForeign(
        "exec",
        "CONTAINER [--] COMMAND [ARG…]",
        "Runs a command in a running container",
        """
        ckit exits with the command's own code, or with 128 + n if signal n ended it. What flags do not
        say is as for the container's first process.

          ckit exec web cat /etc/hostname
          ckit exec -ti web sh
        """,
        flags,
        1,
        ExecCommand::of);
  }

  static ExecCommand of(Arguments arguments) {
    List<String> words = arguments.operands();
    int start = words.size() > 1 && words.get(1).equals("--") ? 2 : 1;
    List<String> command = words.subList(start, words.size());
    Optional<Path> file = Values.path(arguments, "process");
    if (file.isEmpty() == command.isEmpty()) {
      throw arguments.mistake(
          file.isEmpty()
              ? "a command is missing, such as ckit exec " + words.getFirst() + " ls"
              : "--process and a command exclude each other: the file has the command");
    }
    boolean detach = arguments.has("detach");
    if (detach && (arguments.has("tty") || arguments.has("interactive"))) {
      throw arguments.mistake("--detach leaves no terminal or input to connect: leave out -t and -i");
    }
    if (detach && arguments.has("timeout")) {
      throw arguments.mistake("--timeout needs somebody who waits for the end; leave --detach out");
    }
    return new ExecCommand(
        words.getFirst(),
        command,
        ProcessFlags.of(arguments),
        file,
        detach,
        Values.path(arguments, "pid-file"),
        Values.number(arguments, "preserve-fds", 0, 1000).orElse(0L).intValue(),
        Values.cgroup(arguments, "cgroup"),
        arguments.has("ignore-paused"),
        Values.someTime(arguments, "timeout"));
  }

  @Override
  public int run(Session session) throws InterruptedException {
    pidFile.ifPresent(file -> HostFacts.checkDirectoryOf("--pid-file", file));
    try (Container container = session.container(id)) {
      ProcessSpec process = process(container);
      Foreground foreground = new Foreground(process.terminal(), isInteractive(), true, Optional.empty());
      Stdio stdio = detach ? Stdio.none() : foreground.stdio();
      ExecOptions.Builder options =
          ExecOptions.builder().stdio(stdio).detach(detach).ignorePaused(ignorePaused).descriptors(Descriptors.preserved(preserveFds));
      cgroup.ifPresent(options::cgroup);
      runFor.ifPresent(options::timeout);
      if (detach) {
        // Not closed, for that would end it.
        begin(container, process, options, session);
        return 0;
      }
      try (Execution execution = begin(container, process, options, session)) {
        return session.exitCode(foreground.run(Attached.to(execution), () -> {}));
      }
    }
  }

  private Execution begin(Container container, ProcessSpec process, ExecOptions.Builder options, Session session) {
    Execution execution = container.exec(process, options.build());
    try {
      session.tell(execution.adjustments());
      if (pidFile.isPresent()) {
        HostFacts.writePid(pidFile.get(), execution.pid());
      }
      return execution;
    } catch (Throwable failure) {
      execution.close();
      throw failure;
    }
  }

  /// Whether the command reads what ckit is given. As with runc, one from a file always does.
  private boolean isInteractive() {
    return process.interactive() || processFile.isPresent();
  }

  private ProcessSpec process(Container container) {
    if (processFile.isPresent()) {
      return JsonFile.read(processFile.get(), ProcessSpec::of);
    }
    ProcessSpec first = container.spec().process();
    if (first == null) {
      throw new EngineException(
          ErrorKind.INVALID_CONFIG, id, "exec \"" + id + "\": its config.json has no process; give one by --process", null);
    }
    FlaggedSpec.Host host = new FlaggedSpec.Host(System.getenv(), HostFacts.capabilities(process), List.of());
    ProcessSpec.Builder to =
        FlaggedSpec.process(first, process, HostFacts.environmentFiles(process.envFiles()), host).args(command);
    process.user().ifPresent(user -> to.user(container.user(user)));
    return to.build();
  }
}
