package io.containerkit.cli;

import io.containerkit.image.Image;
import io.containerkit.image.ImageReference;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/// What `--filter` lets through of images: `dangling`, `label` or `reference`.
final class ImageFilter {

  private ImageFilter() {}

  static List<Filter> of(Arguments arguments) {
    return Filter.of(arguments, ImageFilter::isKnown, "dangling=true|false, label=NAME[=VALUE] or reference=PATTERN");
  }

  private static boolean isKnown(Filter filter) {
    return switch (filter.kind()) {
      case "dangling" -> filter.isTrueOrFalse();
      case "label" -> !filter.value().isEmpty();
      case "reference" -> isPattern(filter.value());
      default -> false;
    };
  }

  private static boolean isPattern(String value) {
    try {
      return !value.isEmpty() && FileSystems.getDefault().getPathMatcher("glob:" + value) != null;
    } catch (PatternSyntaxException notPattern) {
      return false;
    }
  }

  /// Whether an image is let through by one filter of each kind.
  static boolean passes(Image image, List<Filter> filters) {
    Map<String, List<Filter>> byKind = filters.stream().collect(Collectors.groupingBy(Filter::kind));
    return byKind.values().stream().allMatch(alternatives -> alternatives.stream().anyMatch(filter -> passes(image, filter)));
  }

  private static boolean passes(Image image, Filter filter) {
    return switch (filter.kind()) {
      case "dangling" -> image.reference().isEmpty() == filter.value().equals("true");
      case "label" -> filter.isAmong(image.config().defaults().labels());
      default -> image.reference().map(reference -> fits(reference, filter.value())).orElse(false);
    };
  }

  /// A pattern fits the name with or without the tag, in its short or its full form.
  private static boolean fits(ImageReference reference, String pattern) {
    var matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    String familiar = reference.familiar();
    int colon = familiar.lastIndexOf(':');
    String repository = colon > familiar.lastIndexOf('/') ? familiar.substring(0, colon) : familiar;
    return List.of(familiar, repository, reference.toString(), reference.name()).stream().anyMatch(name -> matcher.matches(Path.of(name)));
  }
}
