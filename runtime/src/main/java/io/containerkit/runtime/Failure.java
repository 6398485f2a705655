package io.containerkit.runtime;

import io.containerkit.linux.ExitStatus;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.LogEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes one [CommandException] of all that a failed command left: its exit status, its log, its standard error.
///
/// The kind comes from a table of the texts that runtimes write. It never rests on "no such file or directory" alone, which every
/// runtime says of a missing container, executable and mount source alike.
final class Failure {

  /// @param pattern found anywhere in a message
  /// @param hint what to do, or what the message means where it is obscure; empty where it speaks for itself
  private record Rule(Pattern pattern, ErrorKind kind, String hint) {
    Rule(String pattern, ErrorKind kind) {
      this(pattern, kind, "");
    }

    Rule(String pattern, ErrorKind kind, String hint) {
      this(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE), kind, hint);
    }
  }

  private static final String PRIVILEGED =
      "this host does not allow it to this user (no CAP_SYS_RESOURCE): ask for no more than the hard limits of this process, and"
          + " for no oom_score_adj below its own";

  private static final String NO_PROGRAM =
      "the container has no such program at that path, or in the PATH that its process is given";

  private static final String NOT_A_PROGRAM = "it must be a program for this machine that the container's user may execute";

  private static final String NO_CRIU =
      "install criu, and have `criu check` say that it works on this kernel; a container in runsc needs none";

  private static final String NO_SUCH_PROCESSORS =
      "the host, or the cgroup above, has not all of these processors or memory nodes; `lscpu` lists them";

  private static final String NO_SUCH_LIMIT = "the control groups of this kernel have no such limit";

  private static final String TOO_LITTLE_MEMORY =
      "the memory limit may be less than what the runtime itself needs to start: raise it";

  /// The first rule that matches decides: more telling texts come first. Texts as runc 1.0 to 1.3, crun 1.8 to 1.18, gVisor 2022 to
  /// 2024 and youki write them.
  private static final List<Rule> RULES =
      List.of(
          // the container
          new Rule("container does not exist|loading (container|sandbox)( \"[^\"]*\")?: file does not exist", ErrorKind.NOT_FOUND),
          new Rule("/status`: no such file|cannot open directory '.*': no such file", ErrorKind.NOT_FOUND),
          new Rule("container [`\"']?[\\w+.-]+[`\"']? does not exist", ErrorKind.NOT_FOUND),
          new Rule("already exists|container with id exists|id already in use", ErrorKind.ALREADY_EXISTS),
          new Rule("invalid (container )?id|container id .*(invalid|empty)|cannot create state directory", ErrorKind.INVALID_ID),
          // its state
          new Rule("is paused|in a paused container|in state paused|not stopped: paused", ErrorKind.PAUSED),
          new Rule("cannot (start|resume|restore) .*in state running|already running|container not paused", ErrorKind.RUNNING),
          new Rule("not stopped|is not in `created` or `stopped` state|is (still )?running", ErrorKind.RUNNING),
          new Rule("exec\\.fifo`?: no such file", ErrorKind.RUNNING, "it was started before"),
          new Rule("not running|has stopped|in a stopped container|in state (created|stopped|creating)", ErrorKind.NOT_RUNNING),
          new Rule("setns\\(pid=\\d+.*no such process|control server .*connection refused", ErrorKind.NOT_RUNNING),
          // its processes
          new Rule("already finished", ErrorKind.ALREADY_FINISHED),
          new Rule("no such process", ErrorKind.NO_SUCH_PROCESS),
          new Rule("unknown signal|invalid signal|(signal|kill)\\b.*invalid argument", ErrorKind.INVALID_ARGUMENT),
          // what checkpoints it
          new Rule("criu version check failed|criu.*(executable file not found|not found in)|error loading criu", ErrorKind.UNSUPPORTED, NO_CRIU),
          // its executable
          new Rule("executable file .*not found|error finding executable", ErrorKind.EXECUTABLE_NOT_FOUND, NO_PROGRAM),
          new Rule("exec:? \"?[^\" ]*\"?: (stat .*)?no such file", ErrorKind.EXECUTABLE_NOT_FOUND, NO_PROGRAM),
          new Rule("failed to load .*: no such file", ErrorKind.EXECUTABLE_NOT_FOUND, NO_PROGRAM),
          new Rule("exec:? \"?[^\" ]*\"?: .*(permission denied|is a directory)", ErrorKind.PERMISSION_DENIED, NOT_A_PROGRAM),
          new Rule("failed to load .*: (permission denied|is a directory)", ErrorKind.PERMISSION_DENIED, NOT_A_PROGRAM),
          new Rule("open executable: (permission denied|operation not permitted)|exec format error", ErrorKind.PERMISSION_DENIED,
              NOT_A_PROGRAM),
          // what the host refuses
          new Rule("can't get final child's pid from pipe|(setrlimit|setting rlimit).*not permitted|oom_score_adj", ErrorKind.UNSUPPORTED, PRIVILEGED),
          new Rule("cgroups in hybrid mode not supported", ErrorKind.UNSUPPORTED,
              "run it in a mount namespace in which /sys/fs/cgroup/unified is not mounted"),
          new Rule("no space left|too many open files|cannot allocate memory|quota exceeded", ErrorKind.NO_SPACE),
          new Rule("memory\\.(max|limit_in_bytes).*(busy|invalid)|oom-killed|unable to set memory limit|memory limit could be too low", ErrorKind.BUSY,
              TOO_LITTLE_MEMORY),
          new Rule("cpuset.*(out of range|invalid argument|permission denied)", ErrorKind.INVALID_ARGUMENT, NO_SUCH_PROCESSORS),
          new Rule("(opening|open) (file )?`?[\\w./-]*(blkio|cpu|memory|pids|hugetlb|io)\\.[\\w.]+`?.*no such file", ErrorKind.UNSUPPORTED,
              NO_SUCH_LIMIT),
          new Rule("resource busy|text file busy|resource temporarily unavailable", ErrorKind.BUSY),
          // its configuration
          new Rule("config\\.json|rootfs|invalid (rlimit|character|mount|capability)|unknown (resource|capability)",
              ErrorKind.INVALID_CONFIG),
          new Rule("reading spec|unmarshal|parse error|setting up root fs|chdir|working directory|no process args",
              ErrorKind.INVALID_CONFIG),
          new Rule("(flag|option).*(not defined|unrecognized|unknown)|unrecognized option|unknown (command|flag)|no help topic",
              ErrorKind.UNSUPPORTED));

  /// runc names the command that failed, which every message here does anyway.
  private static final Pattern PREAMBLE = Pattern.compile("^(runc )?(create|start|run|restore|exec) failed: ");

  private Failure() {}

  /// Explains a command that failed by itself.
  ///
  /// @param what the command and its subject, such as `runc create "web"`
  static CommandException of(String what, List<String> argv, ExitStatus status, List<LogEntry> log, String stderr) {
    List<String> causes = causes(log, stderr);
    Rule rule = rule(causes);
    StringBuilder message = new StringBuilder(what).append(": ");
    message.append(causes.isEmpty() ? "it failed without a word" : String.join("; before that: ", causes));
    message.append(" (").append(described(status)).append(')');
    if (rule != null && !rule.hint().isEmpty()) {
      message.append(": ").append(rule.hint());
    }
    ErrorKind kind = rule == null ? ErrorKind.INTERNAL : rule.kind();
    return new CommandException(kind, message.toString(), argv, OptionalInt.of(status.shellCode()), stderr, log, null);
  }

  /// Explains a command that failed for a reason that no runtime said.
  ///
  /// @param status how the command itself ended, or null if it never ran or never ended
  static CommandException of(
      ErrorKind kind,
      String what,
      String why,
      List<String> argv,
      @Nullable ExitStatus status,
      List<LogEntry> log,
      String stderr,
      @Nullable Throwable cause) {
    OptionalInt exit = status == null ? OptionalInt.empty() : OptionalInt.of(status.shellCode());
    return new CommandException(kind, what + ": " + why, argv, exit, stderr, log, cause);
  }

  /// The texts that say what went wrong, the last first; of the log's errors, else of the end of standard error.
  private static List<String> causes(List<LogEntry> log, String stderr) {
    List<String> causes = new ArrayList<>();
    for (LogEntry entry : log) {
      if (explains(entry)) {
        causes.add(firstLine(entry.message()));
      }
    }
    if (causes.isEmpty()) {
      // The last line that is not a usage text: a panic's first line and argp's complaint both come first.
      stderr.lines().filter(line -> !line.isBlank()).findFirst().map(Failure::firstLine).ifPresent(causes::add);
    }
    Collections.reverse(causes);
    return causes.stream().distinct().limit(3).toList();
  }

  /// Whether an entry of a log says what went wrong.
  static boolean explains(LogEntry entry) {
    return !entry.message().isBlank() && (entry.level().equals("error") || entry.level().equals("fatal"));
  }

  /// The first rule for the last cause; where there is none, for those before it.
  private static @Nullable Rule rule(List<String> causes) {
    for (String cause : causes) {
      for (Rule rule : RULES) {
        if (rule.pattern().matcher(cause).find()) {
          return rule;
        }
      }
    }
    return null;
  }

  /// The line that counts: runsc quotes the whole config.json behind it.
  private static String firstLine(String text) {
    String line = PREAMBLE.matcher(text.strip().lines().findFirst().orElse("")).replaceFirst("");
    return line.length() > 500 ? line.substring(0, 500) + "…" : line;
  }

  private static String described(ExitStatus status) {
    return switch (status) {
      case ExitStatus.Exited(int code) -> "exit " + code;
      case ExitStatus.Signaled(var signal, _) -> "killed by " + signal.name();
      case ExitStatus.Unknown(String why) -> "exit status unknown: " + why;
    };
  }
}
