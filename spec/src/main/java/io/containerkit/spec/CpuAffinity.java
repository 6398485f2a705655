package io.containerkit.spec;

/// The CPUs that a process added by `exec` runs on, as lists such as `0-3,7`.
///
/// @param initial where the runtime's own process starts, before it enters the container's cgroup
/// @param finalCpus where the process ends up
/// @param extra the members that the components do not say
public record CpuAffinity(String initial, String finalCpus, JsonObject extra) implements SpecPart {

  /// An affinity; an empty list leaves it to the runtime.
  public static CpuAffinity of(String initial, String finalCpus) {
    return new CpuAffinity(initial, finalCpus, JsonObject.EMPTY);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static CpuAffinity of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static CpuAffinity read(ObjectReader in) {
    return new CpuAffinity(in.string("initial"), in.string("final"), in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter().string("initial", initial).string("final", finalCpus).end(extra);
  }
}
