package io.containerkit.cli;

/// `ckit features`: prints the runtime's features document.
record FeaturesCommand() implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "features",
        "",
        "Prints what the runtime can do, as JSON",
        "The document is the runtime-spec's. ckit --runtime NAME features asks another runtime.",
        new Flags(),
        0,
        0,
        arguments -> new FeaturesCommand());
  }

  @Override
  public int run(Session session) {
    session.print(session.kit().runtime().features().toJson());
    return 0;
  }
}
