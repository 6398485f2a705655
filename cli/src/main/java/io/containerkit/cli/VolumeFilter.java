package io.containerkit.cli;

import io.containerkit.engine.Volume;
import java.util.List;

/// What `--filter` lets through of volumes: `dangling`, `label` or `name`.
final class VolumeFilter {

  private VolumeFilter() {}

  static List<Filter> of(Arguments arguments) {
    return Filter.of(arguments, VolumeFilter::isKnown, "dangling=true|false, label=NAME[=VALUE] or name=PART");
  }

  private static boolean isKnown(Filter filter) {
    return switch (filter.kind()) {
      case "dangling" -> filter.isTrueOrFalse();
      case "label", "name" -> !filter.value().isEmpty();
      default -> false;
    };
  }

  static boolean passes(Volume volume, Filter filter) {
    return switch (filter.kind()) {
      case "dangling" -> volume.isUsed() == filter.value().equals("false");
      case "name" -> volume.name().contains(filter.value());
      default -> filter.isAmong(volume.labels());
    };
  }
}
