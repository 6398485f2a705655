package io.containerkit.runtime;

import io.containerkit.linux.Child;
import io.containerkit.linux.ExitStatus;
import io.containerkit.spec.ContainerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Hears what a command said that failed where nobody listened. The standard error of a command that starts a process is that process',
/// so it can lead to `/dev/null` or to somebody else, and what crun and runsc say of a mistake in their arguments stands in no log.
///
/// The command is run once more, with its words and standard error in a pipe. It cannot do anything this time: before the id come an
/// option that no runtime has, at which it fails if it took all those before, and `--help`, which is all that it does if it takes that
/// option too.
record SecondAsking(Settings settings, Dialect dialect) {

  private static final String UNKNOWN = "--containerkit-asks-again";

  private static final Duration LONGEST = Duration.ofSeconds(2);

  /// What the command says of these words.
  ///
  /// @param options those before the id
  /// @return empty if it has nothing against them
  String of(String command, String id, List<String> options) {
    List<String> words = new ArrayList<>(options);
    words.add(UNKNOWN);
    words.add("--help");
    try (Command again = new Command(settings, dialect, command, id);
        Capture said = Capture.tail(settings.loop())) {
      Child child = again.start(words, spawn -> spawn.descriptor(2, said.writeEnd()));
      ExitStatus status = Commands.await(again, child, LONGEST, said, List.of(said));
      String text = said.text();
      return status.isSuccess() || text.contains(UNKNOWN.substring(2)) ? "" : text;
    } catch (ContainerException _) {
      return ""; // the failure of the first one is told, and this adds nothing to it
    }
  }
}
