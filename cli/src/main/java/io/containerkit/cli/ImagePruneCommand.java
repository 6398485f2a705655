package io.containerkit.cli;

import io.containerkit.image.Images;

/// `ckit image prune`: removes what nothing needs.
///
/// @param all whether images with names go too that no container uses
/// @param force whether nothing is asked
record ImagePruneCommand(boolean all, boolean force) implements Command {

  static Grammar grammar() {
    Flags flags =
        new Flags()
            .toggle("a", "all", "Removes images with names too, unless a container uses them.")
            .value("filter", "dangling=true|false", "The same in docker's words: dangling=false removes as --all does.");
    Confirmation.describe(flags);
    return Grammar.of(
        "image prune",
        "",
        "Removes what nothing needs",
        "Images without a name, as moved tags leave them, and content that broken-off pulls have left.",
        flags,
        0,
        0,
        arguments -> new ImagePruneCommand(all(arguments), arguments.has("force")));
  }

  private static boolean all(Arguments arguments) {
    boolean all = arguments.has("all");
    for (String filter : arguments.texts("filter")) {
      switch (filter) {
        case "dangling=true" -> {}
        case "dangling=false" -> all = true;
        default -> throw Values.wrong(arguments, "filter", filter, "dangling=true or dangling=false", null);
      }
    }
    return all;
  }

  @Override
  public int run(Session session) {
    String what = all ? "all images that no container uses" : "all images without a name that no container uses";
    if (!force && !Confirmation.isGiven(session, "image prune", what)) {
      return 0;
    }
    Images.Removed removed = session.images().prune(all);
    removed.names().forEach(name -> session.out().println("Untagged: " + name));
    session
        .out()
        .println(
            "Removed " + removed.freed().blobs() + " blobs of " + Quantity.bytes(removed.freed().bytes()) + " and " + removed.freed().layers() + " unpacked layers");
    return 0;
  }
}
