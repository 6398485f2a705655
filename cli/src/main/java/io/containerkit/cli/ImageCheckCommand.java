package io.containerkit.cli;

import io.containerkit.image.StoreProblem;
import java.util.List;

/// `ckit image check`: reads all content of the store and compares it with its digests.
///
/// @param repair whether to remove what is damaged
record ImageCheckCommand(boolean repair) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "image check",
        "",
        "Looks for damage in the store",
        "Reads all content as it was pulled, not the files unpacked from it. Prints nothing if all is well; else what is wrong, and exits with 125.",
        new Flags().toggle("r", "repair", "Removes what is damaged, so that a pull brings it again."),
        0,
        0,
        arguments -> new ImageCheckCommand(arguments.has("repair")));
  }

  @Override
  public int run(Session session) {
    List<StoreProblem> problems = session.images().check(repair);
    problems.forEach(problem -> session.out().println(problem.digest() + " " + problem.what()));
    return problems.isEmpty() ? 0 : Main.FAILED;
  }
}
