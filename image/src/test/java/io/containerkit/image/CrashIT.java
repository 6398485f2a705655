package io.containerkit.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A store whose process is killed, or finds the disk full, at the n-th of the calls that change files: in a pull, a lease, a commit, an
/// import, a save, a load, a removal. strace counts and breaks the calls, so the same number is the same instant in each run.
class CrashIT {

  private static final String CALLS = "rename,fsync,unlink,mkdir,mkdirat,mknodat,pwrite64";

  @TempDir Path temp;
  private Path root;

  @BeforeEach
  void make() throws Exception {
    root = temp.resolve("store");
    ContentStore.open(root).close();
    Files.writeString(Files.createDirectories(temp.resolve("files/tree")).resolve("new"), "three");
  }

  private record Ended(int status, String output, String errors) {}

  private Ended run(String injection, String... options) throws Exception {
    var command = new ArrayList<>(List.of("strace", "-f", "-qqq", "-o", "/dev/null", "-e", "trace=" + CALLS, "-e", "inject=" + injection));
    command.addAll(List.of(options));
    command.addAll(StoreUser.java(StoreSteps.class, root.toString(), temp.resolve("files").toString()));
    Path errors = temp.resolve("errors");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output.strip(), Files.readString(errors));
  }

  /// Whatever has happened: the store can be read, nothing in it is damaged, and the next user gets all done.
  private void assertUsable() throws Exception {
    try (ContentStore store = ContentStore.open(root)) {
      assertThat(store.check(false)).isEmpty();
      for (ContentStore.Reference reference : store.references()) {
        assertThat(store.document(reference.target())).isNotNull();
      }
      try (Lease lease = store.lease()) {
        StoreSteps.pull(store, lease);
        Path copy = Files.createDirectory(temp.resolve("copy"));
        new Snapshots(store).copy(StoreSteps.IMAGE.diffIds(), copy);
        assertThat(copy.resolve("g")).hasContent("two");
        assertThat(copy.resolve("d")).isEmptyDirectory();
      }
      store.references().forEach(reference -> store.untag(reference.name()));
      store.lease("container").release();
      store.collect();
      assertThat(store.stored("blobs")).isEmpty();
      assertThat(store.stored("layers")).isEmpty();
      for (String directory : List.of("incoming", "leases", "trash", "references")) {
        assertThat(root.resolve(directory)).isEmptyDirectory();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 18, 25, 35, 45})
  void killedAtAnyCall(int call) throws Exception {
    Ended ended = run("rename,fsync,unlink:signal=KILL:when=" + call);

    assertThat(ended.status()).as(ended.errors()).isEqualTo(137);
    assertUsable();
  }

  @Test
  void aDiskThatIsFullNowAndThen() throws Exception {
    Ended ended = run("rename,fsync,mkdir,mkdirat,mknodat,pwrite64:error=ENOSPC:when=3..400+37", "--seccomp-bpf");

    assertThat(ended.status()).as(ended.errors()).isZero();
    assertThat(Integer.parseInt(ended.output())).as(ended.errors()).isGreaterThan(4);
    assertUsable();
  }
}
