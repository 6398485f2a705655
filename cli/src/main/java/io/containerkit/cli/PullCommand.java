package io.containerkit.cli;

import io.containerkit.image.Image;
import io.containerkit.image.ImageReference;
import io.containerkit.image.Images;
import io.containerkit.image.Platform;
import io.containerkit.image.PullOptions;
import io.containerkit.image.PullPolicy;
import java.util.List;
import java.util.Optional;

/// `ckit pull`: brings images from registries.
///
/// @param allTags whether all tags of the repositories are wanted
/// @param platform for which platform; empty for this machine's
record PullCommand(
    List<ImageReference> references,
    boolean allTags,
    Optional<Platform> platform,
    PullPolicy policy,
    boolean quiet,
    RegistryFlags registry)
    implements Command {

  static Grammar grammar() {
    Flags flags =
        new Flags()
            .section("Pull")
            .toggle("a", "all-tags", "Pulls all tags of the repository.")
            .value("platform", "OS/ARCH[/VARIANT]", "For which platform; this machine's without it.")
            .value("policy", "always|missing|newer|never", "When the registry is asked; always without it.")
            .toggle("q", "quiet", "Shows no progress.");
    RegistryFlags.describe(flags);
    return Grammar.of(
        "pull",
        "IMAGE…",
        "Brings images from registries",
        """
        Prints the ID of each image. A tag that has not changed costs one short request.

          ckit pull alpine                            docker.io/library/alpine:latest
          ckit pull registry.example:5000/team/app:2
        """,
        flags,
        1,
        Grammar.ANY,
        PullCommand::of);
  }

  static PullCommand of(Arguments arguments) {
    return new PullCommand(
        arguments.operands().stream().map(ImageReference::of).toList(),
        arguments.has("all-tags"),
        arguments.text("platform").map(Platform::of),
        policy(arguments, "policy").orElse(PullPolicy.ALWAYS),
        arguments.has("quiet"),
        RegistryFlags.of(arguments));
  }

  /// The policy that a flag names.
  static Optional<PullPolicy> policy(Arguments arguments, String flag) {
    return Values.choice(arguments, flag, "always", "missing", "newer", "never")
        .map(
            word ->
                switch (word) {
                  case "missing" -> PullPolicy.MISSING;
                  case "newer" -> PullPolicy.NEWER;
                  case "never" -> PullPolicy.NEVER;
                  default -> PullPolicy.ALWAYS;
                });
  }

  @Override
  public int run(Session session) throws InterruptedException {
    for (ImageReference reference : references) {
      Images images = session.images(registry, reference.registry());
      if (!allTags) {
        pull(session, images, reference);
      } else {
        for (String tag : images.client().tags(reference)) {
          pull(session, images, reference.withTag(tag));
        }
      }
    }
    return 0;
  }

  private void pull(Session session, Images images, ImageReference reference) throws InterruptedException {
    Image image;
    try (TransferDisplay display = TransferDisplay.of(session, quiet, "pull " + reference.familiar())) {
      image = images.pull(reference, new PullOptions(policy, platform, display));
    }
    session.out().println(image.id());
    session.out().flush();
  }
}
