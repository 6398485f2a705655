package io.containerkit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.containerkit.linux.Fd;
import io.containerkit.linux.MountNamespace;
import io.containerkit.linux.Mounts;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentStoreTest {

  private static final byte[] CONTENT = "some content, longer than nothing".getBytes(StandardCharsets.UTF_8);
  private static final Descriptor BLOB = Descriptor.of("text/plain", CONTENT);
  private static final BlobSource NOBODY =
      (blob, _) -> {
        throw new AssertionError("nobody should fetch " + blob);
      };

  @TempDir Path temp;
  private Path root;
  private ContentStore store;

  @BeforeEach
  void open() {
    root = temp.resolve("store");
    store = ContentStore.open(root);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static BlobSource serving(byte[] content) {
    return (_, from) -> new ByteArrayInputStream(content, (int) from, content.length - (int) from);
  }

  private static List<String> leftIn(Path root) throws IOException {
    var left = new ArrayList<String>();
    for (String name : List.of("incoming", "trash", "leases")) {
      try (Stream<Path> files = Files.list(root.resolve(name))) {
        files.forEach(file -> left.add(file.toString()));
      }
    }
    return left;
  }

  private void corrupt(BlobSource source, String why) throws IOException {
    try (Lease lease = store.lease()) {
      assertThatThrownBy(() -> lease.fetch(BLOB, source))
          .hasMessage("blob " + BLOB.digest() + " " + why)
          .asInstanceOf(type(ImageException.class))
          .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.CORRUPT));
    }
    assertThat(store.contains(BLOB.digest())).isFalse();
  }

  @Test
  void contentComesBackAsItWentIn() throws Exception {
    try (Lease lease = store.lease()) {
      lease.fetch(BLOB, serving(CONTENT));
      lease.fetch(BLOB, NOBODY);

      assertThat(store.read(BLOB.digest())).isEqualTo(CONTENT);
      assertThat(Files.readAllBytes(store.path(BLOB.digest()))).isEqualTo(CONTENT);
      assertThat(lease.put("text/plain", CONTENT)).isEqualTo(BLOB);
    }
    assertThat(leftIn(root)).isEmpty();
  }

  @Test
  void onlyTheOwnerMayLookInside() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root))).isEqualTo("rwx------");
    try (Stream<Path> directories = Files.list(root)) {
      assertThat(directories.filter(Files::isDirectory))
          .allSatisfy(d -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(d))).isEqualTo("rwx------"));
    }
  }

  @Test
  void whatIsNotWhatItShouldBeIsRefused() throws Exception {
    byte[] other = CONTENT.clone();
    other[3] ^= 1;
    corrupt(serving(other), "has the digest " + Digest.sha256(other));
    corrupt(serving(Arrays.copyOf(CONTENT, CONTENT.length + 1)), "is longer than the " + CONTENT.length + " bytes that it should have");
    assertThat(leftIn(root)).as("nothing to continue with").isEmpty();
    corrupt(serving(Arrays.copyOf(CONTENT, 10)), "ends after 10 of its " + CONTENT.length + " bytes");
  }

  @Test
  void aBrokenDownloadIsContinued() throws Exception {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            throw new IOException("connection reset");
          }
        };
    try (Lease lease = store.lease()) {
      assertThatThrownBy(() -> lease.fetch(BLOB, (_, _) -> new SequenceInputStream(new ByteArrayInputStream(CONTENT, 0, 10), broken)))
          .hasMessageContaining("connection reset");
    }
    ContentStore later = ContentStore.open(root);
    try (Lease lease = later.lease()) {
      var asked = new AtomicInteger(-1);
      lease.fetch(
          BLOB,
          (_, from) -> {
            asked.set((int) from);
            return serving(CONTENT).open(BLOB, from);
          });
      assertThat(asked).hasValue(10);
      assertThat(later.read(BLOB.digest())).isEqualTo(CONTENT);
    }
    later.close();
  }

  @Test
  void manyWhoAskGetOneDownload() throws Exception {
    var asked = new AtomicInteger();
    BlobSource slow =
        (blob, from) -> {
          asked.incrementAndGet();
          Thread.sleep(50);
          return serving(CONTENT).open(blob, from);
        };
    var threads = new ArrayList<Thread>();
    try (Lease lease = store.lease()) {
      for (int i = 0; i < 20; i++) {
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        lease.fetch(BLOB, slow);
                      } catch (InterruptedException e) {
                        throw new AssertionError(e);
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(store.read(BLOB.digest())).isEqualTo(CONTENT);
    }
    assertThat(asked).hasValue(1);
  }

  @Test
  void processesToo() throws Exception {
    var users = new ArrayList<Process>();
    for (int i = 0; i < 3; i++) {
      users.add(StoreUser.start(root, 0));
    }
    int fetched = 0;
    for (Process user : users) {
      String output = new String(user.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(user.waitFor()).as(output).isZero();
      fetched += Integer.parseInt(output.lines().toList().getLast());
    }
    assertThat(fetched).as("downloads of 6 layers by 3 processes").isEqualTo(6);
    assertThat(store.check(false)).isEmpty();
    assertThat(leftIn(root)).isEmpty();
  }

  @Test
  void aProcessMayBeKilledAtAnyInstant() throws Exception {
    ImageFixture image = StoreUser.image();
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int round = 0; round < 6; round++) {
      Process user = StoreUser.start(root, 1_000_000);
      assertThat(user.inputReader().readLine()).isEqualTo("ready");
      Thread.sleep(random.nextInt(400));
      user.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

      assertThat(store.check(false)).as("seed %d", seed).isEmpty();
      for (Digest layer : store.stored("layers")) {
        assertThat(root.resolve("layers/sha256").resolve(layer.hex())).isDirectoryContaining(file -> file.endsWith("layer.json"));
      }
    }
    try (Lease lease = store.lease()) {
      var snapshots = new Snapshots(store);
      snapshots.unpack(lease, image.manifest(), image.config(), image);
      Path copy = Files.createDirectory(temp.resolve("copy"));
      snapshots.copy(image.diffIds(), copy);
      assertThat(TreeListing.of(copy)).as("seed %d", seed).hasSize(1 + 6 + 6 * 40);
    }
    store.untag("image");
    store.collect();
    assertThat(leftIn(root)).isEmpty();
    assertThat(store.stored("blobs")).isEmpty();
    assertThat(store.stored("layers")).isEmpty();
  }

  @Test
  void aFullDiskLeavesNothingBehind() throws Exception {
    byte[] random = new byte[3 << 20];
    new Random(1).nextBytes(random);
    var incompressible = new ImageFixture().layer(new Tar().file("f", new String(random, StandardCharsets.ISO_8859_1)).end());
    var compressible = new ImageFixture().layer(new Tar().file("f", "x".repeat(3 << 20)).end());
    Path target = Files.createDirectory(temp.resolve("small"));
    try (var namespace = MountNamespace.copyOfHost();
        Fd small =
            namespace.call(
                () -> {
                  Mounts.tmpfs(target, List.of("size=2m", "mode=0700"));
                  return Fd.openPath(target);
                })) {
      // By the descriptor every thread gets there, though only one is in the namespace.
      Path tiny = small.path().resolve("store");
      try (ContentStore full = ContentStore.open(tiny)) {
        for (ImageFixture image : List.of(incompressible, compressible)) {
          try (Lease lease = full.lease()) {
            assertThatThrownBy(() -> new Snapshots(full).unpack(lease, image.manifest(), image.config(), image))
                .asInstanceOf(type(ImageException.class))
                .satisfies(e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(ErrorKind.NO_SPACE));
          }
          full.collect();
          assertThat(full.stored("layers")).isEmpty();
          assertThat(full.stored("blobs")).isEmpty();
          assertThat(leftIn(tiny)).isEmpty();
        }
        try (Lease lease = full.lease()) {
          var fits = new ImageFixture().layer(new Tar().file("f", "x".repeat(1 << 20)).end());
          assertThat(new Snapshots(full).unpack(lease, fits.blob(0), fits.diffIds().getFirst(), fits)).isDirectory();
        }
      }
    }
  }

  @Test
  void whatIsInUseIsKept() throws Exception {
    ImageFixture image = new ImageFixture().layer(new Tar().file("f", "1").end()).layer(new Tar().file("g", "2").end());
    var snapshots = new Snapshots(store);
    Descriptor manifest;
    try (Lease lease = store.lease()) {
      snapshots.unpack(lease, image.manifest(), image.config(), image);
      lease.put(MediaType.OCI_CONFIG, image.config().toBytes());
      manifest = lease.put(MediaType.OCI_MANIFEST, image.manifest().toBytes());
      lease.put("text/plain", CONTENT);
      assertThat(store.collect()).as("while leased").isEqualTo(new ContentStore.Collected(0, 0, 0));
      lease.tag("image", manifest);
    }
    assertThat(store.collect()).as("only what no name needs").isEqualTo(new ContentStore.Collected(1, 0, CONTENT.length));
    assertThat(store.stored("blobs")).hasSize(4);

    store.lease("container").keep(manifest.digest());
    assertThat(store.untag("image")).isTrue();
    assertThat(store.untag("image")).isFalse();
    assertThat(store.collect().blobs()).as("a container has it").isZero();
    try (ContentStore again = ContentStore.open(root)) {
      again.lease("container").release();
      assertThat(again.collect()).extracting(ContentStore.Collected::blobs, ContentStore.Collected::layers).containsExactly(4, 2);
    }
    assertThat(leftIn(root)).isEmpty();
  }

  @Test
  void closingTwiceTakesNothingFromOtherUsers() throws Exception {
    ContentStore other = ContentStore.open(root);
    Lease late = other.lease();
    other.close();
    other.close();
    late.close();

    try (Lease lease = store.lease()) {
      lease.put(BLOB, CONTENT);
      assertThat(store.collect().blobs()).isZero();
    }
    assertThat(leftIn(root)).isEmpty();
  }

  @Test
  void aLeaseEndsWithItsProcess() throws Exception {
    Files.writeString(root.resolve("leases/process-00000000-0000-0000-0000-000000000000"), BLOB.digest() + "\n");
    try (Lease lease = store.lease()) {
      lease.put(BLOB, CONTENT);
    }

    assertThat(store.collect().blobs()).isEqualTo(1);
    assertThat(leftIn(root)).isEmpty();
  }

  @Test
  void checkFindsDamageAndWhatIsMissing() throws Exception {
    ImageFixture image = new ImageFixture().layer(new Tar().file("f", "1").end());
    try (Lease lease = store.lease()) {
      lease.fetch(image.blob(0), image);
      lease.put(MediaType.OCI_CONFIG, image.config().toBytes());
      lease.tag("image", lease.put(MediaType.OCI_MANIFEST, image.manifest().toBytes()));
      assertThat(store.check(false)).isEmpty();

      Files.write(store.path(image.blob(0).digest()), new byte[] {1, 2, 3});
      assertThat(store.check(true)).extracting(StoreProblem::digest).containsExactly(image.blob(0).digest(), image.blob(0).digest());
      assertThat(store.contains(image.blob(0).digest())).isFalse();
      assertThat(store.check(false)).singleElement().extracting(StoreProblem::what).isEqualTo("is not here, but image image needs it");

      lease.fetch(image.blob(0), image);
      assertThat(store.check(false)).isEmpty();
    }
  }

  @Test
  void namesAreAnyText() throws Exception {
    try (Lease lease = store.lease()) {
      Descriptor target = lease.put("text/plain", CONTENT);
      for (String name : List.of("docker.io/library/ubuntu:24.04", "../../etc/passwd", "x".repeat(1000), "\u00fc")) {
        lease.tag(name, target);
        assertThat(store.resolve(name)).contains(target);
      }
      assertThat(store.references()).hasSize(4).isSortedAccordingTo(java.util.Comparator.comparing(ContentStore.Reference::name));
      assertThat(store.resolve("other")).isEmpty();
      assertThatThrownBy(() -> lease.tag("a\nb", target)).hasMessageContaining("invalid name");
      assertThatThrownBy(() -> lease.tag("gone", Descriptor.of("", new byte[] {1}))).hasMessageContaining("is not in the store");
      assertThatThrownBy(() -> store.lease("../x")).hasMessageContaining("invalid lease");
    }
  }
}
