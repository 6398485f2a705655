package io.containerkit.spec;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A filter of system calls (seccomp(2), config-linux.md).
///
/// @param defaultAction what happens to calls that no rule names, such as `SCMP_ACT_ERRNO`
/// @param defaultErrnoRet the error that the default action gives, or null for `EPERM`
/// @param architectures the architectures whose calls are filtered, such as `SCMP_ARCH_X86_64`
/// @param flags flags such as `SECCOMP_FILTER_FLAG_LOG`
/// @param listenerPath the socket of the agent that gets the descriptor of `SCMP_ACT_NOTIFY` rules
/// @param listenerMetadata a text that the agent gets with it
/// @param syscalls the rules
/// @param extra the members that the components do not say
public record Seccomp(
    String defaultAction,
    @Nullable Long defaultErrnoRet,
    List<String> architectures,
    List<String> flags,
    String listenerPath,
    String listenerMetadata,
    List<SeccompSyscall> syscalls,
    JsonObject extra)
    implements SpecPart {

  /// Copies the collections and refuses numbers out of range.
  public Seccomp {
    Components.uint32("defaultErrnoRet", defaultErrnoRet);
    architectures = List.copyOf(architectures);
    flags = List.copyOf(flags);
    syscalls = List.copyOf(syscalls);
  }

  /// Lets a call pass.
  public static final String ALLOW = "SCMP_ACT_ALLOW";
  /// Lets a call fail with an error.
  public static final String ERRNO = "SCMP_ACT_ERRNO";
  /// Asks the agent at [#listenerPath()].
  public static final String NOTIFY = "SCMP_ACT_NOTIFY";

  /// The filter that the common engines put around a container: what programs need, and what the capabilities open. All else
  /// fails with `EPERM`, as if the kernel forbade it.
  ///
  /// @param capabilities the bounding set of the container, by names such as `CAP_SYS_ADMIN`
  public static Seccomp defaults(Collection<String> capabilities) {
    return SeccompDefaults.filter(capabilities);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static Seccomp of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static Seccomp read(ObjectReader in) {
    return new Seccomp(
        in.requiredString("defaultAction"),
        in.uint32("defaultErrnoRet"),
        in.strings("architectures"),
        in.strings("flags"),
        in.string("listenerPath"),
        in.string("listenerMetadata"),
        SeccompSyscall.readAll(in.objects("syscalls")),
        in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .required("defaultAction", defaultAction)
        .optional("defaultErrnoRet", defaultErrnoRet)
        .strings("architectures", architectures)
        .strings("flags", flags)
        .string("listenerPath", listenerPath)
        .string("listenerMetadata", listenerMetadata)
        .objects("syscalls", syscalls)
        .end(extra);
  }

  /// A builder with what must be there.
  public static Builder builder(String defaultAction) {
    return new Builder(defaultAction);
  }

  /// A builder that starts from this part.
  public Builder toBuilder() {
    return new Builder(this);
  }

  /// Builds a [Seccomp]; each method replaces what was there. Not thread-safe.
  public static final class Builder {

    private String defaultAction;
    private @Nullable Long defaultErrnoRet;
    private List<String> architectures = List.of();
    private List<String> flags = List.of();
    private String listenerPath = "";
    private String listenerMetadata = "";
    private List<SeccompSyscall> syscalls = List.of();
    private JsonObject extra = JsonObject.EMPTY;

    private Builder(String defaultAction) {
      this.defaultAction = defaultAction;
    }

    private Builder(Seccomp from) {
      defaultAction = from.defaultAction;
      defaultErrnoRet = from.defaultErrnoRet;
      architectures = from.architectures;
      flags = from.flags;
      listenerPath = from.listenerPath;
      listenerMetadata = from.listenerMetadata;
      syscalls = from.syscalls;
      extra = from.extra;
    }

    /// Sets what happens to calls that no rule names, such as `SCMP_ACT_ERRNO`.
    public Builder defaultAction(String value) {
      defaultAction = value;
      return this;
    }

    /// Sets the error that the default action gives, or null for `EPERM`.
    public Builder defaultErrnoRet(@Nullable Long value) {
      defaultErrnoRet = value;
      return this;
    }

    /// Sets the architectures whose calls are filtered, such as `SCMP_ARCH_X86_64`.
    public Builder architectures(List<String> value) {
      architectures = value;
      return this;
    }

    /// Sets `architectures`.
    public Builder architectures(String... values) {
      architectures = List.of(values);
      return this;
    }

    /// Sets flags such as `SECCOMP_FILTER_FLAG_LOG`.
    public Builder flags(List<String> value) {
      flags = value;
      return this;
    }

    /// Sets `flags`.
    public Builder flags(String... values) {
      flags = List.of(values);
      return this;
    }

    /// Sets the socket of the agent that gets the descriptor of `SCMP_ACT_NOTIFY` rules.
    public Builder listenerPath(String value) {
      listenerPath = value;
      return this;
    }

    /// Sets a text that the agent gets with it.
    public Builder listenerMetadata(String value) {
      listenerMetadata = value;
      return this;
    }

    /// Sets the rules.
    public Builder syscalls(List<SeccompSyscall> value) {
      syscalls = value;
      return this;
    }

    /// Sets the members that the components do not say.
    public Builder extra(JsonObject value) {
      extra = value;
      return this;
    }

    /// The part.
    public Seccomp build() {
      return new Seccomp(
          defaultAction,
          defaultErrnoRet,
          architectures,
          flags,
          listenerPath,
          listenerMetadata,
          syscalls,
          extra);
    }
  }
}
