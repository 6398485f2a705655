package io.containerkit.cli;

import io.containerkit.image.ImageReference;
import java.util.List;

/// `ckit tag`: gives an image more names.
record TagCommand(String image, List<ImageReference> names) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "tag",
        "IMAGE NAME…",
        "Gives an image more names",
        "",
        new Flags(),
        2,
        Grammar.ANY,
        arguments ->
            new TagCommand(arguments.operand(0), arguments.operands().stream().skip(1).map(ImageReference::of).toList()));
  }

  @Override
  public int run(Session session) throws InterruptedException {
    for (ImageReference name : names) {
      session.images().tag(image, name);
    }
    return 0;
  }
}
