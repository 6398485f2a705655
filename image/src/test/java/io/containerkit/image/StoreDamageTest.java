package io.containerkit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.containerkit.linux.Fd;
import io.containerkit.linux.MountNamespace;
import io.containerkit.linux.Mounts;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever is found in a store, it can still be listed, checked and cleared away.
class StoreDamageTest {

  private static final String NAME = "docker.io/library/victim:latest";

  @TempDir Path temp;
  private Images images;
  private ContentStore store;
  private final ImageFixture image = new ImageFixture().layer(new Tar().file("f", "1").end());
  private Descriptor manifest;
  private Descriptor index;

  @BeforeEach
  void open() throws Exception {
    images = Images.builder().root(temp.resolve("store")).registries(RegistryConfig.NONE).credentials(CredentialSource.none()).open();
    store = images.store();
    try (Lease lease = store.lease()) {
      lease.fetch(image.blob(0), image);
      lease.put(MediaType.OCI_CONFIG, image.config().toBytes());
      manifest = lease.put(MediaType.OCI_MANIFEST, image.manifest().toBytes());
      index = lease.put(MediaType.OCI_INDEX, Index.of(List.of(manifest)).toBytes());
      lease.tag(NAME, index);
    }
  }

  @AfterEach
  void close() {
    images.close();
  }

  /// The digest of a part of the image.
  private Digest part(String kind) {
    return switch (kind) {
      case "index" -> index.digest();
      case "manifest" -> manifest.digest();
      case "config" -> image.manifest().config().digest();
      default -> image.blob(0).digest();
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"index", "manifest", "config", "layer"})
  void checkListsDamageOfEachKindAndGoesOn(String kind) throws Exception {
    Files.write(store.path(part(kind)), new byte[] {'{'});
    Descriptor other = Descriptor.of("text/plain", new byte[] {1});
    try (Lease lease = store.lease()) {
      lease.put(other, new byte[] {1});
      lease.tag("zzz", other);
    }
    Files.write(store.path(other.digest()), new byte[] {2});

    assertThat(store.check(false))
        .extracting(StoreProblem::digest)
        .as("each once, and what comes after it")
        .containsExactlyInAnyOrder(part(kind), other.digest());
    assertThat(store.check(true)).extracting(StoreProblem::what).anyMatch(what -> what.endsWith(": removed"));
    if (!kind.equals("manifest")) {
      // Of an index any manifest may be missing: nobody pulls every platform.
      assertThat(store.check(false)).extracting(StoreProblem::what).contains("is not here, but image " + NAME + " needs it");
    }
    assertThat(images.list()).hasSize(kind.equals("layer") ? 1 : 0);
    assertThat(images.remove(NAME, false).names()).containsExactly(NAME);
  }

  @Test
  void checkNamesContentThatIsWholeButNoDocument() throws Exception {
    byte[] confused = "{\"schemaVersion\":2,\"manifests\":[],\"layers\":[]}".getBytes(StandardCharsets.US_ASCII);
    try (Lease lease = store.lease()) {
      lease.tag("confused", lease.put(MediaType.OCI_MANIFEST, confused));
    }
    assertThat(store.check(false)).singleElement().satisfies(problem -> assertThat(problem.what()).contains("both an index and a manifest"));
  }

  @Test
  void filesOfOthersInTheStoreStayAndHinderNothing() throws Exception {
    var strays =
        List.of(
            "blobs/stray", "blobs/sha256/stray", "blobs/sha256/.nfs01", "layers/sha256/stray", "incoming/stray", "incoming/sha256-stray", "incoming/layer-x",
            "references/stray", "leases/kept-stray");
    for (String stray : strays) {
      Path file = store.root().resolve(stray);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "whose is this?\n\u00fc\n", StandardCharsets.ISO_8859_1);
    }
    assertThat(store.check(false)).isEmpty();
    assertThat(store.collect().blobs()).isZero();
    assertThat(images.list()).hasSize(1);
    assertThat(images.prune(false).names()).isEmpty();
    assertThat(strays).allSatisfy(stray -> assertThat(store.root().resolve(stray)).exists());
  }

  @Test
  void halfALineOfALeaseIsPassedOver() throws Exception {
    Path file = store.leasePath("box");
    Files.writeString(file, manifest.digest() + "\nsha256:0123");
    store.untag(NAME);
    try (Lease lease = store.lease("box")) {
      lease.keep(index.digest());
    }
    assertThat(store.collect().blobs()).isZero();
    assertThat(images.list()).isEmpty();
    assertThat(Lease.read(file)).containsExactly(manifest.digest(), index.digest());
  }

  @Test
  void aDiskThatIsFullInTheMiddleOfALineOfALeaseSpoilsNothing() throws Exception {
    Path target = Files.createDirectory(temp.resolve("small"));
    try (var namespace = MountNamespace.copyOfHost();
        Fd small =
            namespace.call(
                () -> {
                  Mounts.tmpfs(target, List.of("size=1m", "mode=0700"));
                  return Fd.openPath(target);
                });
        ContentStore full = ContentStore.open(small.path().resolve("store"));
        Lease lease = full.lease("box")) {
      lease.keep(digest(0));
      Path filler = small.path().resolve("filler");
      assertThatThrownBy(() -> Files.write(filler, new byte[2 << 20])).hasMessageContaining("No space");
      // A page of the file holds a whole number of lines and a piece of one.
      int kept = 1;
      ImageException failure = null;
      while (failure == null) {
        try {
          lease.keep(digest(kept));
          kept++;
        } catch (ImageException e) {
          failure = e;
        }
      }
      assertThat(failure).asInstanceOf(type(ImageException.class)).satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.NO_SPACE));
      assertThat(Files.readString(full.leasePath("box"))).doesNotEndWith("\n");
      full.collect();

      Files.delete(filler);
      lease.keep(digest(kept));
      assertThat(Lease.read(full.leasePath("box"))).hasSize(kept + 1).endsWith(digest(kept));
      full.collect();
    }
  }

  private static Digest digest(int number) {
    return Digest.sha256(new byte[] {(byte) number, 7});
  }

  @Test
  void indexesNestedTenThousandDeepAreListedCheckedAndCollected() throws Exception {
    Descriptor deep = nested(manifest, 10_000, store.directory("blobs").resolve("sha256"));
    try (Lease lease = store.lease()) {
      lease.tag("deep", deep);
    }
    assertThat(images.list()).extracting(Image::name).containsExactly(NAME);
    assertThat(images.find("deep")).isEmpty();
    assertThat(store.check(false)).isEmpty();
    assertThat(store.collect().blobs()).isZero();
    assertThatThrownBy(() -> store.manifest(deep, Platform.host())).hasMessageContaining("nested deeper than 4");

    assertThat(images.remove("deep", false).freed().blobs()).as("all but the innermost, which is the image's own").isEqualTo(9_999);
    assertThat(images.list()).hasSize(1);
  }

  /// Puts indexes of indexes into a directory of blobs.
  static Descriptor nested(Descriptor innermost, int depth, Path blobs) throws Exception {
    Descriptor at = innermost;
    for (int i = 0; i < depth; i++) {
      byte[] bytes = Index.of(List.of(at)).toBytes();
      at = Descriptor.of(MediaType.OCI_INDEX, bytes);
      Files.write(blobs.resolve(at.digest().hex()), bytes);
    }
    return at;
  }

  @Test
  void anIndexThatNamesTheSameOneAThousandTimesIsLookedIntoOnce() throws Exception {
    Path blobs = store.directory("blobs").resolve("sha256");
    Descriptor at = manifest.withPlatform(Platform.of("linux/s390x"));
    for (int i = 0; i < 4; i++) {
      byte[] bytes = Index.of(Collections.nCopies(1000, at)).toBytes();
      at = Descriptor.of(MediaType.OCI_INDEX, bytes).withPlatform(Platform.of("linux/s390x"));
      Files.write(blobs.resolve(at.digest().hex()), bytes);
    }
    try (Lease lease = store.lease()) {
      lease.tag("wide", at);
    }
    assertThat(images.list()).hasSize(2);
    assertThat(store.check(false)).isEmpty();
    Path layout = temp.resolve("layout");
    images.save(List.of("wide"), layout);
    assertThat(images.load(layout)).containsExactly("wide");
  }
}
