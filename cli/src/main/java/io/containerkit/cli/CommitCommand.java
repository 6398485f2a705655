package io.containerkit.cli;

import io.containerkit.engine.CommitOptions;
import io.containerkit.engine.Container;
import io.containerkit.image.ImageReference;

/// `ckit commit`: makes an image of a container.
record CommitCommand(String id, CommitOptions options) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "commit",
        "CONTAINER [IMAGE]",
        "Makes an image of a container",
        """
        The image has one layer more than the container's, with all that was changed, and runs what the
        container was told to run unless --change says otherwise. Prints its ID.

          ckit commit web registry.example/web:patched
          ckit commit -c 'CMD ["serve", "--all"]' -c 'ENV DEBUG=1' web web:debug
        """,
        new Flags()
            .value("a", "author", "NAME", "Who made it.")
            .value("m", "message", "TEXT", "A remark for the image's history.")
            .value(
                "c",
                "change",
                "INSTRUCTION",
                "CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME or WORKDIR, as in a Dockerfile. Repeatable.")
            .value("p", "pause", "true|false", "Whether a running container is frozen meanwhile; true without it."),
        1,
        2,
        CommitCommand::of);
  }

  static CommitCommand of(Arguments arguments) {
    CommitOptions options =
        new CommitOptions(
            arguments.optionalOperand(1).map(ImageReference::of),
            arguments.text("author").orElse(""),
            arguments.text("message").orElse(""),
            arguments.texts("change"),
            Values.choice(arguments, "pause", "true", "false").orElse("true").equals("true"));
    return new CommitCommand(arguments.operand(0), options);
  }

  @Override
  public int run(Session session) throws InterruptedException {
    try (Container container = session.container(id)) {
      session.out().println(container.commit(options).id());
      return 0;
    }
  }
}
