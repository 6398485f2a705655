package io.containerkit.cli;

import io.containerkit.image.Image;
import io.containerkit.image.ImageReference;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/// What `--filter` lets through.
///
/// @param kind `dangling`, `label` or `reference`
record ImageFilter(String kind, String value) {

  static List<ImageFilter> of(Arguments arguments) {
    List<ImageFilter> filters = new ArrayList<>();
    for (String text : arguments.texts("filter")) {
      int equals = text.indexOf('=');
      String kind = equals < 0 ? text : text.substring(0, equals);
      String value = equals < 0 ? "" : text.substring(equals + 1);
      boolean known =
          switch (kind) {
            case "dangling" -> value.equals("true") || value.equals("false");
            case "label" -> !value.isEmpty();
            case "reference" -> isPattern(value);
            default -> false;
          };
      if (!known) {
        throw Values.wrong(arguments, "filter", text, "dangling=true|false, label=NAME[=VALUE] or reference=PATTERN", null);
      }
      filters.add(new ImageFilter(kind, value));
    }
    return List.copyOf(filters);
  }

  private static boolean isPattern(String value) {
    try {
      return !value.isEmpty() && FileSystems.getDefault().getPathMatcher("glob:" + value) != null;
    } catch (PatternSyntaxException notPattern) {
      return false;
    }
  }

  /// Whether an image is let through by one filter of each kind.
  static boolean passes(Image image, List<ImageFilter> filters) {
    Map<String, List<ImageFilter>> byKind = filters.stream().collect(Collectors.groupingBy(ImageFilter::kind));
    return byKind.values().stream().allMatch(alternatives -> alternatives.stream().anyMatch(filter -> filter.passes(image)));
  }

  private boolean passes(Image image) {
    return switch (kind) {
      case "dangling" -> image.reference().isEmpty() == value.equals("true");
      case "label" -> hasLabel(image.config().defaults().labels());
      default -> image.reference().map(this::fits).orElse(false);
    };
  }

  private boolean hasLabel(Map<String, String> labels) {
    int equals = value.indexOf('=');
    return equals < 0 ? labels.containsKey(value) : value.substring(equals + 1).equals(labels.get(value.substring(0, equals)));
  }

  /// A pattern fits the name with or without the tag, in its short or its full form.
  private boolean fits(ImageReference reference) {
    var matcher = FileSystems.getDefault().getPathMatcher("glob:" + value);
    String familiar = reference.familiar();
    int colon = familiar.lastIndexOf(':');
    String repository = colon > familiar.lastIndexOf('/') ? familiar.substring(0, colon) : familiar;
    return List.of(familiar, repository, reference.toString(), reference.name()).stream().anyMatch(name -> matcher.matches(Path.of(name)));
  }
}
