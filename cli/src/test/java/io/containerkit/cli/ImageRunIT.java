package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.testing.LeavesNothing;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Containers of images by the real command, from Debian's docker-registry, on runc and crun, with podman as the second opinion.
@LeavesNothing
class ImageRunIT {

  /// Prints all that an image and flags decide about a process.
  private static final String SHOW =
      """
      #!/bin/sh
      echo "$#: $*"
      id
      pwd
      env | sort
      """;

  private static final List<String> APPLETS = List.of("sh", "cat", "env", "id", "pwd", "sort", "echo", "rm", "mkdir", "ls", "sleep", "true");

  @TempDir private Path directory;
  private Ckit ckit = new Ckit(Path.of("unset"));

  @BeforeEach
  void useAStoreOfItsOwn() throws IOException {
    use("crun");
    Path root = directory.resolve("root");
    for (String name : List.of("bin", "etc", "srv/app", "data/old")) {
      Files.createDirectories(root.resolve(name));
    }
    Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
    for (String applet : APPLETS) {
      Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
    }
    Path show = Files.writeString(root.resolve("bin/show"), SHOW);
    Files.setPosixFilePermissions(show, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:app:/home/app:/bin/sh\n");
    Files.writeString(root.resolve("etc/group"), "root:x:0:\nwheel:x:10:root\nstaff:x:1001:\nextra:x:2000:app\n");
    for (String name : List.of("etc/hosts", "etc/hostname", "etc/resolv.conf", "data/a", "data/b", "data/old/c")) {
      Files.writeString(root.resolve(name), "of the image\n");
    }
    Ckit.other(directory, "tar", "-C", root.toString(), "-cf", "root.tar", ".");
  }

  private void use(String runtime) {
    ckit = new Ckit(directory.resolve("state"), "--runtime", runtime, "--images", directory.resolve("store").toString(), "--volumes", directory.resolve("volumes").toString());
  }

  @AfterEach
  void prune() {
    assertThat(ok("volume", "ls", "-q")).isEmpty();
    Ckit.awaitLifelines(directory.resolve("state"));
    ok("image", "prune", "-f");
  }

  private String ok(String... words) {
    Ckit.Result result = ckit.run(words);
    assertThat(result.code()).as(String.join(" ", words) + ": " + result.err()).isZero();
    return result.out();
  }

  /// A container of podman's. It may not raise limits here, so that it is given some that it need not raise.
  private String podman(String command, String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of("podman", "--root", directory.resolve("podman").toString()));
    all.addAll(List.of("--runroot", directory.resolve("podman-run").toString(), "--storage-driver", "vfs", "--cgroup-manager", "cgroupfs"));
    all.addAll(List.of("--runtime", "runc", command));
    if (command.equals("run")) {
      all.addAll(List.of("--network=none", "--ulimit", "nofile=1024", "--ulimit", "nproc=1024", "--tls-verify=false", "-q"));
    }
    all.addAll(List.of(words));
    return Ckit.other(directory, all.toArray(String[]::new));
  }

  /// Makes an image of instructions of a Dockerfile.
  private void image(String name, String... instructions) {
    List<String> words = new ArrayList<>(List.of("import"));
    for (String instruction : instructions) {
      words.addAll(List.of("-c", instruction));
    }
    words.addAll(List.of(directory.resolve("root.tar").toString(), name));
    ok(words.toArray(String[]::new));
  }

  /// The lines that do not depend on which engine it was. Podman names users that have no account by their number. Of the supplementary
  /// groups it leaves out the group itself where nobody has said who the user is.
  private static List<String> comparable(String output) {
    return output
        .lines()
        .filter(line -> !line.equals("container=podman") && !line.equals("TERM=xterm"))
        .map(line -> line.replaceAll("=([0-9]+)\\(\\1\\)", "=$1").replace("groups=0(root),", "groups=").replace(" groups=0(root)", ""))
        .toList();
  }

  @Test
  void anImageAndFlagsMeanWhatTheyMeanToPodman() throws IOException {
    List<List<String>> images =
        List.of(
            List.of("CMD [\"show\", \"a\", \"b c\"]"),
            List.of("ENTRYPOINT [\"show\", \"first\"]", "CMD [\"a\", \"b c\"]", "USER app", "WORKDIR /srv/app", "ENV A=1 B=\"two words\" PATH=/bin:/x"),
            List.of("CMD show shell form", "USER 1000:10", "WORKDIR /srv/made"),
            List.of("ENTRYPOINT [\"show\"]", "USER 4711", "ENV HOME=/elsewhere"));
    List<List<String>> flags =
        List.of(
            List.of(),
            List.of("-u", "app:wheel", "-w", "/data"),
            // Podman's home of a user without an account is the working directory, docker's the root: not to be compared.
            List.of("-u", "4711:4712", "-e", "A=x=y", "-e", "NEW=", "-e", "B=3", "-e", "HOME=/h"),
            List.of("--entrypoint", "show", "-u", "0"));
    try (LocalRegistry registry = LocalRegistry.plain(directory.resolve("registry"))) {
      for (int i = 0; i < images.size(); i++) {
        String name = registry.image("app:" + i);
        image(name, images.get(i).toArray(String[]::new));
        ok("push", "-q", name);
        for (int j = 0; j < flags.size(); j++) {
          List<String> words = new ArrayList<>(List.of("--rm", "--hostname", "box"));
          words.addAll(flags.get(j));
          words.add(name);
          // Each way of saying what to run with each image, and each with and without a command of one's own.
          words.addAll((i + j) % 2 == 0 ? List.of() : List.of("show", "own"));
          String[] line = words.toArray(String[]::new);
          String theirs = podman("run", line);
          assertThat(comparable(ok(Stream.concat(Stream.of("run"), Stream.of(line)).toArray(String[]::new))))
              .as(images.get(i) + " with " + words)
              .isEqualTo(comparable(theirs));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void anImageThatIsMissingIsPulledAndShownAndTheNextTimeItIsNot(String runtime) throws IOException {
    use(runtime);
    try (LocalRegistry registry = LocalRegistry.plain(directory.resolve("registry"))) {
      String name = registry.image("team/app:1");
      image(name, "CMD [\"echo\", \"hi\"]");
      ok("push", "-q", name);
      ok("rmi", name);
      assertThat(ckit.run("run", "--pull", "never", name).err()).startsWith("ckit: image ").contains("is not here");
      Ckit.Result first = ckit.run("run", name);
      assertThat(first.out()).isEqualTo("hi\n");
      assertThat(first.err()).matches("pull " + name + ": 1 blob, .*\n[0-9a-f]{12}: done, .*\n");
      assertThat(ckit.run("run", name, "echo", "again")).isEqualTo(new Ckit.Result(0, "again\n", ""));
      assertThat(ckit.run("run", "--pull", "always", name)).isEqualTo(new Ckit.Result(0, "hi\n", ""));
      String id = ok("images", "-q", name).strip();
      assertThat(ckit.run("run", id, "echo", "by id")).isEqualTo(new Ckit.Result(0, "by id\n", ""));
    }
    assertThat(ckit.run("run", "127.0.0.1:1/none").code()).isEqualTo(125);
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void changesAreThoseThatPodmanTellsAndCanBeCommitted(String runtime) throws IOException {
    use(runtime);
    String script =
        "echo x > /new; mkdir -p /opt/deep/er; echo y >> /data/a; rm /data/b; rm -r /data/old; mkdir /srv/app/in; chmod 700 /srv; ln -s a /etc/link";
    image("localhost/app:1", "CMD [\"sh\", \"-c\", \"" + script + "\"]");
    ok("save", "-q", "-o", directory.resolve("app.tar").toString(), "localhost/app:1");
    podman("load", "-q", "-i", "app.tar");
    podman("run", "--name", "theirs", "localhost/app:1");
    ok("run", "--name", "ours", "--keep", "localhost/app:1");

    List<String> ours = ok("diff", "ours").lines().toList();
    assertThat(new TreeSet<>(ours)).isEqualTo(new TreeSet<>(podman("diff", "theirs").lines().toList()));
    assertThat(ours).contains("D /data/old", "C /srv", "A /srv/app/in").doesNotHaveDuplicates();

    String id = ok("commit", "-m", "changed", "-c", "CMD [\"cat\", \"/data/a\"]", "-c", "ENV STAGE=2", "ours", "localhost/app:2").strip();
    assertThat(id).startsWith("sha256:");
    ok("delete", "ours");
    assertThat(ok("run", "localhost/app:2")).isEqualTo("of the image\ny\n");
    assertThat(ok("run", "localhost/app:2", "sh", "-c", "echo $STAGE; ls /data")).isEqualTo("2\na\n");
    ok("save", "-q", "-o", directory.resolve("two.tar").toString(), "localhost/app:2");
    podman("load", "-q", "-i", "two.tar");
    assertThat(podman("run", "--rm", "localhost/app:2")).isEqualTo("of the image\ny\n");
    podman("rm", "theirs");
  }

  @Test
  void aDetachedContainerKeepsItsImageAndIsCommittedWhileItRuns() {
    image("localhost/app:1", "CMD [\"sh\", \"-c\", \"echo kept > /kept; exec sleep 1000\"]");
    assertThat(ok("run", "-d", "--name", "stays", "localhost/app:1")).isEqualTo("stays\n");
    ok("rmi", "localhost/app:1");
    while (!ok("diff", "stays").contains("A /kept")) {
      Thread.onSpinWait();
    }
    ok("commit", "stays", "localhost/kept");
    assertThat(ok("state", "stays")).contains("running");
    assertThat(ok("run", "localhost/kept", "cat", "/kept")).isEqualTo("kept\n");
    ok("delete", "-f", "stays");
    ok("rmi", "localhost/kept");
  }

  @Test
  void volumesAreThoseThatPodmanHas() throws IOException {
    image("localhost/app:1", "VOLUME /data", "CMD [\"sh\", \"-c\", \"ls /data /srv/app; echo x >> /data/new; cat /data/new; ls -ld /srv/app | cut -c1-10\"]");
    ok("save", "-q", "-o", directory.resolve("app.tar").toString(), "localhost/app:1");
    podman("load", "-q", "-i", "app.tar");
    for (String volume : List.of("db:/data", "db:/srv/app", "/data", directory.resolve("root") + ":/srv/app:ro")) {
      String theirs = podman("run", "--rm", "-v", volume, "localhost/app:1");
      assertThat(ok("run", "-v", volume, "localhost/app:1")).as(volume).isEqualTo(theirs);
    }
    assertThat(ok("volume", "ls", "-q")).isEqualTo(podman("volume", "ls", "-q")).isEqualTo("db\n");
    podman("volume", "rm", "db");
    ok("volume", "rm", "db");
  }

  @Test
  void aVolumeInUseStaysAndOneOfTheContainersOwnGoesWhenItIsAskedFor() {
    image("localhost/app:1", "VOLUME /data", "CMD [\"sleep\", \"1000\"]");
    ok("run", "-d", "--name", "web", "-v", "db:/srv/app", "localhost/app:1");
    assertThat(ok("volume", "inspect", "-f", "{{.Name}} {{json .UsedBy}} {{.Anonymous}}", "db")).isEqualTo("db [\"web\"] false\n");
    assertThat(ok("volume", "ls", "-q", "--filter", "dangling=false")).hasLineCount(2);
    assertThat(ckit.run("volume", "rm", "db").err()).isEqualTo("ckit: volume \"db\" is in use by container web: delete it first\n");
    assertThat(ok("volume", "prune", "-a", "-f")).isEmpty();
    ok("delete", "-f", "web");
    assertThat(ok("volume", "ls", "-q", "--filter", "dangling=true")).as("kept, as docker rm keeps them").hasLineCount(2);
    assertThat(ckit.run("volume", "prune").err()).startsWith("ckit: volume prune: it would remove all volumes without a given name").endsWith("give --force\n");
    assertThat(ok("volume", "prune", "-f")).as("the container's own alone").matches("[0-9a-f]{64}\n");

    ok("run", "-d", "--name", "web", "localhost/app:1");
    ok("delete", "-f", "-v", "web");
    assertThat(ok("volume", "ls", "-q")).isEqualTo("db\n");
    assertThat(ok("volume", "prune", "-a", "-f")).isEqualTo("db\n");
  }

  @Test
  void volumesAreMadeListedAndRemoved() {
    assertThat(ok("volume", "create", "-l", "team=blue", "--label", "x", "db")).isEqualTo("db\n");
    assertThat(ok("volume", "create", "db")).as("again").isEqualTo("db\n");
    assertThat(ok("volume", "create")).matches("[0-9a-f]{64}\n");
    assertThat(ok("volume", "ls", "--filter", "label=team=blue")).isEqualTo("DRIVER  VOLUME NAME\nlocal   db\n");
    assertThat(ok("volume", "inspect", "db")).contains("\"Mountpoint\": \"" + directory.resolve("volumes/db/data") + "\"", "\"team\": \"blue\"");
    assertThat(ckit.run("volume", "create", "../etc").err()).startsWith("ckit: invalid name of a volume: \"../etc\"");
    Ckit.Result removed = ckit.run("volume", "rm", "none", "db");
    assertThat(removed.out()).isEqualTo("db\n");
    assertThat(removed.err()).isEqualTo("ckit: volume \"none\" does not exist\n");
    assertThat(removed.code()).isEqualTo(125);
    assertThat(ckit.run("volume", "rm", "-f", "none")).isEqualTo(new Ckit.Result(0, "", ""));
    ok("volume", "prune", "-f");
  }

  @Test
  void killedByKillNothingIsLeft() throws Exception {
    image("localhost/app:1", "CMD [\"sh\", \"-c\", \"echo ready; exec sleep 7654322\"]");
    Process process = ckit.start("run", "--name", "orphan", "localhost/app:1");
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    assertThat(output.readLine()).isEqualTo("ready");
    process.destroyForcibly().waitFor();
    Ckit.awaitLifelines(directory.resolve("state"));
    assertThat(ok("list", "-q")).isEmpty();
  }

  @Test
  void whatIsWrongIsOneLine() {
    image("localhost/silent:1");
    assertThat(ckit.run("run", "localhost/silent:1").err())
        .isEqualTo("ckit: image localhost/silent:1 does not say what to run: give a command\n");
    assertThat(ckit.run("run", "localhost/silent:1", "no-such-program").code()).isEqualTo(127);
    assertThat(ckit.run("run", "Not A Reference").code()).isEqualTo(125);
    assertThat(ckit.run("diff", "none").err()).isEqualTo("ckit: container \"none\" does not exist; ckit list shows those that do\n");
    ok("run", "-d", "--name", "plain", "--rootfs", "/", "--", "sleep", "1000");
    assertThat(ckit.run("diff", "plain").err()).endsWith("it is not made of an image\n");
    assertThat(ckit.run("commit", "plain").code()).isEqualTo(125);
    ok("delete", "-f", "plain");
  }
}
