package io.containerkit.runtime;

import io.containerkit.linux.Child;
import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.MountNamespace;
import io.containerkit.linux.Signal;
import io.containerkit.linux.Spawn;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.KernelException;
import io.containerkit.spec.LogEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One run of the runtime's binary. Its log, its pid file and the documents that it reads have names of their own in the work
/// directory, which only its owner can enter, and are gone when the run is closed: nothing is ever shared between commands or left over.
final class Command implements AutoCloseable {

  /// How long a command may take to end after it was asked to.
  static final Duration GRACE = Duration.ofSeconds(2);

  /// Begins the names of this JVM's files. The time tells it from earlier ones, and ones in other pid namespaces, with the same pid.
  private static final String OWNER =
      ProcessHandle.current().pid() + "-" + Long.toString(System.nanoTime(), Character.MAX_RADIX) + "-";

  private static final AtomicLong NUMBERS = new AtomicLong();

  private final Settings settings;
  private final @Nullable Dialect dialect;
  private final String name;
  private final String what;
  private final String prefix = OWNER + NUMBERS.incrementAndGet();
  private final Set<Path> files = new HashSet<>();
  private List<String> argv = List.of();
  private @Nullable Child child;

  /// @param name the runtime's command, such as `create`
  /// @param subject what it is applied to, such as a container's id; empty if nothing
  Command(Settings settings, Dialect dialect, String name, String subject) {
    this(settings, name, settings.name() + " " + name + (subject.isEmpty() ? "" : " \"" + subject + "\""), dialect);
  }

  /// The binary with one option and no command, before its dialect is known.
  static Command bare(Settings settings, String option) {
    return new Command(settings, option, settings.name() + " " + option, null);
  }

  private Command(Settings settings, String name, String what, @Nullable Dialect dialect) {
    this.settings = settings;
    this.dialect = dialect;
    this.name = name;
    this.what = what;
  }

  /// The command and its subject, for messages.
  String what() {
    return what;
  }

  /// The path of a file of this command; short, because that of a console socket has room for 107 bytes.
  Path file(String file) {
    return owned(prefix + "." + file);
  }

  /// The path of the pid file.
  Path pidFile() {
    owned("." + prefix + ".pid"); // what runc and runsc write first, and rename; it stays if they are killed in between
    return file("pid");
  }

  private Path owned(String file) {
    Path path = settings.work().resolve(file);
    files.add(path);
    return path;
  }

  /// Starts the command.
  ///
  /// @param args the words behind the command's name
  /// @param stdio gives it its descriptors
  Child start(List<String> args, Consumer<Spawn> stdio) {
    List<String> words = new ArrayList<>();
    words.add(settings.binary());
    if (dialect != null) {
      words.addAll(settings.globalArgs(dialect, file("log")));
    }
    words.add(name);
    words.addAll(args);
    argv = List.copyOf(words);
    Spawn spawn = Spawn.of(words).environment(settings.environment()).loop(settings.loop());
    stdio.accept(spawn);
    MountNamespace mounts = settings.mounts();
    try {
      Child started = mounts == null ? spawn.start() : mounts.call(spawn::start);
      child = started;
      return started;
    } catch (KernelException e) {
      throw switch (e.errnoName()) {
        case "ENOENT", "EACCES", "ENOEXEC", "ENOTDIR", "ELOOP" ->
            failure(
                ErrorKind.RUNTIME_NOT_FOUND,
                "\"" + settings.binary() + "\" cannot be run: " + e.getMessage() + "; install it, or name another runtime",
                "",
                e);
        default -> e;
      };
    }
  }

  /// Waits for the command to end, and reads what it says meanwhile. After its end everything that it wrote has been read.
  ///
  /// @return empty if it runs still at the deadline
  Optional<ExitStatus> await(Child running, Deadline deadline, List<ProcessOutput> outputs) throws InterruptedException {
    CompletableFuture<ExitStatus> exit = settings.loop().onExitInLoop(running.pidFd());
    while (true) {
      boolean ended = exit.isDone();
      List<CompletableFuture<?>> events = new ArrayList<>();
      events.add(exit);
      for (ProcessOutput output : outputs) {
        output.drain();
        CompletableFuture<Void> more = ended ? null : output.more();
        if (more != null) {
          events.add(more);
        }
      }
      if (ended) {
        return Optional.of(exit.join());
      }
      try {
        CompletableFuture.anyOf(events.toArray(CompletableFuture[]::new)).get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException _) {
        return Optional.empty();
      } catch (ExecutionException e) {
        throw new IllegalStateException(what + ": it cannot be waited for", e.getCause());
      }
    }
  }

  /// Ends a command that may be killed: it is asked first.
  void end() {
    Child running = child;
    if (running == null) {
      return;
    }
    running.signal(Signal.TERM);
    if (Uninterrupted.await(running, GRACE).isEmpty()) {
      running.signal(Signal.KILL);
      Uninterrupted.await(running, GRACE);
    }
  }

  /// Explains why the command failed.
  CommandException failure(ExitStatus status, String stderr) {
    return Failure.of(what, argv, status, log(), stderr);
  }

  /// Explains why the command failed when the runtime did not.
  CommandException failure(ErrorKind kind, String why, String stderr, @Nullable Throwable cause) {
    return Failure.of(kind, what, why, argv, null, log(), stderr, cause);
  }

  /// What it logged so far.
  List<LogEntry> log() {
    if (argv.isEmpty()) {
      return List.of();
    }
    try {
      return RuntimeLog.read(file("log"));
    } catch (IOException e) {
      return List.of(new LogEntry("warning", "the log cannot be read: " + e, Optional.empty()));
    }
  }

  /// Removes the files; the log goes to where logs are kept. What the command did is done, so that this fails is only told.
  @Override
  public void close() {
    try {
      Path kept = settings.logs();
      if (kept != null && Files.exists(file("log"))) {
        Files.move(file("log"), kept.resolve(name + "-" + prefix + ".log"), StandardCopyOption.REPLACE_EXISTING);
      }
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // Not in a field: to find loggers takes a cold JVM longer than the command.
      System.getLogger("io.containerkit.runtime").log(System.Logger.Level.WARNING, what + ": its files " + settings.work().resolve(prefix) + ".* are left behind", e);
    }
  }
}
