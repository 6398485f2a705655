package io.containerkit.spec;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A process of a container: what `create` starts as its init, or what `exec` adds (config.md, Process).
///
/// @param terminal whether the process gets a terminal of its own
/// @param consoleSize the terminal's first size, or null
/// @param user who runs it
/// @param args the executable and its arguments
/// @param commandLine the whole command line (Windows)
/// @param env the environment, each entry `NAME=value`
/// @param cwd the working directory: an absolute path in the container
/// @param capabilities the capability sets; null leaves them to the runtime, [Capabilities#NONE] takes all away
/// @param rlimits the resource limits
/// @param noNewPrivileges whether `execve` can never add privileges
/// @param apparmorProfile the AppArmor profile
/// @param oomScoreAdj the process's `oom_score_adj`, -1000 to 1000, or null to leave it
/// @param scheduler how the kernel schedules it, or null
/// @param selinuxLabel the SELinux label
/// @param ioPriority its I/O priority, or null
/// @param execCpuAffinity the CPUs of a process added by `exec`, or null
/// @param extra the members that the components do not say
public record ProcessSpec(
    boolean terminal,
    @Nullable ConsoleSize consoleSize,
    User user,
    List<String> args,
    String commandLine,
    List<String> env,
    String cwd,
    @Nullable Capabilities capabilities,
    List<Rlimit> rlimits,
    boolean noNewPrivileges,
    String apparmorProfile,
    @Nullable Integer oomScoreAdj,
    @Nullable Scheduler scheduler,
    String selinuxLabel,
    @Nullable IoPriority ioPriority,
    @Nullable CpuAffinity execCpuAffinity,
    JsonObject extra)
    implements SpecPart {

  /// Copies the collections.
  public ProcessSpec {
    args = List.copyOf(args);
    env = List.copyOf(env);
    rlimits = List.copyOf(rlimits);
  }

  /// A builder of a process with these arguments, run by root in `/`.
  public static Builder command(List<String> args) {
    return builder("/").args(args);
  }

  /// A builder of a process with these arguments, run by root in `/`.
  public static Builder command(String... args) {
    return command(List.of(args));
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static ProcessSpec of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static ProcessSpec read(ObjectReader in) {
    ObjectReader consoleSize = in.object("consoleSize");
    ObjectReader capabilities = in.object("capabilities");
    ObjectReader scheduler = in.object("scheduler");
    ObjectReader ioPriority = in.object("ioPriority");
    ObjectReader execCpuAffinity = in.object("execCPUAffinity");
    return new ProcessSpec(
        in.flag("terminal"),
        consoleSize == null ? null : ConsoleSize.read(consoleSize),
        User.read(in.objectOrEmpty("user")),
        in.strings("args"),
        in.string("commandLine"),
        in.strings("env"),
        in.requiredString("cwd"),
        capabilities == null ? null : Capabilities.read(capabilities),
        Rlimit.readAll(in.objects("rlimits")),
        in.flag("noNewPrivileges"),
        in.string("apparmorProfile"),
        in.int32("oomScoreAdj"),
        scheduler == null ? null : Scheduler.read(scheduler),
        in.string("selinuxLabel"),
        ioPriority == null ? null : IoPriority.read(ioPriority),
        execCpuAffinity == null ? null : CpuAffinity.read(execCpuAffinity),
        in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .flag("terminal", terminal)
        .object("consoleSize", consoleSize)
        .nonEmpty("user", user)
        .strings("args", args)
        .string("commandLine", commandLine)
        .strings("env", env)
        .required("cwd", cwd)
        .object("capabilities", capabilities)
        .objects("rlimits", rlimits)
        .flag("noNewPrivileges", noNewPrivileges)
        .string("apparmorProfile", apparmorProfile)
        .optional("oomScoreAdj", oomScoreAdj)
        .object("scheduler", scheduler)
        .string("selinuxLabel", selinuxLabel)
        .object("ioPriority", ioPriority)
        .object("execCPUAffinity", execCpuAffinity)
        .end(extra);
  }

  /// Writes the document to a file, which is replaced: what `exec --process` reads.
  ///
  /// @throws SpecException if the file cannot be written
  public void write(Path file) {
    Json.write(toJson(), file);
  }

  /// What a runtime would refuse or misread in this process, each with its place; empty if it is in order.
  public List<Problem> validate() {
    Problems problems = new Problems();
    ProcessValidator.validate(this, problems);
    return problems.found();
  }

  /// The document, without white space.
  @Override
  public String toString() {
    return toJson().toString();
  }

  /// A builder with what must be there.
  public static Builder builder(String cwd) {
    return new Builder(cwd);
  }

  /// A builder that starts from this part.
  public Builder toBuilder() {
    return new Builder(this);
  }

  /// Builds a [ProcessSpec]; each method replaces what was there. Not thread-safe.
  public static final class Builder {

    private boolean terminal;
    private @Nullable ConsoleSize consoleSize;
    private User user = User.ROOT;
    private List<String> args = List.of();
    private String commandLine = "";
    private List<String> env = List.of();
    private String cwd;
    private @Nullable Capabilities capabilities;
    private List<Rlimit> rlimits = List.of();
    private boolean noNewPrivileges;
    private String apparmorProfile = "";
    private @Nullable Integer oomScoreAdj;
    private @Nullable Scheduler scheduler;
    private String selinuxLabel = "";
    private @Nullable IoPriority ioPriority;
    private @Nullable CpuAffinity execCpuAffinity;
    private JsonObject extra = JsonObject.EMPTY;

    private Builder(String cwd) {
      this.cwd = cwd;
    }

    private Builder(ProcessSpec from) {
      terminal = from.terminal;
      consoleSize = from.consoleSize;
      user = from.user;
      args = from.args;
      commandLine = from.commandLine;
      env = from.env;
      cwd = from.cwd;
      capabilities = from.capabilities;
      rlimits = from.rlimits;
      noNewPrivileges = from.noNewPrivileges;
      apparmorProfile = from.apparmorProfile;
      oomScoreAdj = from.oomScoreAdj;
      scheduler = from.scheduler;
      selinuxLabel = from.selinuxLabel;
      ioPriority = from.ioPriority;
      execCpuAffinity = from.execCpuAffinity;
      extra = from.extra;
    }

    /// Sets whether the process gets a terminal of its own.
    public Builder terminal(boolean value) {
      terminal = value;
      return this;
    }

    /// Sets the terminal's first size, or null.
    public Builder consoleSize(@Nullable ConsoleSize value) {
      consoleSize = value;
      return this;
    }

    /// Sets who runs it.
    public Builder user(User value) {
      user = value;
      return this;
    }

    /// Sets the executable and its arguments.
    public Builder args(List<String> value) {
      args = value;
      return this;
    }

    /// Sets `args`.
    public Builder args(String... values) {
      args = List.of(values);
      return this;
    }

    /// Sets the whole command line (Windows).
    public Builder commandLine(String value) {
      commandLine = value;
      return this;
    }

    /// Sets the environment, each entry `NAME=value`.
    public Builder env(List<String> value) {
      env = value;
      return this;
    }

    /// Sets `env`.
    public Builder env(String... values) {
      env = List.of(values);
      return this;
    }

    /// Sets the working directory: an absolute path in the container.
    public Builder cwd(String value) {
      cwd = value;
      return this;
    }

    /// Sets the capability sets; null leaves them to the runtime, [Capabilities#NONE] takes all away.
    public Builder capabilities(@Nullable Capabilities value) {
      capabilities = value;
      return this;
    }

    /// Sets the resource limits.
    public Builder rlimits(List<Rlimit> value) {
      rlimits = value;
      return this;
    }

    /// Sets whether `execve` can never add privileges.
    public Builder noNewPrivileges(boolean value) {
      noNewPrivileges = value;
      return this;
    }

    /// Sets the AppArmor profile.
    public Builder apparmorProfile(String value) {
      apparmorProfile = value;
      return this;
    }

    /// Sets the process's `oom_score_adj`, -1000 to 1000, or null to leave it.
    public Builder oomScoreAdj(@Nullable Integer value) {
      oomScoreAdj = value;
      return this;
    }

    /// Sets how the kernel schedules it, or null.
    public Builder scheduler(@Nullable Scheduler value) {
      scheduler = value;
      return this;
    }

    /// Sets the SELinux label.
    public Builder selinuxLabel(String value) {
      selinuxLabel = value;
      return this;
    }

    /// Sets its I/O priority, or null.
    public Builder ioPriority(@Nullable IoPriority value) {
      ioPriority = value;
      return this;
    }

    /// Sets the CPUs of a process added by `exec`, or null.
    public Builder execCpuAffinity(@Nullable CpuAffinity value) {
      execCpuAffinity = value;
      return this;
    }

    /// Sets the members that the components do not say.
    public Builder extra(JsonObject value) {
      extra = value;
      return this;
    }

    /// The part.
    public ProcessSpec build() {
      return new ProcessSpec(
          terminal,
          consoleSize,
          user,
          args,
          commandLine,
          env,
          cwd,
          capabilities,
          rlimits,
          noNewPrivileges,
          apparmorProfile,
          oomScoreAdj,
          scheduler,
          selinuxLabel,
          ioPriority,
          execCpuAffinity,
          extra);
    }
  }
}
