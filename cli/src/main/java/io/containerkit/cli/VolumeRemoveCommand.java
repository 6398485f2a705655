package io.containerkit.cli;

import io.containerkit.spec.ContainerException;
import io.containerkit.spec.ErrorKind;
import java.util.List;

/// `ckit volume rm`: removes volumes.
///
/// @param force whether one that does not exist is no mistake
record VolumeRemoveCommand(List<String> names, boolean force) implements Command {

  static Grammar grammar() {
    return Grammar.of(
        "volume rm",
        "NAME…",
        "Removes volumes",
        "And all that is in them. One that a container has is refused, whether the container runs or not.",
        new Flags().toggle("f", "force", "Does not mind a volume that does not exist."),
        1,
        Grammar.ANY,
        arguments -> new VolumeRemoveCommand(arguments.operands(), arguments.has("force")));
  }

  @Override
  public int run(Session session) {
    int code = 0;
    for (String name : names) {
      try {
        session.volumes().remove(name);
        session.out().println(name);
      } catch (ContainerException e) {
        if (e.kind() != ErrorKind.NOT_FOUND || !force) {
          session.complain(e);
          code = Main.FAILED;
        }
      }
    }
    return code;
  }
}
