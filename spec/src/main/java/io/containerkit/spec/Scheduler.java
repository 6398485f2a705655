package io.containerkit.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the kernel schedules a process (sched_setattr(2)).
///
/// @param policy the policy, such as `SCHED_BATCH`
/// @param nice the nice value, -20 to 19, or null
/// @param priority the static priority of `SCHED_FIFO` and `SCHED_RR`, 1 to 99, or null
/// @param flags flags such as `SCHED_FLAG_RESET_ON_FORK`
/// @param runtime the CPU time of each period under `SCHED_DEADLINE`, in nanoseconds (unsigned 64-bit), or null
/// @param deadline the deadline under `SCHED_DEADLINE`, in nanoseconds (unsigned 64-bit), or null
/// @param period the period under `SCHED_DEADLINE`, in nanoseconds (unsigned 64-bit), or null
/// @param extra the members that the components do not say
public record Scheduler(
    String policy,
    @Nullable Integer nice,
    @Nullable Integer priority,
    List<String> flags,
    @Nullable Long runtime,
    @Nullable Long deadline,
    @Nullable Long period,
    JsonObject extra)
    implements SpecPart {

  /// Copies the collections.
  public Scheduler {
    flags = List.copyOf(flags);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static Scheduler of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static Scheduler read(ObjectReader in) {
    return new Scheduler(
        in.requiredString("policy"),
        in.int32("nice"),
        in.int32("priority"),
        in.strings("flags"),
        in.uint64("runtime"),
        in.uint64("deadline"),
        in.uint64("period"),
        in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .required("policy", policy)
        .optional("nice", nice)
        .optional("priority", priority)
        .strings("flags", flags)
        .unsigned("runtime", runtime)
        .unsigned("deadline", deadline)
        .unsigned("period", period)
        .end(extra);
  }

  /// A builder with what must be there.
  public static Builder builder(String policy) {
    return new Builder(policy);
  }

  /// A builder that starts from this part.
  public Builder toBuilder() {
    return new Builder(this);
  }

  /// Builds a [Scheduler]; each method replaces what was there. Not thread-safe.
  public static final class Builder {

    private String policy;
    private @Nullable Integer nice;
    private @Nullable Integer priority;
    private List<String> flags = List.of();
    private @Nullable Long runtime;
    private @Nullable Long deadline;
    private @Nullable Long period;
    private JsonObject extra = JsonObject.EMPTY;

    private Builder(String policy) {
      this.policy = policy;
    }

    private Builder(Scheduler from) {
      policy = from.policy;
      nice = from.nice;
      priority = from.priority;
      flags = from.flags;
      runtime = from.runtime;
      deadline = from.deadline;
      period = from.period;
      extra = from.extra;
    }

    /// Sets the policy, such as `SCHED_BATCH`.
    public Builder policy(String value) {
      policy = value;
      return this;
    }

    /// Sets the nice value, -20 to 19, or null.
    public Builder nice(@Nullable Integer value) {
      nice = value;
      return this;
    }

    /// Sets the static priority of `SCHED_FIFO` and `SCHED_RR`, 1 to 99, or null.
    public Builder priority(@Nullable Integer value) {
      priority = value;
      return this;
    }

    /// Sets flags such as `SCHED_FLAG_RESET_ON_FORK`.
    public Builder flags(List<String> value) {
      flags = value;
      return this;
    }

    /// Sets `flags`.
    public Builder flags(String... values) {
      flags = List.of(values);
      return this;
    }

    /// Sets the CPU time of each period under `SCHED_DEADLINE`, in nanoseconds (unsigned 64-bit), or null.
    public Builder runtime(@Nullable Long value) {
      runtime = value;
      return this;
    }

    /// Sets the deadline under `SCHED_DEADLINE`, in nanoseconds (unsigned 64-bit), or null.
    public Builder deadline(@Nullable Long value) {
      deadline = value;
      return this;
    }

    /// Sets the period under `SCHED_DEADLINE`, in nanoseconds (unsigned 64-bit), or null.
    public Builder period(@Nullable Long value) {
      period = value;
      return this;
    }

    /// Sets the members that the components do not say.
    public Builder extra(JsonObject value) {
      extra = value;
      return this;
    }

    /// The part.
    public Scheduler build() {
      return new Scheduler(policy, nice, priority, flags, runtime, deadline, period, extra);
    }
  }
}
