package io.containerkit.runtime;

/// An upper bound that the kernel holds a control group to: a number, none at all, or one that the source does not tell.
public sealed interface Limit {

  /// A bound.
  ///
  /// @param value unsigned 64 bits, in the unit of what is bounded
  record Bounded(long value) implements Limit {
    @Override
    public String toString() {
      return Long.toUnsignedString(value);
    }
  }

  /// No bound: `max` in cgroup v2; in v1 `-1`, read back as the largest number of whole pages.
  record Unlimited() implements Limit {
    @Override
    public String toString() {
      return "max";
    }
  }

  /// There may be a bound; who was asked does not say.
  record Unknown() implements Limit {
    @Override
    public String toString() {
      return "unknown";
    }
  }

  /// Returns the bound of `value`, unsigned.
  static Limit of(long value) {
    return new Bounded(value);
  }

  /// Returns the absence of a bound.
  static Limit unlimited() {
    return new Unlimited();
  }

  /// Returns a bound that is not known.
  static Limit unknown() {
    return new Unknown();
  }

  /// Reads what a limit file of either cgroup version holds: `max` or an unsigned number.
  ///
  /// @throws NumberFormatException if it is neither
  static Limit parse(String text) {
    return text.equals("max") ? unlimited() : of(Long.parseUnsignedLong(text));
  }

  /// Returns this bound, or [Unlimited] when it is so large that it stands for none: v1 counts pages, and writes "unlimited"
  /// as the largest signed number rounded down to a page, which is 4, 16 or 64 KiB; some tools write the largest unsigned one.
  default Limit orUnlimitedIfHuge() {
    return this instanceof Bounded(long value)
            && Long.compareUnsigned(value, Long.MAX_VALUE & -65536L) >= 0
        ? unlimited()
        : this;
  }
}
