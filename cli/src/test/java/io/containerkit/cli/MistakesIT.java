package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.engine.ContainerKit;
import io.containerkit.testing.LeavesNothing;
import io.containerkit.testing.Residue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is wrong only when it is tried is answered by one line, too: what, on what, why, and what to do. Nothing is made of it, and
/// what is there stays as it is.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@LeavesNothing
class MistakesIT {

  /// A container that runs, by this id on this machine alone.
  private final String here = "cli-" + Long.toString(System.nanoTime(), Character.MAX_RADIX);

  @TempDir private static Path directory;
  private Inside inside = new Inside(Path.of("unset"));
  private Residue residue = Residue.watch(Set.of());

  @BeforeAll
  void haveAContainerAndFiles() throws IOException {
    // The view of the control groups that crun is given is made once and stays.
    ContainerKit.builder().runtime("crun").state(directory.resolve("state")).open().close();
    inside = new Inside(directory.resolve("state"));
    residue = Residue.watch(Set.of(directory));
    Files.writeString(directory.resolve("file"), "no device, no program, no JSON");
    Files.writeString(Files.createDirectories(directory.resolve("broken")).resolve("config.json"), "{\"process\":");
    Files.writeString(directory.resolve("limits"), "{\"memory\":{\"limit\":\"much\"}}");
    assertThat(inside.run("--runtime", "crun", "run", "-d", "--name", here, "--rootfs", "/", "--", "sleep", "1000").code()).isZero();
  }

  @AfterAll
  void nothingIsLeft() {
    assertThat(inside.run("delete", "-f", here)).isEqualTo(new Ckit.Result(0, "", ""));
    residue.close();
  }

  /// @param message with `*` for what the runtime, the kernel or this machine says in its own words
  private void assertAnswered(String line, int code, String message) {
    String[] words = filled(line).split(" +", -1);
    Ckit.Result result = inside.run(words);
    assertThat(result.err()).as("the answer to %s", line).hasLineCount(1).matches(pattern("ckit: " + filled(message) + "\n"));
    assertThat(result.code()).isEqualTo(code);
    assertThat(inside.run("list", "-q").out()).as("the containers afterwards").isEqualTo(here + "\n");
    assertThat(inside.run("state", here).out()).contains("\"running\"");
  }

  private String filled(String text) {
    return text.replace("HERE", here).replace("NEW", here + "-new").replace("DIR", directory.toString());
  }

  private static Pattern pattern(String message) {
    StringBuilder pattern = new StringBuilder();
    for (String part : message.split("\\*", -1)) {
      pattern.append(pattern.isEmpty() ? "" : ".*").append(Pattern.quote(part));
    }
    return Pattern.compile(pattern.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      textBlock =
          """
          --rootfs DIR/none -- true => container "NEW": the root file system DIR/none does not exist
          --rootfs DIR/file -- true => container "NEW": the root file system DIR/file is not a directory
          --volume DIR/none:/mnt --rootfs / -- true => --volume DIR/none: it does not exist on the host; make it, or mount what is there
          --mount type=bind,src=DIR/none,dst=/mnt --rootfs / -- true => --volume DIR/none: it does not exist on the host; *
          --user nobody-here --rootfs / -- true => no user "nobody-here": neither in the root's /etc/passwd nor a number from 0 to 2147483647
          --user 0:none-here --rootfs / -- true => no group "none-here": neither in the root's /etc/group nor a number from 0 to 2147483647
          --env-file DIR/none --rootfs / -- true => --env-file DIR/none: it does not exist
          --device /dev/none --rootfs / -- true => --device /dev/none: it does not exist
          --device DIR/file --rootfs / -- true => --device DIR/file: this is not a device
          --pid-file DIR/none/pid --rootfs / -- true => --pid-file DIR/none/pid: DIR/none: it does not exist on the host; make it first
          -d --output DIR/none/log --rootfs / -- true => --output DIR/none/log: DIR/none: it does not exist on the host; make it first
          --cpuset-cpus 999 --rootfs / -- true => crun create "NEW": * (exit 1): the host, or the cgroup above, has not all of *
          --cpuset-cpus all --rootfs / -- true => /linux/resources/cpu/cpus: "all" is not a list such as 0-3,7
          --memory 1k --rootfs / -- true => crun create "NEW": *: raise it
          --sysctl kernel.none=1 --rootfs / -- true => /linux/sysctl/kernel.none: belongs to no namespace: it would change the host's
          --tmpfs /mnt:size=many --rootfs / -- true => crun create "NEW": mount `tmpfs` to `mnt`: Invalid argument (exit 1)
          --bundle DIR/none => --bundle: DIR/none/config.json does not exist; name a directory that has one, or ckit spec writes one
          --bundle DIR/broken => DIR/broken/config.json /process: not JSON at line *
          """)
  void ofWhatCannotBeRunNothingIsMade(String line, String message) {
    assertAnswered("--runtime crun run --name NEW " + line, 125, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      textBlock =
          """
          run --name ../x --rootfs / -- true => "../x" is not a container id: use 1 to 120 of *
          create --name= --rootfs / -- true => "" is not a container id: use 1 to 120 of *
          create --name HERE --rootfs / -- true => container "HERE" exists already: choose another id or delete it first
          --runtime none run --rootfs / -- true => no runtime works on this host: "none" is not installed; Debian has *
          --runtime DIR/file run --rootfs / -- true => no runtime works on this host; DIR/file: *; install it, or name another runtime
          --runtime crun --runtime-arg --none create --name NEW --rootfs / -- true => crun create "NEW": *(exit 64)
          --root DIR/file list => *DIR/file*
          spec --bundle DIR/none => DIR/none/config.json: cannot be written: there is no such directory
          spec --bundle DIR/file => DIR/file/config.json: cannot be written: Not a directory
          spec --bundle DIR/broken => spec: DIR/broken/config.json exists already; --force replaces it
          restore --bundle DIR/none NEW => --bundle: DIR/none/config.json does not exist; *
          --runtime crun features => crun 1.* cannot features like this: there is no such command; another runtime may be able to
          """)
  void withoutAContainerTheFailureIsOurs(String line, String message) {
    assertAnswered(line, 125, message);
  }

  @ParameterizedTest
  @CsvSource({"start", "state", "ps", "kill", "stop", "delete", "pause", "resume", "update -m 64m", "events", "stats", "checkpoint", "exec"})
  void aContainerThatIsNotThereIsNamed(String command) {
    String line = command + " none" + (command.equals("exec") ? " true" : "");
    assertAnswered(line, 125, "container \"none\" does not exist; ckit list shows those that do");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      textBlock =
          """
          start HERE => crun start "HERE": *: it was started before
          delete HERE => container "HERE" is running: stop it first, or delete it by force
          exec --user nobody-here HERE true => no user "nobody-here": *
          exec --user 0:none-here HERE true => no group "none-here": *
          exec --workdir /no-such-directory HERE true => crun exec "HERE": chdir `/no-such-directory`: No such file or directory (exit 255)
          exec --process DIR/none HERE => DIR/none: no such file
          exec --process DIR/file HERE => DIR/file: not JSON at line 1, *
          exec --pid-file DIR/none/pid HERE true => --pid-file DIR/none/pid: DIR/none: it does not exist on the host; make it first
          exec --env-file DIR/none HERE true => --env-file DIR/none: it does not exist
          update --memory 1 HERE => crun update "HERE": *: raise it
          update --cpuset-cpus 999 HERE => crun update "HERE": *; `lscpu` lists them
          update --resources DIR/none HERE => DIR/none: no such file
          update --resources DIR/limits HERE => DIR/limits /memory/limit: expected an integer, found a string
          checkpoint HERE => crun 1.* cannot checkpoint like this: there is no such command; another runtime may be able to
          stats none HERE => container "none" does not exist; ckit list shows those that do
          """)
  void aContainerThatRunsIsNotHarmed(String line, String message) {
    assertAnswered(line, 125, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      textBlock =
          """
          exec HERE no-such-program => 127 => crun exec "HERE": executable file `no-such-program` not found*
          exec HERE -- /etc/passwd => 126 => crun exec "HERE": open executable: Permission denied (exit 255): it must be a program*
          exec HERE -- /etc => 126 => crun exec "HERE": open executable: Operation not permitted (exit 255): it must be a program*
          """)
  void aProgramThatCannotBeRunHasCodesOfItsOwn(String line, int code, String message) {
    assertAnswered(line, code, message);
  }
}
