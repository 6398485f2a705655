package io.containerkit.spec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The limits of a container's cgroup, in a configuration or for `update` (config-linux.md, Control groups).
///
/// @param devices which devices may be used, each rule overriding those before it
/// @param memory the limits on memory, or null
/// @param cpu the limits on CPU time, or null
/// @param pids the limit on the number of tasks, or null
/// @param blockIo the limits on block devices, or null
/// @param hugepageLimits the limits on huge pages, one per size
/// @param network the class and priorities of network packets (cgroup v1), or null
/// @param rdma the limits on RDMA resources, by device
/// @param unified the contents of files of cgroup v2, by name, such as `memory.high`
/// @param extra the members that the components do not say
public record LinuxResources(
    List<LinuxDeviceCgroup> devices,
    @Nullable LinuxMemory memory,
    @Nullable LinuxCpu cpu,
    @Nullable LinuxPids pids,
    @Nullable LinuxBlockIo blockIo,
    List<LinuxHugepageLimit> hugepageLimits,
    @Nullable LinuxNetwork network,
    Map<String, LinuxRdma> rdma,
    Map<String, String> unified,
    JsonObject extra)
    implements SpecPart {

  /// Copies the collections.
  public LinuxResources {
    devices = List.copyOf(devices);
    hugepageLimits = List.copyOf(hugepageLimits);
    rdma = Components.copy(rdma);
    unified = Components.copy(unified);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static LinuxResources of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static LinuxResources read(ObjectReader in) {
    ObjectReader memory = in.object("memory");
    ObjectReader cpu = in.object("cpu");
    ObjectReader pids = in.object("pids");
    ObjectReader blockIo = in.object("blockIO");
    ObjectReader network = in.object("network");
    return new LinuxResources(
        LinuxDeviceCgroup.readAll(in.objects("devices")),
        memory == null ? null : LinuxMemory.read(memory),
        cpu == null ? null : LinuxCpu.read(cpu),
        pids == null ? null : LinuxPids.read(pids),
        blockIo == null ? null : LinuxBlockIo.read(blockIo),
        LinuxHugepageLimit.readAll(in.objects("hugepageLimits")),
        network == null ? null : LinuxNetwork.read(network),
        LinuxRdma.readAll(in.objectMap("rdma")),
        in.stringMap("unified"),
        in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .objects("devices", devices)
        .object("memory", memory)
        .object("cpu", cpu)
        .object("pids", pids)
        .object("blockIO", blockIo)
        .objects("hugepageLimits", hugepageLimits)
        .object("network", network)
        .objectMap("rdma", rdma)
        .stringMap("unified", unified)
        .end(extra);
  }

  /// These limits with others laid over them: what `over` says wins, the rest stays. Lists are matched by what they limit (page
  /// size, device, interface); the device rules, where order has a meaning, are replaced as a whole.
  ///
  /// Runtimes reset what an update leaves out (runc: cpuset, burst, pids, unified), so an update must send the merged set.
  public LinuxResources merge(LinuxResources over) {
    return of(ResourceMerge.merge(toJson(), over.toJson()));
  }

  /// What a runtime would refuse or misread in these limits, each with its place; empty if they are in order.
  public List<Problem> validate() {
    Problems problems = new Problems();
    ResourcesValidator.validate(this, problems);
    return problems.found();
  }

  /// The document, without white space.
  @Override
  public String toString() {
    return toJson().toString();
  }

  /// A builder of a part that says nothing yet.
  public static Builder builder() {
    return new Builder();
  }

  /// A builder that starts from this part.
  public Builder toBuilder() {
    return new Builder(this);
  }

  /// Builds a [LinuxResources]; each method replaces what was there. Not thread-safe.
  public static final class Builder {

    private List<LinuxDeviceCgroup> devices = List.of();
    private @Nullable LinuxMemory memory;
    private @Nullable LinuxCpu cpu;
    private @Nullable LinuxPids pids;
    private @Nullable LinuxBlockIo blockIo;
    private List<LinuxHugepageLimit> hugepageLimits = List.of();
    private @Nullable LinuxNetwork network;
    private Map<String, LinuxRdma> rdma = Map.of();
    private Map<String, String> unified = Map.of();
    private JsonObject extra = JsonObject.EMPTY;

    private Builder() {}

    private Builder(LinuxResources from) {
      devices = from.devices;
      memory = from.memory;
      cpu = from.cpu;
      pids = from.pids;
      blockIo = from.blockIo;
      hugepageLimits = from.hugepageLimits;
      network = from.network;
      rdma = from.rdma;
      unified = from.unified;
      extra = from.extra;
    }

    /// Sets which devices may be used, each rule overriding those before it.
    public Builder devices(List<LinuxDeviceCgroup> value) {
      devices = value;
      return this;
    }

    /// Sets the limits on memory, or null.
    public Builder memory(@Nullable LinuxMemory value) {
      memory = value;
      return this;
    }

    /// Sets the limits on CPU time, or null.
    public Builder cpu(@Nullable LinuxCpu value) {
      cpu = value;
      return this;
    }

    /// Sets the limit on the number of tasks, or null.
    public Builder pids(@Nullable LinuxPids value) {
      pids = value;
      return this;
    }

    /// Sets the limits on block devices, or null.
    public Builder blockIo(@Nullable LinuxBlockIo value) {
      blockIo = value;
      return this;
    }

    /// Sets the limits on huge pages, one per size.
    public Builder hugepageLimits(List<LinuxHugepageLimit> value) {
      hugepageLimits = value;
      return this;
    }

    /// Sets the class and priorities of network packets (cgroup v1), or null.
    public Builder network(@Nullable LinuxNetwork value) {
      network = value;
      return this;
    }

    /// Sets the limits on RDMA resources, by device.
    public Builder rdma(Map<String, LinuxRdma> value) {
      rdma = value;
      return this;
    }

    /// Sets the contents of files of cgroup v2, by name, such as `memory.high`.
    public Builder unified(Map<String, String> value) {
      unified = value;
      return this;
    }

    /// Sets the members that the components do not say.
    public Builder extra(JsonObject value) {
      extra = value;
      return this;
    }

    /// The part.
    public LinuxResources build() {
      return new LinuxResources(devices, memory, cpu, pids, blockIo, hugepageLimits, network, rdma, unified, extra);
    }
  }
}
