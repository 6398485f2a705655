package io.containerkit.engine;

import io.containerkit.linux.Allowance;
import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.Rlimit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A process that asks for no higher limits than this process may give.
///
/// @param adjustments what it asks for otherwise than the process that it was made from
record FittedProcess(ProcessSpec process, List<Adjustment> adjustments) {

  private static final String RLIMIT = "no process here may have more (raising it needs CAP_SYS_RESOURCE, and fs.nr_open for descriptors)";

  /// A process that is to be executed in a container. Its `oomScoreAdj` is left alone: no runtime does anything with it.
  ///
  /// @param known a process whose limits can be given, for that was done before; null for none
  static FittedProcess of(ProcessSpec process, @Nullable ProcessSpec known) {
    List<Rlimit> wanted = process.rlimits();
    if (wanted.isEmpty() || (known != null && wanted.equals(known.rlimits()))) {
      return new FittedProcess(process, List.of());
    }
    List<Adjustment> adjustments = new ArrayList<>();
    List<Rlimit> given = rlimits(wanted, "", adjustments);
    return adjustments.isEmpty()
        ? new FittedProcess(process, List.of())
        : new FittedProcess(process.toBuilder().rlimits(given).build(), List.copyOf(adjustments));
  }

  /// The limits that can be given.
  ///
  /// @param place the JSON pointer of the process in its document
  /// @param adjustments gets what differs
  static List<Rlimit> rlimits(List<Rlimit> limits, String place, List<Adjustment> adjustments) {
    List<Rlimit> fitted = new ArrayList<>();
    for (Rlimit wanted : limits) {
      long highest = Allowance.highestLimit(wanted.type());
      Rlimit given =
          new Rlimit(wanted.type(), lower(wanted.soft(), highest), lower(wanted.hard(), highest), wanted.extra());
      if (given.hard() != wanted.hard() || given.soft() != wanted.soft()) {
        String pointer = place + "/rlimits/" + fitted.size();
        adjustments.add(new Adjustment(pointer, wanted.type(), described(wanted), described(given), RLIMIT));
      }
      fitted.add(given);
    }
    return fitted;
  }

  private static long lower(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }

  private static String described(Rlimit limit) {
    return described(limit.soft()) + ":" + described(limit.hard());
  }

  private static String described(long limit) {
    return limit == Rlimit.INFINITY ? "unlimited" : Long.toUnsignedString(limit);
  }
}
