package io.containerkit.runtime;

import java.util.List;
import java.util.Optional;

/// A process for `exec` told by options: what they do not say, it has from the container's own process. To say all of it, use a
/// [io.containerkit.spec.ProcessSpec].
///
/// @param args the program and its arguments
/// @param env further variables, `NAME=value`
/// @param cwd its working directory, in the container
/// @param user `UID[:GID]`
/// @param additionalGids further groups
/// @param capabilities to add, `CAP_…`
/// @param noNewPrivileges no program that it runs gains any
/// @param apparmorProfile its AppArmor profile
/// @param processLabel its SELinux label
public record ExecCommand(
    List<String> args,
    List<String> env,
    Optional<String> cwd,
    Optional<String> user,
    List<Long> additionalGids,
    List<String> capabilities,
    boolean noNewPrivileges,
    Optional<String> apparmorProfile,
    Optional<String> processLabel) {

  public ExecCommand {
    args = List.copyOf(args);
    env = List.copyOf(env);
    additionalGids = List.copyOf(additionalGids);
    capabilities = List.copyOf(capabilities);
    if (args.isEmpty()) {
      throw new IllegalArgumentException("an exec needs a program");
    }
  }

  /// A program, all else as the container's own process has it.
  public static ExecCommand of(String... args) {
    return builder(args).build();
  }

  /// Starts from a program.
  public static Builder builder(String... args) {
    return new Builder(List.of(args));
  }

  /// The options as the runtime of this dialect takes them; the program itself follows the container's id.
  ///
  /// @throws io.containerkit.spec.CommandException of kind `UNSUPPORTED` if it does not take one of them
  public List<String> options(Dialect dialect) {
    return options(dialect, false);
  }

  List<String> options(Dialect dialect, boolean terminal) {
    return new Args(dialect, "exec")
        .flag("tty", terminal)
        .each("env", env)
        .option("cwd", cwd)
        .option("user", user)
        .each("additional-gids", additionalGids)
        .each("cap", capabilities)
        .flag("no-new-privs", noNewPrivileges)
        .option("apparmor", apparmorProfile)
        .option("process-label", processLabel)
        .list();
  }

  /// Collects the options.
  public static final class Builder {
    private final List<String> args;
    private List<String> env = List.of();
    private Optional<String> cwd = Optional.empty();
    private Optional<String> user = Optional.empty();
    private List<Long> additionalGids = List.of();
    private List<String> capabilities = List.of();
    private boolean noNewPrivileges;
    private Optional<String> apparmorProfile = Optional.empty();
    private Optional<String> processLabel = Optional.empty();

    private Builder(List<String> args) {
      this.args = args;
    }

    /// Further variables, `NAME=value`.
    public Builder env(String... env) {
      this.env = List.of(env);
      return this;
    }

    /// The working directory, in the container.
    public Builder cwd(String cwd) {
      this.cwd = Optional.of(cwd);
      return this;
    }

    /// `UID[:GID]`.
    public Builder user(String user) {
      this.user = Optional.of(user);
      return this;
    }

    /// Further groups.
    public Builder additionalGids(List<Long> additionalGids) {
      this.additionalGids = additionalGids;
      return this;
    }

    /// Capabilities to add, `CAP_…`.
    public Builder capabilities(String... capabilities) {
      this.capabilities = List.of(capabilities);
      return this;
    }

    /// Whether no program that it runs gains privileges.
    public Builder noNewPrivileges(boolean noNewPrivileges) {
      this.noNewPrivileges = noNewPrivileges;
      return this;
    }

    /// The AppArmor profile.
    public Builder apparmorProfile(String apparmorProfile) {
      this.apparmorProfile = Optional.of(apparmorProfile);
      return this;
    }

    /// The SELinux label.
    public Builder processLabel(String processLabel) {
      this.processLabel = Optional.of(processLabel);
      return this;
    }

    /// The command.
    public ExecCommand build() {
      return new ExecCommand(
          args, env, cwd, user, additionalGids, capabilities, noNewPrivileges, apparmorProfile, processLabel);
    }
  }
}
