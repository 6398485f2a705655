package io.containerkit.spec;

import org.jspecify.annotations.Nullable;

/// The limits on CPU time.
///
/// @param shares the weight against other cgroups, 1024 being normal (unsigned 64-bit), or null
/// @param quota the microseconds that may be used in each period; -1 for no limit, or null
/// @param burst the microseconds that may be saved for later periods (unsigned 64-bit), or null
/// @param period the microseconds of a period (unsigned 64-bit), or null
/// @param realtimeRuntime the microseconds of each real-time period for real-time tasks (cgroup v1), or null
/// @param realtimePeriod the microseconds of a real-time period (cgroup v1, unsigned 64-bit), or null
/// @param cpus the CPUs that may be used, such as `0-3,7`
/// @param mems the memory nodes that may be used, such as `0-1`
/// @param idle 1 for `SCHED_IDLE`, 0 for normal, or null
/// @param extra the members that the components do not say
public record LinuxCpu(
    @Nullable Long shares,
    @Nullable Long quota,
    @Nullable Long burst,
    @Nullable Long period,
    @Nullable Long realtimeRuntime,
    @Nullable Long realtimePeriod,
    String cpus,
    String mems,
    @Nullable Long idle,
    JsonObject extra)
    implements SpecPart {

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static LinuxCpu of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static LinuxCpu read(ObjectReader in) {
    return new LinuxCpu(
        in.uint64("shares"),
        in.int64("quota"),
        in.uint64("burst"),
        in.uint64("period"),
        in.int64("realtimeRuntime"),
        in.uint64("realtimePeriod"),
        in.string("cpus"),
        in.string("mems"),
        in.int64("idle"),
        in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .unsigned("shares", shares)
        .optional("quota", quota)
        .unsigned("burst", burst)
        .unsigned("period", period)
        .optional("realtimeRuntime", realtimeRuntime)
        .unsigned("realtimePeriod", realtimePeriod)
        .string("cpus", cpus)
        .string("mems", mems)
        .optional("idle", idle)
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

  /// Builds a [LinuxCpu]; each method replaces what was there. Not thread-safe.
  public static final class Builder {

    private @Nullable Long shares;
    private @Nullable Long quota;
    private @Nullable Long burst;
    private @Nullable Long period;
    private @Nullable Long realtimeRuntime;
    private @Nullable Long realtimePeriod;
    private String cpus = "";
    private String mems = "";
    private @Nullable Long idle;
    private JsonObject extra = JsonObject.EMPTY;

    private Builder() {}

    private Builder(LinuxCpu from) {
      shares = from.shares;
      quota = from.quota;
      burst = from.burst;
      period = from.period;
      realtimeRuntime = from.realtimeRuntime;
      realtimePeriod = from.realtimePeriod;
      cpus = from.cpus;
      mems = from.mems;
      idle = from.idle;
      extra = from.extra;
    }

    /// Sets the weight against other cgroups, 1024 being normal (unsigned 64-bit), or null.
    public Builder shares(@Nullable Long value) {
      shares = value;
      return this;
    }

    /// Sets the microseconds that may be used in each period; -1 for no limit, or null.
    public Builder quota(@Nullable Long value) {
      quota = value;
      return this;
    }

    /// Sets the microseconds that may be saved for later periods (unsigned 64-bit), or null.
    public Builder burst(@Nullable Long value) {
      burst = value;
      return this;
    }

    /// Sets the microseconds of a period (unsigned 64-bit), or null.
    public Builder period(@Nullable Long value) {
      period = value;
      return this;
    }

    /// Sets the microseconds of each real-time period for real-time tasks (cgroup v1), or null.
    public Builder realtimeRuntime(@Nullable Long value) {
      realtimeRuntime = value;
      return this;
    }

    /// Sets the microseconds of a real-time period (cgroup v1, unsigned 64-bit), or null.
    public Builder realtimePeriod(@Nullable Long value) {
      realtimePeriod = value;
      return this;
    }

    /// Sets the CPUs that may be used, such as `0-3,7`.
    public Builder cpus(String value) {
      cpus = value;
      return this;
    }

    /// Sets the memory nodes that may be used, such as `0-1`.
    public Builder mems(String value) {
      mems = value;
      return this;
    }

    /// Sets 1 for `SCHED_IDLE`, 0 for normal, or null.
    public Builder idle(@Nullable Long value) {
      idle = value;
      return this;
    }

    /// Sets the members that the components do not say.
    public Builder extra(JsonObject value) {
      extra = value;
      return this;
    }

    /// The part.
    public LinuxCpu build() {
      return new LinuxCpu(shares, quota, burst, period, realtimeRuntime, realtimePeriod, cpus, mems, idle, extra);
    }
  }
}
