package io.containerkit.cli;

import io.containerkit.image.Image;
import io.containerkit.image.ImageReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// `ckit images`: lists the images of this machine.
///
/// @param name only those of this repository, or with this name
/// @param filters only those that these let through
record ImagesCommand(Rows rows, boolean quiet, boolean digests, boolean whole, Optional<String> name, List<Filter> filters)
    implements Command {

  static Grammar grammar() {
    Flags flags = new Flags();
    Rows.describe(flags);
    return Grammar.of(
        "images",
        "[NAME]",
        "Lists images",
        """
        Filters: dangling=true|false, label=NAME[=VALUE], reference=PATTERN with * and ?. Those of one kind
        are alternatives.
        """,
        flags
            .toggle("q", "quiet", "Prints the IDs only.")
            .toggle("digests", "Shows the digests of what the names stand for.")
            .toggle("no-trunc", "Prints IDs in full.")
            .toggle("a", "all", "For scripts: all are shown in any case.")
            .value("filter", "KIND=VALUE", "Lists only some. Repeatable."),
        0,
        1,
        arguments ->
            new ImagesCommand(
                Rows.of(arguments),
                arguments.has("quiet"),
                arguments.has("digests"),
                arguments.has("no-trunc"),
                arguments.optionalOperand(0),
                ImageFilter.of(arguments)));
  }

  @Override
  public int run(Session session) {
    List<Image> images =
        session.images().list().stream()
            .filter(image -> name.isEmpty() || isNamed(image, name.get()))
            .filter(image -> ImageFilter.passes(image, filters))
            .toList();
    if (quiet) {
      ids(images).forEach(session.out()::println);
      return 0;
    }
    SequencedMap<String, String> columns = new LinkedHashMap<>();
    columns.put("Repository", "REPOSITORY");
    columns.put("Tag", "TAG");
    if (digests) {
      columns.put("Digest", "DIGEST");
    }
    columns.put("ID", "IMAGE ID");
    columns.put("CreatedSince", "CREATED");
    columns.put("Size", "SIZE");
    rows.print(session, images.stream().map(image -> ImageDocument.row(image, whole)).toList(), columns);
    return 0;
  }

  private Stream<String> ids(List<Image> images) {
    return images.stream().map(image -> whole ? image.id().toString() : ImageDocument.shortId(image)).distinct();
  }

  /// Whether a repository, or a repository with a tag or digest, is the image's.
  private static boolean isNamed(Image image, String text) {
    Optional<ImageReference> reference = image.reference();
    ImageReference wanted = ImageReference.of(text);
    boolean byRepository = wanted.digest() == null && !text.substring(text.lastIndexOf('/') + 1).contains(":");
    return reference.isPresent()
        && reference.get().name().equals(wanted.name())
        && (byRepository || reference.get().equals(wanted));
  }
}
