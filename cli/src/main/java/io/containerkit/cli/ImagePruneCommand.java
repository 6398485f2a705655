package io.containerkit.cli;

import io.containerkit.image.Images;

/// `ckit image prune`: removes what nothing needs.
///
/// @param all whether images with names go too that no container uses
record ImagePruneCommand(boolean all) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "image prune",
        "",
        "Removes what nothing needs",
        "Images without a name, and content that broken-off pulls and moved tags have left. Asks nothing.",
        new Flags()
            .toggle("a", "all", "Removes images with names too, unless a container uses them.")
            .toggle("f", "force", "For scripts: nothing is asked in any case."),
        0,
        0,
        arguments -> new ImagePruneCommand(arguments.has("all")));
  }

  @Override
  public int run(Session session) {
    Images.Removed removed = session.images().prune(all);
    removed.names().forEach(name -> session.out().println("Untagged: " + name));
    session
        .out()
        .println(
            "Removed " + removed.freed().blobs() + " blobs of " + Quantity.bytes(removed.freed().bytes()) + " and " + removed.freed().layers() + " unpacked layers");
    return 0;
  }
}
