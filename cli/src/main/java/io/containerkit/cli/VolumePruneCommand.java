package io.containerkit.cli;

/// `ckit volume prune`: removes the volumes that no container has.
///
/// @param all whether those with names go, too
/// @param force whether nothing is asked
record VolumePruneCommand(boolean all, boolean force) implements Command {

  static Grammar grammar() {
    Flags flags = new Flags().toggle("a", "all", "Removes those that were given a name, too.");
    Confirmation.describe(flags);
    return Grammar.of(
        "volume prune",
        "",
        "Removes volumes that no container has",
        "As with docker, only those that nobody gave a name, unless --all is given.",
        flags,
        0,
        0,
        arguments -> new VolumePruneCommand(arguments.has("all"), arguments.has("force")));
  }

  @Override
  public int run(Session session) {
    String what = all ? "all volumes that no container has" : "all volumes without a given name that no container has";
    if (force || Confirmation.isGiven(session, "volume prune", what)) {
      session.volumes().prune(all).forEach(volume -> session.out().println(volume.name()));
    }
    return 0;
  }
}
