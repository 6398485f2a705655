package io.containerkit.spec;

import org.jspecify.annotations.Nullable;

/// The limits on memory, in bytes; -1 for none.
///
/// @param limit the limit on memory, or null
/// @param reservation the soft limit, or null
/// @param swap the limit on memory and swap together, or null
/// @param kernel deprecated: the limit on memory of the kernel, or null
/// @param kernelTcp deprecated: the limit on TCP buffers, or null
/// @param swappiness how eagerly pages are swapped, 0 to 100 (cgroup v1), or null
/// @param disableOomKiller whether a process over the limit waits instead of being killed (cgroup v1), or null
/// @param useHierarchy whether the memory of child cgroups counts (cgroup v1), or null
/// @param checkBeforeUpdate whether an update to less than the current use is refused, or null
/// @param extra the members that the components do not say
public record LinuxMemory(
    @Nullable Long limit,
    @Nullable Long reservation,
    @Nullable Long swap,
    @Nullable Long kernel,
    @Nullable Long kernelTcp,
    @Nullable Long swappiness,
    @Nullable Boolean disableOomKiller,
    @Nullable Boolean useHierarchy,
    @Nullable Boolean checkBeforeUpdate,
    JsonObject extra)
    implements SpecPart {

  /// A limit on memory alone.
  public static LinuxMemory limited(long bytes) {
    return builder().limit(bytes).build();
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static LinuxMemory of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static LinuxMemory read(ObjectReader in) {
    return new LinuxMemory(
        in.int64("limit"),
        in.int64("reservation"),
        in.int64("swap"),
        in.int64("kernel"),
        in.int64("kernelTCP"),
        in.uint64("swappiness"),
        in.optionalFlag("disableOOMKiller"),
        in.optionalFlag("useHierarchy"),
        in.optionalFlag("checkBeforeUpdate"),
        in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .optional("limit", limit)
        .optional("reservation", reservation)
        .optional("swap", swap)
        .optional("kernel", kernel)
        .optional("kernelTCP", kernelTcp)
        .unsigned("swappiness", swappiness)
        .optional("disableOOMKiller", disableOomKiller)
        .optional("useHierarchy", useHierarchy)
        .optional("checkBeforeUpdate", checkBeforeUpdate)
        .end(extra);
  }

  /// A builder of a part that says nothing yet.
  public static Builder builder() {
    return new Builder();
  }

  /// A builder that starts from this part.
  public Builder toBuilder() {
    return new Builder(this);
  }

  /// Builds a [LinuxMemory]; each method replaces what was there. Not thread-safe.
  public static final class Builder {

    private @Nullable Long limit;
    private @Nullable Long reservation;
    private @Nullable Long swap;
    private @Nullable Long kernel;
    private @Nullable Long kernelTcp;
    private @Nullable Long swappiness;
    private @Nullable Boolean disableOomKiller;
    private @Nullable Boolean useHierarchy;
    private @Nullable Boolean checkBeforeUpdate;
    private JsonObject extra = JsonObject.EMPTY;

    private Builder() {}

    private Builder(LinuxMemory from) {
      limit = from.limit;
      reservation = from.reservation;
      swap = from.swap;
      kernel = from.kernel;
      kernelTcp = from.kernelTcp;
      swappiness = from.swappiness;
      disableOomKiller = from.disableOomKiller;
      useHierarchy = from.useHierarchy;
      checkBeforeUpdate = from.checkBeforeUpdate;
      extra = from.extra;
    }

    /// Sets the limit on memory, or null.
    public Builder limit(@Nullable Long value) {
      limit = value;
      return this;
    }

    /// Sets the soft limit, or null.
    public Builder reservation(@Nullable Long value) {
      reservation = value;
      return this;
    }

    /// Sets the limit on memory and swap together, or null.
    public Builder swap(@Nullable Long value) {
      swap = value;
      return this;
    }

    /// Sets deprecated: the limit on memory of the kernel, or null.
    public Builder kernel(@Nullable Long value) {
      kernel = value;
      return this;
    }

    /// Sets deprecated: the limit on TCP buffers, or null.
    public Builder kernelTcp(@Nullable Long value) {
      kernelTcp = value;
      return this;
    }

    /// Sets how eagerly pages are swapped, 0 to 100 (cgroup v1), or null.
    public Builder swappiness(@Nullable Long value) {
      swappiness = value;
      return this;
    }

    /// Sets whether a process over the limit waits instead of being killed (cgroup v1), or null.
    public Builder disableOomKiller(@Nullable Boolean value) {
      disableOomKiller = value;
      return this;
    }

    /// Sets whether the memory of child cgroups counts (cgroup v1), or null.
    public Builder useHierarchy(@Nullable Boolean value) {
      useHierarchy = value;
      return this;
    }

    /// Sets whether an update to less than the current use is refused, or null.
    public Builder checkBeforeUpdate(@Nullable Boolean value) {
      checkBeforeUpdate = value;
      return this;
    }

    /// Sets the members that the components do not say.
    public Builder extra(JsonObject value) {
      extra = value;
      return this;
    }

    /// The part.
    public LinuxMemory build() {
      return new LinuxMemory(
          limit,
          reservation,
          swap,
          kernel,
          kernelTcp,
          swappiness,
          disableOomKiller,
          useHierarchy,
          checkBeforeUpdate,
          extra);
    }
  }
}
