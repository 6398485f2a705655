package io.containerkit.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a runtime can do on Linux (features-linux.md). What is null or empty is unknown, not missing.
///
/// @param namespaces the namespaces that the runtime makes, such as `mount`
/// @param capabilities the capabilities that it knows, such as `CAP_SYS_ADMIN`
/// @param cgroup how it uses cgroups, or null
/// @param seccomp how it filters system calls, or null
/// @param apparmor whether it knows AppArmor, or null
/// @param selinux whether it knows SELinux, or null
/// @param intelRdt whether it knows Intel RDT, or null
/// @param memoryPolicy what it knows of NUMA memory policies, or null
/// @param mountExtensions what else it can mount, or null
/// @param netDevices whether it moves network devices, or null
/// @param extra the members that the components do not say
public record LinuxFeatures(
    List<String> namespaces,
    List<String> capabilities,
    @Nullable CgroupSupport cgroup,
    @Nullable SeccompSupport seccomp,
    @Nullable Support apparmor,
    @Nullable Support selinux,
    @Nullable IntelRdtSupport intelRdt,
    @Nullable MemoryPolicySupport memoryPolicy,
    @Nullable MountExtensions mountExtensions,
    @Nullable Support netDevices,
    JsonObject extra)
    implements SpecPart {

  /// Copies the collections.
  public LinuxFeatures {
    namespaces = List.copyOf(namespaces);
    capabilities = List.copyOf(capabilities);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static LinuxFeatures of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static LinuxFeatures read(ObjectReader in) {
    ObjectReader cgroup = in.object("cgroup");
    ObjectReader seccomp = in.object("seccomp");
    ObjectReader apparmor = in.object("apparmor");
    ObjectReader selinux = in.object("selinux");
    ObjectReader intelRdt = in.object("intelRdt");
    ObjectReader memoryPolicy = in.object("memoryPolicy");
    ObjectReader mountExtensions = in.object("mountExtensions");
    ObjectReader netDevices = in.object("netDevices");
    return new LinuxFeatures(
        in.strings("namespaces"),
        in.strings("capabilities"),
        cgroup == null ? null : CgroupSupport.read(cgroup),
        seccomp == null ? null : SeccompSupport.read(seccomp),
        apparmor == null ? null : Support.read(apparmor),
        selinux == null ? null : Support.read(selinux),
        intelRdt == null ? null : IntelRdtSupport.read(intelRdt),
        memoryPolicy == null ? null : MemoryPolicySupport.read(memoryPolicy),
        mountExtensions == null ? null : MountExtensions.read(mountExtensions),
        netDevices == null ? null : Support.read(netDevices),
        in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .strings("namespaces", namespaces)
        .strings("capabilities", capabilities)
        .object("cgroup", cgroup)
        .object("seccomp", seccomp)
        .object("apparmor", apparmor)
        .object("selinux", selinux)
        .object("intelRdt", intelRdt)
        .object("memoryPolicy", memoryPolicy)
        .object("mountExtensions", mountExtensions)
        .object("netDevices", netDevices)
        .end(extra);
  }

  /// Whether something is compiled in, whatever the host has.
  ///
  /// @param enabled whether it is, or null
  /// @param extra the members that the components do not say
  public record Support(@Nullable Boolean enabled, JsonObject extra) implements SpecPart {

    /// Reads the part.
    ///
    /// @throws SpecException if a member has another type than it must
    public static Support of(JsonObject document) {
      return read(ObjectReader.of(document));
    }

    static Support read(ObjectReader in) {
      return new Support(in.optionalFlag("enabled"), in.rest());
    }

    @Override
    public JsonObject toJson() {
      return new ObjectWriter().optional("enabled", enabled).end(extra);
    }
  }

  /// How a runtime uses cgroups, whatever the host has.
  ///
  /// @param v1 whether cgroup v1 is compiled in, or null
  /// @param v2 whether cgroup v2 is compiled in, or null
  /// @param systemd whether the systemd driver is compiled in, or null
  /// @param systemdUser whether the systemd driver for users is compiled in, or null
  /// @param rdma whether the RDMA controller is compiled in, or null
  /// @param extra the members that the components do not say
  public record CgroupSupport(
      @Nullable Boolean v1,
      @Nullable Boolean v2,
      @Nullable Boolean systemd,
      @Nullable Boolean systemdUser,
      @Nullable Boolean rdma,
      JsonObject extra)
      implements SpecPart {

    /// Reads the part.
    ///
    /// @throws SpecException if a member has another type than it must
    public static CgroupSupport of(JsonObject document) {
      return read(ObjectReader.of(document));
    }

    static CgroupSupport read(ObjectReader in) {
      return new CgroupSupport(
          in.optionalFlag("v1"),
          in.optionalFlag("v2"),
          in.optionalFlag("systemd"),
          in.optionalFlag("systemdUser"),
          in.optionalFlag("rdma"),
          in.rest());
    }

    @Override
    public JsonObject toJson() {
      return new ObjectWriter()
          .optional("v1", v1)
          .optional("v2", v2)
          .optional("systemd", systemd)
          .optional("systemdUser", systemdUser)
          .optional("rdma", rdma)
          .end(extra);
    }
  }

  /// How a runtime filters system calls.
  ///
  /// @param enabled whether it does, or null
  /// @param actions the actions that it knows, such as `SCMP_ACT_NOTIFY`
  /// @param operators the comparisons that it knows, such as `SCMP_CMP_NE`
  /// @param archs the architectures that it knows, such as `SCMP_ARCH_X86_64`
  /// @param knownFlags the flags that it knows, such as `SECCOMP_FILTER_FLAG_LOG`
  /// @param supportedFlags those of them that work with this kernel and library
  /// @param extra the members that the components do not say
  public record SeccompSupport(
      @Nullable Boolean enabled,
      List<String> actions,
      List<String> operators,
      List<String> archs,
      List<String> knownFlags,
      List<String> supportedFlags,
      JsonObject extra)
      implements SpecPart {

    /// Copies the collections.
    public SeccompSupport {
      actions = List.copyOf(actions);
      operators = List.copyOf(operators);
      archs = List.copyOf(archs);
      knownFlags = List.copyOf(knownFlags);
      supportedFlags = List.copyOf(supportedFlags);
    }

    /// Reads the part.
    ///
    /// @throws SpecException if a member has another type than it must
    public static SeccompSupport of(JsonObject document) {
      return read(ObjectReader.of(document));
    }

    static SeccompSupport read(ObjectReader in) {
      return new SeccompSupport(
          in.optionalFlag("enabled"),
          in.strings("actions"),
          in.strings("operators"),
          in.strings("archs"),
          in.strings("knownFlags"),
          in.strings("supportedFlags"),
          in.rest());
    }

    @Override
    public JsonObject toJson() {
      return new ObjectWriter()
          .optional("enabled", enabled)
          .strings("actions", actions)
          .strings("operators", operators)
          .strings("archs", archs)
          .strings("knownFlags", knownFlags)
          .strings("supportedFlags", supportedFlags)
          .end(extra);
    }
  }

  /// How a runtime uses Intel RDT, whatever the host has.
  ///
  /// @param enabled whether it is compiled in, or null
  /// @param schemata whether `schemata` is taken, or null
  /// @param monitoring whether `enableMonitoring` is taken, or null
  /// @param extra the members that the components do not say
  public record IntelRdtSupport(
      @Nullable Boolean enabled,
      @Nullable Boolean schemata,
      @Nullable Boolean monitoring,
      JsonObject extra)
      implements SpecPart {

    /// Reads the part.
    ///
    /// @throws SpecException if a member has another type than it must
    public static IntelRdtSupport of(JsonObject document) {
      return read(ObjectReader.of(document));
    }

    static IntelRdtSupport read(ObjectReader in) {
      return new IntelRdtSupport(
          in.optionalFlag("enabled"),
          in.optionalFlag("schemata"),
          in.optionalFlag("monitoring"),
          in.rest());
    }

    @Override
    public JsonObject toJson() {
      return new ObjectWriter()
          .optional("enabled", enabled)
          .optional("schemata", schemata)
          .optional("monitoring", monitoring)
          .end(extra);
    }
  }

  /// What a runtime knows of NUMA memory policies.
  ///
  /// @param modes the modes, such as `MPOL_INTERLEAVE`
  /// @param flags the flags, such as `MPOL_F_STATIC_NODES`
  /// @param extra the members that the components do not say
  public record MemoryPolicySupport(
      List<String> modes,
      List<String> flags,
      JsonObject extra)
      implements SpecPart {

    /// Copies the collections.
    public MemoryPolicySupport {
      modes = List.copyOf(modes);
      flags = List.copyOf(flags);
    }

    /// Reads the part.
    ///
    /// @throws SpecException if a member has another type than it must
    public static MemoryPolicySupport of(JsonObject document) {
      return read(ObjectReader.of(document));
    }

    static MemoryPolicySupport read(ObjectReader in) {
      return new MemoryPolicySupport(in.strings("modes"), in.strings("flags"), in.rest());
    }

    @Override
    public JsonObject toJson() {
      return new ObjectWriter().strings("modes", modes).strings("flags", flags).end(extra);
    }
  }

  /// What a runtime can mount beyond mount(8).
  ///
  /// @param idmap id-mapped mounts, or null
  /// @param extra the members that the components do not say
  public record MountExtensions(@Nullable Support idmap, JsonObject extra) implements SpecPart {

    /// Reads the part.
    ///
    /// @throws SpecException if a member has another type than it must
    public static MountExtensions of(JsonObject document) {
      return read(ObjectReader.of(document));
    }

    static MountExtensions read(ObjectReader in) {
      ObjectReader idmap = in.object("idmap");
      return new MountExtensions(idmap == null ? null : Support.read(idmap), in.rest());
    }

    @Override
    public JsonObject toJson() {
      return new ObjectWriter().object("idmap", idmap).end(extra);
    }
  }
}
