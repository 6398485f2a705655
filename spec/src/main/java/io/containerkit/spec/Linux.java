package io.containerkit.spec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a configuration says that is particular to Linux (config-linux.md).
///
/// @param uidMappings the user ids of a new user namespace
/// @param gidMappings the group ids of a new user namespace
/// @param timeOffsets the offsets of a new time namespace, by clock: `monotonic`, `boottime`
/// @param sysctl kernel parameters by name, such as `net.ipv4.ip_forward`
/// @param resources the limits of the cgroup, or null
/// @param cgroupsPath the cgroup: absolute, or relative to where the runtime puts its own; `slice:prefix:name` under systemd
/// @param namespaces the namespaces that are made or joined; those not named are shared with the host
/// @param devices the device nodes made in the container, besides the ones that every container has
/// @param netDevices the network devices moved into the container, by their names on the host
/// @param seccomp the filter of system calls, or null
/// @param rootfsPropagation the mount propagation of the root: `private`, `slave`, `shared`, `unbindable`
/// @param maskedPaths paths in the container that cannot be read
/// @param readonlyPaths paths in the container that cannot be written
/// @param mountLabel the SELinux context of the mounts
/// @param intelRdt the limits on cache and memory bandwidth, or null
/// @param memoryPolicy the NUMA memory policy, or null
/// @param personality the kernel's personality, or null
/// @param extra the members that the components do not say
public record Linux(
    List<IdMapping> uidMappings,
    List<IdMapping> gidMappings,
    Map<String, TimeOffset> timeOffsets,
    Map<String, String> sysctl,
    @Nullable LinuxResources resources,
    String cgroupsPath,
    List<LinuxNamespace> namespaces,
    List<LinuxDevice> devices,
    Map<String, LinuxNetDevice> netDevices,
    @Nullable Seccomp seccomp,
    String rootfsPropagation,
    List<String> maskedPaths,
    List<String> readonlyPaths,
    String mountLabel,
    @Nullable IntelRdt intelRdt,
    @Nullable MemoryPolicy memoryPolicy,
    @Nullable Personality personality,
    JsonObject extra)
    implements SpecPart {

  /// Copies the collections.
  public Linux {
    uidMappings = List.copyOf(uidMappings);
    gidMappings = List.copyOf(gidMappings);
    timeOffsets = Components.copy(timeOffsets);
    sysctl = Components.copy(sysctl);
    namespaces = List.copyOf(namespaces);
    devices = List.copyOf(devices);
    netDevices = Components.copy(netDevices);
    maskedPaths = List.copyOf(maskedPaths);
    readonlyPaths = List.copyOf(readonlyPaths);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static Linux of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static Linux read(ObjectReader in) {
    ObjectReader resources = in.object("resources");
    ObjectReader seccomp = in.object("seccomp");
    ObjectReader intelRdt = in.object("intelRdt");
    ObjectReader memoryPolicy = in.object("memoryPolicy");
    ObjectReader personality = in.object("personality");
    return new Linux(
        IdMapping.readAll(in.objects("uidMappings")),
        IdMapping.readAll(in.objects("gidMappings")),
        TimeOffset.readAll(in.objectMap("timeOffsets")),
        in.stringMap("sysctl"),
        resources == null ? null : LinuxResources.read(resources),
        in.string("cgroupsPath"),
        LinuxNamespace.readAll(in.objects("namespaces")),
        LinuxDevice.readAll(in.objects("devices")),
        LinuxNetDevice.readAll(in.objectMap("netDevices")),
        seccomp == null ? null : Seccomp.read(seccomp),
        in.string("rootfsPropagation"),
        in.strings("maskedPaths"),
        in.strings("readonlyPaths"),
        in.string("mountLabel"),
        intelRdt == null ? null : IntelRdt.read(intelRdt),
        memoryPolicy == null ? null : MemoryPolicy.read(memoryPolicy),
        personality == null ? null : Personality.read(personality),
        in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .objects("uidMappings", uidMappings)
        .objects("gidMappings", gidMappings)
        .objectMap("timeOffsets", timeOffsets)
        .stringMap("sysctl", sysctl)
        .object("resources", resources)
        .string("cgroupsPath", cgroupsPath)
        .objects("namespaces", namespaces)
        .objects("devices", devices)
        .objectMap("netDevices", netDevices)
        .object("seccomp", seccomp)
        .string("rootfsPropagation", rootfsPropagation)
        .strings("maskedPaths", maskedPaths)
        .strings("readonlyPaths", readonlyPaths)
        .string("mountLabel", mountLabel)
        .object("intelRdt", intelRdt)
        .object("memoryPolicy", memoryPolicy)
        .object("personality", personality)
        .end(extra);
  }

  /// The namespace entry of this type, or null if the container shares the host's.
  ///
  /// @param type such as [LinuxNamespace#NETWORK]
  public @Nullable LinuxNamespace namespace(String type) {
    for (LinuxNamespace namespace : namespaces) {
      if (namespace.type().equals(type)) {
        return namespace;
      }
    }
    return null;
  }

  /// A builder of a part that says nothing yet.
  public static Builder builder() {
    return new Builder();
  }

  /// A builder that starts from this part.
  public Builder toBuilder() {
    return new Builder(this);
  }

  /// Builds a [Linux]; each method replaces what was there. Not thread-safe.
  public static final class Builder {

    private List<IdMapping> uidMappings = List.of();
    private List<IdMapping> gidMappings = List.of();
    private Map<String, TimeOffset> timeOffsets = Map.of();
    private Map<String, String> sysctl = Map.of();
    private @Nullable LinuxResources resources;
    private String cgroupsPath = "";
    private List<LinuxNamespace> namespaces = List.of();
    private List<LinuxDevice> devices = List.of();
    private Map<String, LinuxNetDevice> netDevices = Map.of();
    private @Nullable Seccomp seccomp;
    private String rootfsPropagation = "";
    private List<String> maskedPaths = List.of();
    private List<String> readonlyPaths = List.of();
    private String mountLabel = "";
    private @Nullable IntelRdt intelRdt;
    private @Nullable MemoryPolicy memoryPolicy;
    private @Nullable Personality personality;
    private JsonObject extra = JsonObject.EMPTY;

    private Builder() {}

    private Builder(Linux from) {
      uidMappings = from.uidMappings;
      gidMappings = from.gidMappings;
      timeOffsets = from.timeOffsets;
      sysctl = from.sysctl;
      resources = from.resources;
      cgroupsPath = from.cgroupsPath;
      namespaces = from.namespaces;
      devices = from.devices;
      netDevices = from.netDevices;
      seccomp = from.seccomp;
      rootfsPropagation = from.rootfsPropagation;
      maskedPaths = from.maskedPaths;
      readonlyPaths = from.readonlyPaths;
      mountLabel = from.mountLabel;
      intelRdt = from.intelRdt;
      memoryPolicy = from.memoryPolicy;
      personality = from.personality;
      extra = from.extra;
    }

    /// Sets the user ids of a new user namespace.
    public Builder uidMappings(List<IdMapping> value) {
      uidMappings = value;
      return this;
    }

    /// Sets the group ids of a new user namespace.
    public Builder gidMappings(List<IdMapping> value) {
      gidMappings = value;
      return this;
    }

    /// Sets the offsets of a new time namespace, by clock: `monotonic`, `boottime`.
    public Builder timeOffsets(Map<String, TimeOffset> value) {
      timeOffsets = value;
      return this;
    }

    /// Sets kernel parameters by name, such as `net.ipv4.ip_forward`.
    public Builder sysctl(Map<String, String> value) {
      sysctl = value;
      return this;
    }

    /// Sets the limits of the cgroup, or null.
    public Builder resources(@Nullable LinuxResources value) {
      resources = value;
      return this;
    }

    /// Sets the cgroup: absolute, or relative to where the runtime puts its own; `slice:prefix:name` under systemd.
    public Builder cgroupsPath(String value) {
      cgroupsPath = value;
      return this;
    }

    /// Sets the namespaces that are made or joined; those not named are shared with the host.
    public Builder namespaces(List<LinuxNamespace> value) {
      namespaces = value;
      return this;
    }

    /// Sets the device nodes made in the container, besides the ones that every container has.
    public Builder devices(List<LinuxDevice> value) {
      devices = value;
      return this;
    }

    /// Sets the network devices moved into the container, by their names on the host.
    public Builder netDevices(Map<String, LinuxNetDevice> value) {
      netDevices = value;
      return this;
    }

    /// Sets the filter of system calls, or null.
    public Builder seccomp(@Nullable Seccomp value) {
      seccomp = value;
      return this;
    }

    /// Sets the mount propagation of the root: `private`, `slave`, `shared`, `unbindable`.
    public Builder rootfsPropagation(String value) {
      rootfsPropagation = value;
      return this;
    }

    /// Sets paths in the container that cannot be read.
    public Builder maskedPaths(List<String> value) {
      maskedPaths = value;
      return this;
    }

    /// Sets `maskedPaths`.
    public Builder maskedPaths(String... values) {
      maskedPaths = List.of(values);
      return this;
    }

    /// Sets paths in the container that cannot be written.
    public Builder readonlyPaths(List<String> value) {
      readonlyPaths = value;
      return this;
    }

    /// Sets `readonlyPaths`.
    public Builder readonlyPaths(String... values) {
      readonlyPaths = List.of(values);
      return this;
    }

    /// Sets the SELinux context of the mounts.
    public Builder mountLabel(String value) {
      mountLabel = value;
      return this;
    }

    /// Sets the limits on cache and memory bandwidth, or null.
    public Builder intelRdt(@Nullable IntelRdt value) {
      intelRdt = value;
      return this;
    }

    /// Sets the NUMA memory policy, or null.
    public Builder memoryPolicy(@Nullable MemoryPolicy value) {
      memoryPolicy = value;
      return this;
    }

    /// Sets the kernel's personality, or null.
    public Builder personality(@Nullable Personality value) {
      personality = value;
      return this;
    }

    /// Sets the members that the components do not say.
    public Builder extra(JsonObject value) {
      extra = value;
      return this;
    }

    /// The part.
    public Linux build() {
      return new Linux(
          uidMappings,
          gidMappings,
          timeOffsets,
          sysctl,
          resources,
          cgroupsPath,
          namespaces,
          devices,
          netDevices,
          seccomp,
          rootfsPropagation,
          maskedPaths,
          readonlyPaths,
          mountLabel,
          intelRdt,
          memoryPolicy,
          personality,
          extra);
    }
  }
}
