package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.spec.Json;
import io.containerkit.spec.JsonArray;
import io.containerkit.testing.LeavesNothing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images by the real command, from and to Debian's docker-registry, skopeo and podman.
@LeavesNothing
class ImagesIT {

  private static final String ID = "sha256:[0-9a-f]{64}\n";

  @TempDir private Path directory;
  private Ckit ckit = new Ckit(Path.of("unset"));

  @BeforeEach
  void useAStoreOfItsOwn() {
    ckit = withStore("store");
  }

  private Ckit withStore(String name) {
    return new Ckit(directory.resolve("state"), "--images", directory.resolve(name).toString());
  }

  @AfterEach
  void theStoreIsWhole() {
    ok("image", "check");
  }

  private List<Path> left(String name) throws IOException {
    try (Stream<Path> entries = Files.list(directory.resolve(name))) {
      return entries.toList();
    }
  }

  /// What a command prints that must succeed.
  private String ok(String... words) {
    Ckit.Result result = ckit.run(words);
    assertThat(result.code()).as(result.err()).isZero();
    return result.out();
  }

  /// Asserts that a command fails by one line that has this text.
  private void refused(String message, String... words) {
    assertRefused(ckit.run(words), message);
  }

  private static void assertRefused(Ckit.Result result, String message) {
    assertThat(result.code()).as(result.out()).isEqualTo(125);
    assertThat(result.err()).startsWith("ckit: ").contains(message).hasLineCount(1);
  }

  /// Makes an image of busybox and of so much that cannot be compressed.
  private String makeImage(String name, int kibibytes) throws IOException {
    Path root = directory.resolve("root");
    Files.createDirectories(root.resolve("bin"));
    Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"), StandardCopyOption.REPLACE_EXISTING);
    byte[] noise = new byte[kibibytes << 10];
    new Random(kibibytes).nextBytes(noise);
    Files.write(root.resolve("noise"), noise);
    Ckit.other(directory, "tar", "-C", root.toString(), "-cf", "root.tar", ".");
    return ok("import", "-c", "CMD [\"/bin/busybox\", \"sh\"]", "-c", "LABEL team=a", directory.resolve("root.tar").toString(), name).strip();
  }

  @Test
  void anImageGoesToARegistryAndComesBack() throws IOException {
    try (LocalRegistry registry = LocalRegistry.plain(directory.resolve("registry"))) {
      String name = registry.image("team/app:1");
      String id = makeImage("app", 64);
      ok("tag", "app", name);
      Path digestFile = directory.resolve("digest");
      String digest = ok("push", "-q", "--digestfile", digestFile.toString(), name).strip();
      assertThat(digestFile).hasContent(digest);
      assertThat(ok("rmi", name, "app")).isEqualTo("Untagged: " + name + "\nUntagged: docker.io/library/app:latest\nDeleted: " + id + "\n");
      assertThat(left("store/blobs/sha256")).isEmpty();
      assertThat(left("store/layers")).isEmpty();

      Ckit.Result pulled = ckit.run("pull", name);
      assertThat(pulled.out()).isEqualTo(id + "\n");
      assertThat(pulled.err()).matches("pull " + name + ": 1 blob, .*\n[0-9a-f]{12}: done, .*\n");
      assertThat(ckit.run("pull", name).err()).endsWith(": exists\n");
      assertThat(ckit.run("pull", "-q", registry.image("team/app@" + digest))).isEqualTo(new Ckit.Result(0, id + "\n", ""));
      assertThat(ok("images", "-q")).isEqualTo(id.substring(7, 19) + "\n");
      assertThat(ok("images", "--no-trunc", "-f", "{{.ID}} {{.Repository}}:{{.Tag}}", "--filter", "reference=*/team/*:1", "--filter", "label=team=a"))
          .isEqualTo(id + " " + name + "\n");
      assertThat(ok("images", "--filter", "label=team=b", "-q")).isEmpty();
      assertThat(ok("inspect", "-f", "{{.Id}} {{json .Config.Cmd}} {{.RepoDigests}}", name))
          .isEqualTo(id + " [\"/bin/busybox\",\"sh\"] [" + registry.image("team/app@" + digest) + "]\n");
      assertThat(ok("history", "-f", "{{.CreatedBy}}", name)).isEqualTo("ckit import\n");
      assertThat(Ckit.other(directory, "skopeo", "inspect", "--tls-verify=false", "--format", "{{.Digest}}", "docker://" + name).strip()).isEqualTo(digest);
    }
  }

  @Test
  void pullingAllTagsPullsThemAll() throws IOException {
    try (LocalRegistry registry = LocalRegistry.plain(directory.resolve("registry"))) {
      makeImage("app", 1);
      ok("push", "app", registry.image("app:1"));
      ok("push", "app", registry.image("app:2"));
      assertThat(ok("pull", "-a", registry.image("app"))).hasLineCount(2);
      assertThat(ok("images", "-f", "{{.Tag}}", registry.image("app"))).isEqualTo("1\n2\n");
    }
  }

  @Test
  void aRegistryThatWantsProofGetsItAndMustGiveIt() throws IOException {
    try (LocalRegistry registry = LocalRegistry.secured(directory.resolve("registry"))) {
      makeImage("app", 1);
      String name = registry.image("app:1");
      String authFile = directory.resolve("auth.json").toString();
      refused("its certificate is not trusted; name its authority by `ca`", "push", "-q", "app", name);

      String notVerified = "--tls-verify=false";
      refused("401 Unauthorized", "push", "-q", notVerified, "app", name);
      refused("401 Unauthorized", "push", "-q", notVerified, "--creds", "me:wrong", "app", name);
      ok("push", "-q", notVerified, "--creds", "me:s3cret", "app", name);

      Ckit.Result wrong = ckit.runWithInput("wrong\n", "login", notVerified, "--authfile", authFile, "-u", "me", "--password-stdin", registry.host());
      assertRefused(wrong, "401 Unauthorized");
      assertThat(Path.of(authFile)).doesNotExist();
      Ckit.Result login = ckit.runWithInput("s3cret\n", "login", notVerified, "--authfile", authFile, "-u", "me", "--password-stdin", registry.host());
      assertThat(login).isEqualTo(new Ckit.Result(0, "Login succeeded\n", ""));
      assertThat(ok("pull", "-q", notVerified, "--authfile", authFile, name)).matches(ID);
      assertThat(Ckit.other(directory, "skopeo", "inspect", "--tls-verify=false", "--authfile", authFile, "--format", "{{.Architecture}}", "docker://" + name)).isNotBlank();
      ok("logout", "--authfile", authFile, registry.host());
      refused("401 Unauthorized", "pull", "-q", notVerified, "--authfile", authFile, name);
    }
  }

  @Test
  void whatARegistryDoesNotHaveAndARegistryThatIsNotThereAreOneLine() throws IOException {
    String gone;
    try (LocalRegistry registry = LocalRegistry.plain(directory.resolve("registry"))) {
      makeImage("app", 1);
      ok("push", "app", registry.image("app:1"));
      refused("manifest unknown", "pull", "-q", registry.image("app:2"));
      refused("not here; pull or load it first", "pull", "-q", "--policy", "never", registry.image("app:1"));
      ok("pull", registry.image("app:1"));
      gone = registry.image("app:1");
    }
    refused("cannot connect: nobody listens there", "pull", "-q", gone);
    refused("there is no host of this name", "pull", "-q", "registry.invalid/app");
    ok("pull", "-q", "--policy", "newer", gone);
    ok("pull", "-q", "--policy", "missing", gone);
    refused("image \"nope\" is not here", "push", "nope");
    refused("image \"nope\" is not here", "tag", "nope", "x");
    refused("image \"nope\" is not here", "save", "-o", directory.resolve("nope.tar").toString(), "nope");
    assertThat(directory.resolve("nope.tar")).doesNotExist();
    refused("image \"nope\" is not here", "rmi", "nope");
    ok("rmi", "-i", "nope");
    refused("it does not exist", "load", "-i", directory.resolve("nope.tar").toString());
    Files.writeString(directory.resolve("text.tar"), "no archive");
    refused("image archive", "load", "-i", directory.resolve("text.tar").toString());
    refused("archive of files: ", "import", directory.resolve("text.tar").toString());
  }

  @Test
  void archivesGoToSkopeoAndPodmanAndComeBack() throws IOException {
    String id = makeImage("docker.io/library/app:1", 64);
    String archive = directory.resolve("app.tar").toString();
    ok("save", "-o", archive, "app:1");
    Ckit.other(directory, "skopeo", "--insecure-policy", "copy", "docker-archive:app.tar", "oci:layout:docker.io/library/from-docker-archive:1");
    Ckit.other(directory, "skopeo", "--insecure-policy", "copy", "oci-archive:app.tar:docker.io/library/app:1", "docker-archive:theirs.tar:docker.io/library/theirs:1");
    String[] podman = {"podman", "--root", directory.resolve("podman").toString(), "--runroot", directory.resolve("podman-run").toString(), "--storage-driver", "vfs"};
    Ckit.other(directory, with(podman, "load", "-q", "-i", archive));
    assertThat(Ckit.other(directory, with(podman, "images", "--no-trunc", "-q"))).isEqualTo(id + "\n");
    Ckit.other(directory, with(podman, "save", "-q", "--format", "oci-archive", "-o", "podman.tar", "app:1"));
    ok("rmi", "-a");

    assertThat(ok("load", "-i", directory.resolve("theirs.tar").toString())).isEqualTo("Loaded image: docker.io/library/theirs:1\n");
    assertThat(ok("load", "-i", directory.resolve("layout").toString())).isEqualTo("Loaded image: docker.io/library/from-docker-archive:1\n");
    assertThat(ok("load", "-i", directory.resolve("podman.tar").toString())).isEqualTo("Loaded image: docker.io/library/app:1\n");
    assertThat(((JsonArray) Json.read(ok("images", "-f", "json"))).values()).hasSize(3);
    assertThat(ok("inspect", "-f", "{{.Config.Cmd}} {{.Config.Labels}}", "app:1", "theirs:1", "from-docker-archive:1").lines())
        .containsOnly("[/bin/busybox sh] map[team:a]");
    assertThat(ok("image", "prune", "-f", "-a")).contains("Untagged: docker.io/library/theirs:1\n");
  }

  private static String[] with(String[] first, String... more) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void anArchiveGoesThroughAPipe() throws IOException {
    makeImage("app", 64);
    Process save = ckit.start("save", "app");
    byte[] archive = save.getInputStream().readAllBytes();
    assertThat(Ckit.finish(save, "").code()).isZero();
    Path file = Files.write(directory.resolve("app.tar"), archive);
    Process load = new ProcessBuilder(withStore("other").words("load")).redirectInput(file.toFile()).start();
    assertThat(Ckit.finish(load, "")).isEqualTo(new Ckit.Result(0, "Loaded image: docker.io/library/app:latest\n", ""));
  }

  @Test
  void aPullThatIsKilledGoesOnAtTheNextAndLeavesNothing() throws IOException, InterruptedException {
    try (LocalRegistry registry = LocalRegistry.plain(directory.resolve("registry"))) {
      String id = makeImage("app", 48 << 10);
      String name = registry.image("app:1");
      ok("push", "-q", "app", name);
      ok("rmi", "app");
      Path incoming = directory.resolve("store/incoming");
      for (int i = 0; i < 3; i++) {
        Process pull = ckit.start("pull", "-q", name);
        while (pull.isAlive() && bytesIn(incoming) < (long) (i + 1) * (8 << 20)) {
          Thread.onSpinWait();
        }
        pull.destroyForcibly().waitFor();
        assertThat(ok("images", "-q")).isEmpty();
      }
      assertThat(ok("pull", "-q", name)).isEqualTo(id + "\n");
      ok("image", "prune", "-f");
    }
  }

  private static long bytesIn(Path directory) throws IOException {
    long sum = 0;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sum += file.toFile().length();
      }
    }
    return sum;
  }

  @Test
  void aFullDiskIsOneLineAndLeavesWhatThereWas() throws IOException {
    try (LocalRegistry registry = LocalRegistry.plain(directory.resolve("registry"))) {
      makeImage("app", 16 << 10);
      String name = registry.image("app:1");
      ok("push", "-q", "app", name);
      Path small = Files.createDirectories(directory.resolve("small"));
      Ckit.other(directory, "mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", small.toString());
      try {
        Ckit tight = withStore("small/store");
        assertRefused(tight.run("pull", "-q", name), "No space left on device");
        assertThat(tight.run("images", "-q")).isEqualTo(new Ckit.Result(0, "", ""));
        assertThat(tight.run("image", "prune", "-f").code()).isZero();
        assertThat(tight.run("image", "check").code()).isZero();
        assertThat(left("small/store/incoming")).isEmpty();
        assertThat(left("small/store/blobs/sha256")).isEmpty();
      } finally {
        Ckit.other(directory, "umount", small.toString());
      }
    }
  }

  @Test
  void whatTheHelperKeepsIsUsed() throws IOException {
    Path helper = directory.resolve("docker-credential-test");
    Files.writeString(
        helper,
        """
        #!/bin/sh
        case $1 in
          get) cat "$0.kept" ;;
          store) sed 's/"ServerURL":"[^"]*",*//' >"$0.kept" ;;
          erase) rm -f "$0.kept" ;;
        esac
        """,
        StandardCharsets.UTF_8);
    assertThat(helper.toFile().setExecutable(true)).isTrue();
    Path config = Files.writeString(directory.resolve("config.json"), "{\"credsStore\":\"test\"}");
    try (LocalRegistry registry = LocalRegistry.secured(directory.resolve("registry"))) {
      ProcessBuilder login =
          new ProcessBuilder(
              ckit.words("login", "--tls-verify=false", "--authfile", config.toString(), "-u", "me", "-p", "s3cret", registry.host()));
      login.environment().merge("PATH", directory.toString(), (path, more) -> more + ":" + path);
      assertThat(Ckit.finish(login.start(), "")).isEqualTo(new Ckit.Result(0, "Login succeeded\n", ""));
      assertThat(config).hasContent("{\"credsStore\":\"test\"}");
      assertThat(directory.resolve("docker-credential-test.kept")).content().contains("s3cret");
    }
    ok("images"); // Makes the store that is checked in the end.
  }
}
