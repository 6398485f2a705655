package io.containerkit.runtime;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// What one runtime binary understands: its commands, the options of each, and the traits in which runtimes differ. Data that is
/// read off `--version`, so that no code asks for a runtime's name.
///
/// @param name the name that the binary gives itself, such as `runc`, wherever it is installed
/// @param version its version as it says it
/// @param globals the options before the command, without their dashes; `root`, `log`, `log-format` and `debug` every runtime has
/// @param commands the options of each command, without their dashes
/// @param traits how it deviates
public record Dialect(
    String name, String version, Set<String> globals, Map<String, Set<String>> commands, Set<Trait> traits) {

  /// A way in which a runtime deviates from runc.
  public enum Trait {
    /// `--log` names a driver: a path must be written `file:PATH`.
    LOG_DRIVERS,
    /// An id that nothing has stands for the only container whose id starts with it.
    ID_PREFIXES,
    /// `create` with an id in use removes the state of the container that has it and leaves its processes behind.
    CREATE_CLOBBERS,
    /// A `create` that fails, and says why, leaves behind the control groups that it had made by then.
    CREATE_LEAVES_CGROUPS,
    /// The control group of a container whose configuration names none is `/ID`, not `ID` below the runtime's own.
    ID_CGROUPS_AT_ROOT,
    /// A relative path of a control group counts from the root, not from the runtime's own.
    CGROUPS_COUNT_FROM_ROOT,
    /// Processes live in a sandbox with process numbers of its own: a signal must go through the runtime.
    SANDBOXED,
    /// A container whose init is a zombie counts as running until somebody reaps it.
    ZOMBIES_RUN,
  }

  /// The first line of `--version`: `runc version 1.1.5+ds1`, `crun version 1.8.1`, `runsc version release-20240109.0`,
  /// `youki version: 0.5.0`.
  private static final Pattern BANNER = Pattern.compile("(?m)^(\\w[\\w.-]*) version:? v?(\\S+)");

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  // runc from 1.2 on takes `criu` and pays no heed to it.
  private static final Set<String> RUNC_GLOBALS = Set.of("systemd-cgroup", "rootless", "criu");
  private static final Set<String> CRUN_GLOBALS = Set.of("systemd-cgroup", "rootless");
  private static final Set<String> RUNSC_GLOBALS = Set.of("systemd-cgroup", "rootless");
  private static final Set<String> YOUKI_GLOBALS = Set.of("systemd-cgroup");

  // One line per command. `option>=V` is there from version V on.
  private static final String RUNC =
      """
      create bundle pid-file console-socket no-pivot no-new-keyring preserve-fds pidfd-socket>=1.2
      run bundle pid-file console-socket detach keep>=1.1 no-subreaper no-pivot no-new-keyring preserve-fds pidfd-socket>=1.2
      start
      exec process pid-file console-socket detach cwd env tty user additional-gids process-label apparmor no-new-privs cap \
      preserve-fds cgroup>=1.1 ignore-paused>=1.1 pidfd-socket>=1.2
      kill all
      delete force
      state
      list format
      ps format
      pause
      resume
      update resources
      events stats interval
      checkpoint image-path work-path parent-path leave-running tcp-established tcp-skip-in-flight>=1.2 ext-unix-sk shell-job \
      lazy-pages status-fd page-server file-locks pre-dump manage-cgroups-mode empty-ns auto-dedup link-remap>=1.2
      restore bundle pid-file console-socket detach image-path work-path no-subreaper no-pivot tcp-established ext-unix-sk \
      shell-job file-locks manage-cgroups-mode empty-ns auto-dedup lazy-pages lsm-profile lsm-mount-context
      features>=1.1
      """;

  private static final String CRUN =
      """
      create bundle pid-file console-socket no-pivot no-new-keyring no-subreaper preserve-fds
      run bundle pid-file console-socket detach keep>=1.15 no-subreaper no-pivot no-new-keyring preserve-fds
      start
      exec process pid-file console-socket detach cwd env tty user process-label apparmor no-new-privs cap preserve-fds cgroup
      kill all
      delete force
      state
      list format
      ps format
      pause
      resume
      update resources
      features>=1.8.6
      """;

  /// What crun has when it is built with CRIU.
  private static final String CRUN_CRIU =
      """
      checkpoint image-path work-path parent-path leave-running tcp-established ext-unix-sk shell-job file-locks pre-dump \
      manage-cgroups-mode
      restore bundle pid-file console-socket detach image-path work-path tcp-established ext-unix-sk shell-job file-locks \
      manage-cgroups-mode lsm-profile>=1.18 lsm-mount-context>=1.18
      """;

  private static final String RUNSC =
      """
      create bundle pid-file console-socket
      run bundle pid-file console-socket detach pass-fd>=20230320
      start
      exec process pid-file internal-pid-file console-socket detach cwd env user additional-gids cap pass-fd>=20230320
      kill all pid
      delete force
      state
      list format
      ps format
      pause
      resume
      events stats interval
      checkpoint image-path work-path leave-running
      restore bundle pid-file console-socket detach image-path work-path no-subreaper
      """;

  private static final String YOUKI =
      """
      create bundle pid-file console-socket no-pivot no-new-keyring preserve-fds
      run bundle pid-file console-socket detach keep no-subreaper no-pivot no-new-keyring preserve-fds
      start
      exec process pid-file console-socket detach cwd env tty user additional-gids process-label apparmor no-new-privs cap \
      preserve-fds ignore-paused cgroup
      kill all
      delete force
      state
      list format
      ps format
      pause
      resume
      update resources
      events stats interval
      checkpoint image-path work-path leave-running tcp-established ext-unix-sk shell-job file-locks
      features
      """;

  public Dialect {
    Map<String, Set<String>> copy = new HashMap<>();
    commands.forEach((command, options) -> copy.put(command, Set.copyOf(options)));
    commands = Map.copyOf(copy);
    globals = Set.copyOf(globals);
    traits = Set.copyOf(traits);
  }

  /// Tells the dialect from what `--version` prints. A runtime that is not known is taken to understand what the oldest runc does.
  public static Dialect of(String versionText) {
    var banner = BANNER.matcher(versionText);
    String name = banner.find() ? banner.group(1) : "";
    String version = name.isEmpty() ? "" : banner.group(2);
    return switch (name) {
      case "runc" -> of(name, version, RUNC_GLOBALS, RUNC, Set.of());
      case "crun" ->
          of(
              name,
              version,
              CRUN_GLOBALS,
              versionText.contains("+CRIU") ? CRUN + CRUN_CRIU : CRUN,
              EnumSet.of(
                  Trait.LOG_DRIVERS,
                  Trait.CREATE_LEAVES_CGROUPS,
                  Trait.ID_CGROUPS_AT_ROOT,
                  Trait.CGROUPS_COUNT_FROM_ROOT,
                  Trait.ZOMBIES_RUN));
      case "runsc" ->
          of(
              name,
              version,
              RUNSC_GLOBALS,
              RUNSC,
              EnumSet.of(
                  Trait.ID_PREFIXES,
                  Trait.CREATE_CLOBBERS,
                  Trait.CREATE_LEAVES_CGROUPS,
                  Trait.ID_CGROUPS_AT_ROOT,
                  Trait.SANDBOXED));
      // On version 2; on version 1 its groups are below its own.
      case "youki" -> of(name, version, YOUKI_GLOBALS, YOUKI, Set.of(Trait.ID_CGROUPS_AT_ROOT, Trait.CGROUPS_COUNT_FROM_ROOT));
      default -> of(name.isEmpty() ? "unknown" : name, "", RUNC_GLOBALS, RUNC, Set.of());
    };
  }

  private static Dialect of(String name, String version, Set<String> globals, String table, Set<Trait> traits) {
    List<Integer> have = numbers(version);
    Map<String, Set<String>> commands = new HashMap<>();
    for (String line : table.lines().toList()) {
      List<String> words = List.of(line.strip().split(" +", -1));
      String command = since(words.getFirst(), have);
      if (!command.isEmpty()) {
        Set<String> options = new HashSet<>();
        for (String word : words.subList(1, words.size())) {
          options.add(since(word, have));
        }
        options.remove("");
        commands.put(command, options);
      }
    }
    return new Dialect(name, version, globals, commands, traits);
  }

  /// The name in `name>=version`, or nothing if the version at hand is older.
  private static String since(String word, List<Integer> have) {
    int gate = word.indexOf(">=");
    if (gate < 0) {
      return word;
    }
    return compare(have, numbers(word.substring(gate + 2))) >= 0 ? word.substring(0, gate) : "";
  }

  /// The numbers of a version. gVisor's releases are dates behind a changing prefix, so a date drops what stands before it.
  private static List<Integer> numbers(String version) {
    List<Integer> numbers = new ArrayList<>();
    for (String digits : NUMBER.matcher(version).results().map(MatchResult::group).toList()) {
      if (digits.length() == 8) {
        numbers.clear();
      }
      numbers.add(digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits));
    }
    return numbers;
  }

  private static int compare(List<Integer> a, List<Integer> b) {
    for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
      int order = Integer.compare(i < a.size() ? a.get(i) : 0, i < b.size() ? b.get(i) : 0);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /// Whether it has a command.
  public boolean has(String command) {
    return commands.containsKey(command);
  }

  /// Whether one of its commands takes an option.
  ///
  /// @param option its long name without dashes
  public boolean has(String command, String option) {
    return commands.getOrDefault(command, Set.of()).contains(option);
  }

  /// Whether it deviates in this way.
  public boolean is(Trait trait) {
    return traits.contains(trait);
  }

  /// Whether a file in the runtime's root directory belongs to a container: a directory named as the container for most runtimes,
  /// `ID_sandbox:SANDBOX.state` and `.lock` for one that puts containers into sandboxes.
  boolean isStateOf(String file, String id) {
    return is(Trait.SANDBOXED) ? file.startsWith(id + "_sandbox:") : file.equals(id);
  }

  @Override
  public String toString() {
    return version.isEmpty() ? name : name + " " + version;
  }
}
