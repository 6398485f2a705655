package io.containerkit.cli;

/// `ckit volume inspect`: prints all about volumes.
record VolumeInspectCommand(Inspection inspection) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "volume inspect",
        "NAME…",
        "Prints all about volumes",
        "",
        Inspection.flags(),
        1,
        Grammar.ANY,
        arguments -> new VolumeInspectCommand(Inspection.of(arguments)));
  }

  @Override
  public int run(Session session) {
    return inspection.run(session, name -> VolumeDocument.of(session.volumes().get(name)));
  }
}
