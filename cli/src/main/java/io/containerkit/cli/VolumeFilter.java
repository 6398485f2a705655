package io.containerkit.cli;

import io.containerkit.engine.Volume;
import java.util.ArrayList;
import java.util.List;

/// What `--filter` lets through of volumes.
///
/// @param kind `dangling`, `label` or `name`
record VolumeFilter(String kind, String value) {

  static List<VolumeFilter> of(Arguments arguments) {
    List<VolumeFilter> filters = new ArrayList<>();
    for (String text : arguments.texts("filter")) {
      int equals = text.indexOf('=');
      String kind = equals < 0 ? text : text.substring(0, equals);
      String value = equals < 0 ? "" : text.substring(equals + 1);
      boolean known =
          switch (kind) {
            case "dangling" -> value.equals("true") || value.equals("false");
            case "label", "name" -> !value.isEmpty();
            default -> false;
          };
      if (!known) {
        throw Values.wrong(arguments, "filter", text, "dangling=true|false, label=NAME[=VALUE] or name=PART", null);
      }
      filters.add(new VolumeFilter(kind, value));
    }
    return List.copyOf(filters);
  }

  boolean passes(Volume volume) {
    return switch (kind) {
      case "dangling" -> volume.isUsed() == value.equals("false");
      case "name" -> volume.name().contains(value);
      default -> {
        int equals = value.indexOf('=');
        yield equals < 0
            ? volume.labels().containsKey(value)
            : value.substring(equals + 1).equals(volume.labels().get(value.substring(0, equals)));
      }
    };
  }
}
