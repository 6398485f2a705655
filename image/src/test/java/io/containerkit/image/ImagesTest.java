package io.containerkit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.image.ImageConfig.Defaults;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.RegistryException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagesTest {

  private static final Platform OTHER = Platform.of(Platform.host().architecture().equals("s390x") ? "amd64" : "s390x");

  @TempDir Path root;
  private FakeRegistry registry;
  private Images images;

  @BeforeEach
  void open() {
    registry = new FakeRegistry();
    images = open(root.resolve("store"));
  }

  @AfterEach
  void close() {
    assertThat(images.check(false)).isEmpty();
    images.close();
    registry.close();
  }

  private static Images open(Path root) {
    return Images.builder().root(root).registries(RegistryConfig.NONE).credentials(CredentialSource.none()).open();
  }

  /// An image of two layers, one with a file of this name.
  private static ImageFixture image(String file) {
    return new ImageFixture().layer(new Tar().file("common", "of all").end()).layer(new Tar().file(file, "of one").end());
  }

  private Descriptor serve(String repositoryAndTag, ImageFixture image, Platform platform) {
    Manifest manifest = image.manifest(platform);
    registry.addBlob(MediaType.OCI_CONFIG, image.config(platform).toBytes());
    manifest.layers().forEach(layer -> registry.addBlob(layer.mediaType(), image.open(layer, 0).readAllBytes()));
    return registry.addDocument(repositoryAndTag, manifest).withPlatform(platform);
  }

  private Descriptor serve(String repositoryAndTag, ImageFixture image) {
    return serve(repositoryAndTag, image, Platform.host());
  }

  private Descriptor serveIndex(String repositoryAndTag) {
    String repository = repositoryAndTag.substring(0, repositoryAndTag.indexOf(':'));
    Descriptor other = serve(repository + ":other", image("other"), OTHER);
    Descriptor own = serve(repository + ":own", image("own"), Platform.host());
    return registry.addDocument(repositoryAndTag, Index.of(List.of(other, own)));
  }

  @Test
  void aPulledImageIsUnpackedAndHasItsName() throws Exception {
    ImageFixture fixture = image("a");
    serve("team/app:1", fixture);
    ImageReference reference = registry.reference("team/app:1");

    Image image = images.pull(reference);

    assertThat(image.id()).isEqualTo(fixture.manifest(Platform.host()).config().digest());
    assertThat(image.reference()).contains(reference);
    assertThat(images.list()).containsExactly(image);
    assertThat(images.get(reference.toString())).isEqualTo(image);
    try (Lease lease = images.store().lease()) {
      assertThat(images.snapshots().lower(lease, image.config().diffIds())).first().satisfies(top -> assertThat(top.resolve("a")).hasContent("of one"));
    }
  }

  @Test
  void aSecondPullAsksForTheTagAlone() throws Exception {
    serveIndex("app:1");
    Image first = images.pull(registry.reference("app:1"));
    registry.calls.clear();

    assertThat(images.pull(registry.reference("app:1"))).isEqualTo(first);

    assertThat(registry.calls).extracting(FakeRegistry.Call::toString).containsExactly("HEAD /v2/app/manifests/1");
  }

  @Test
  void aSecondPullByDigestAsksNobody() throws Exception {
    Descriptor index = serveIndex("app:1");
    ImageReference reference = registry.reference("app:1").withDigest(index.digest());
    Image first = images.pull(reference);
    assertThat(first.name()).isEqualTo(registry.host() + "/app@" + index.digest());
    registry.calls.clear();

    assertThat(images.pull(reference)).isEqualTo(first);
    assertThat(registry.calls).isEmpty();
  }

  @Test
  void aTagThatMovedBringsTheNewImageAndSharesLayers() throws Exception {
    serve("app:1", image("a"));
    Image first = images.pull(registry.reference("app:1"));
    serve("app:1", image("b"));
    registry.calls.clear();

    Image second = images.pull(registry.reference("app:1"));

    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(registry.calls("GET", "/blobs/")).hasSize(2); // The configuration and one layer.
    assertThat(images.list()).extracting(Image::id).containsExactly(second.id(), first.id());
    assertThat(images.prune(false).freed()).satisfies(freed -> assertThat(freed.layers()).isEqualTo(1));
  }

  private List<String> names() {
    return images.list().stream().map(Image::name).toList();
  }

  @Test
  void whatATagMovesAwayFromHasNoNameUntilItIsPrunedOrNamed() throws Exception {
    serve("team/app:1", image("a"));
    ImageReference one = registry.reference("team/app:1");
    ImageReference two = registry.reference("team/app:2");
    Image old = images.pull(one);
    String digest = old.target().digest().toString();
    serve("team/app:1", image("b"));
    Image moved = images.pull(one);
    assertThat(names()).containsExactly(one.toString(), digest);
    assertThat(images.get(digest).reference()).isEmpty();

    images.tag(digest, two);
    assertThat(names()).as("named again").containsExactly(one.toString(), two.toString());
    images.tag(one.toString(), two);
    assertThat(names()).as("moved once more").containsExactly(one.toString(), two.toString(), digest);
    images.tag(digest, one);
    assertThat(names()).as("what had two names still has one").containsExactly(one.toString(), two.toString());
    images.tag(one.toString(), one);
    assertThat(names()).as("named what it was named").containsExactly(one.toString(), two.toString());

    images.tag(one.toString(), two);
    String other = moved.target().digest().toString();
    assertThat(images.prune(false).names()).containsExactly(other);
    assertThat(images.find(other)).isEmpty();
    assertThat(names()).containsExactly(one.toString(), two.toString());
  }

  @Test
  void ofManyWhoMoveNamesNoneLosesAnImage() throws Exception {
    List<String> ids = new ArrayList<>();
    for (String file : List.of("a", "b", "c")) {
      serve("team/app:1", image(file));
      ids.add(images.pull(registry.reference("team/app:1")).id().toString());
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      List<Future<Boolean>> all = new ArrayList<>();
      for (String id : ids) {
        all.add(
            threads.submit(
                () -> {
                  for (int turn = 0; turn < 60; turn++) {
                    moveName(id, "localhost/moves:" + turn % 2);
                  }
                  return true;
                }));
      }
      for (Future<Boolean> one : all) {
        assertThat(one.get()).isTrue();
      }
    }
    assertThat(ids).allSatisfy(id -> assertThat(images.find(id)).isPresent());
  }

  private void moveName(String id, String name) throws InterruptedException {
    try {
      images.tag(id, ImageReference.of(name));
    } catch (ImageException looking) {
      // Whoever looks while names move may miss one of them.
      assertThat(looking.kind()).isEqualTo(ErrorKind.NOT_FOUND);
    }
  }

  @Test
  void tellsOfEachLayer() throws Exception {
    serve("app:1", image("a"));
    var events = Collections.synchronizedList(new ArrayList<Transfer>());
    Image image = images.pull(registry.reference("app:1"), PullOptions.defaults().withProgress(events::add));

    List<Descriptor> layers = image.manifest().layers();
    assertThat(events).first().isEqualTo(new Transfer.Started(layers));
    for (Descriptor layer : layers) {
      assertThat(events).containsSubsequence(new Transfer.Moved(layer, layer.size()), new Transfer.Finished(layer));
    }
  }

  @Test
  void choosesThePlatformThatIsAskedFor() throws Exception {
    serveIndex("app:1");
    ImageReference reference = registry.reference("app:1");

    Image other = images.pull(reference, PullOptions.defaults().withPlatform(OTHER));
    assertThat(other.config().platform().sameAs(OTHER)).isTrue();
    assertThat(images.get(reference.toString())).isEqualTo(other);

    Image own = images.pull(reference, PullOptions.defaults().withPolicy(PullPolicy.MISSING));
    assertThat(own.config().platform().sameAs(Platform.host())).isTrue();
    assertThat(images.get(reference.toString())).isEqualTo(own);
    assertThat(images.list()).hasSize(1);
  }

  @Test
  void refusesAnotherPlatformOnlyIfOneWasAskedFor() throws Exception {
    serve("app:1", image("a"), OTHER);
    ImageReference reference = registry.reference("app:1");
    assertThatThrownBy(() -> images.pull(reference, PullOptions.defaults().withPlatform(Platform.of("arm64"))))
        .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND))
        .hasMessageContaining("it is for " + OTHER + " only");
    assertThat(images.list()).isEmpty();

    assertThat(images.pull(reference).config().platform().sameAs(OTHER)).isTrue();
  }

  @Test
  void policiesSayWhenTheRegistryIsAsked() throws Exception {
    serve("app:1", image("a"));
    ImageReference reference = registry.reference("app:1");
    assertThatThrownBy(() -> images.pull(reference, PullOptions.defaults().withPolicy(PullPolicy.NEVER)))
        .hasMessageContaining("is not here; pull or load it first");
    assertThat(registry.calls).isEmpty();
    Image image = images.pull(reference, PullOptions.defaults().withPolicy(PullPolicy.NEWER));
    registry.calls.clear();

    for (PullPolicy policy : List.of(PullPolicy.NEVER, PullPolicy.MISSING)) {
      assertThat(images.pull(reference, PullOptions.defaults().withPolicy(policy))).isEqualTo(image);
    }
    assertThat(registry.calls).isEmpty();

    registry.fault((_, answer) -> answer.send(403));
    assertThat(images.pull(reference, PullOptions.defaults().withPolicy(PullPolicy.NEWER))).isEqualTo(image);
    assertThatThrownBy(() -> images.pull(reference)).isInstanceOf(RegistryException.class);
  }

  @Test
  void refusesWhatIsNoImage() throws Exception {
    Descriptor config = registry.addBlob("application/vnd.cncf.helm.config.v1+json", TestImages.utf8("{}"));
    registry.addDocument("chart:1", Manifest.of(config, List.of()));
    assertThatThrownBy(() -> images.pull(registry.reference("chart:1")))
        .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED))
        .hasMessageContaining("no image but an artifact of type \"application/vnd.cncf.helm.config.v1+json\"");
  }

  @Test
  void aLayerThatLiesLeavesNoNameAndNothingBehind() throws Exception {
    var fixture = new ImageFixture().layer(new Tar().file("a", "a").end(), Digest.sha256(new byte[0]));
    serve("app:1", fixture);
    assertThatThrownBy(() -> images.pull(registry.reference("app:1")))
        .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CORRUPT));

    assertThat(images.list()).isEmpty();
    images.prune(false);
    assertThat(images.store().stored("blobs")).isEmpty();
    assertThat(images.store().stored("layers")).isEmpty();
  }

  @Test
  void pushesAllPlatformsIfAllAreHereElseTheOne() throws Exception {
    Descriptor index = serveIndex("app:1");
    ImageReference reference = registry.reference("app:1");
    Image own = images.pull(reference);
    try (var target = new FakeRegistry()) {
      assertThat(images.push(reference.toString(), target.reference("copy:1"), _ -> {}).digest()).isEqualTo(own.descriptor().digest());
      assertThat(target.blobs).hasSize(3);

      images.pull(reference, PullOptions.defaults().withPlatform(OTHER));
      assertThat(images.push(own.id().hex().substring(0, 12), target.reference("copy:2"), _ -> {})).isEqualTo(index);
      assertThat(target.blobs).hasSize(5);
      assertThat(target.manifests).containsKeys("copy:1", "copy:2", "copy:" + index.digest());
    }
  }

  @Test
  void findsByNameIdAndDigest() throws Exception {
    serve("library/app:1", image("a"));
    Image image = images.pull(registry.reference("library/app:1"));
    images.tag(image.name(), ImageReference.of("app:2"));

    for (String text : List.of("app:2", "docker.io/library/app:2", image.id().hex().substring(0, 4), image.id().toString(), image.target().digest().toString(),
        registry.host() + "/library/app@" + image.target().digest())) {
      assertThat(images.get(text).id()).as(text).isEqualTo(image.id());
    }
    for (String text : List.of("app", "app:1", "xyz", "", "sha256:", "UPPER:", "app@" + Digest.sha256(new byte[0]))) {
      assertThat(images.find(text)).as(text).isEmpty();
    }
  }

  @Test
  void removingANameLeavesTheOthers() throws Exception {
    serve("app:1", image("a"));
    Image image = images.pull(registry.reference("app:1"));
    images.tag(image.name(), ImageReference.of("kept:1"));
    String id = image.id().hex();

    assertThat(images.remove(image.name(), false).names()).containsExactly(image.name());
    assertThat(images.get("kept:1").id()).isEqualTo(image.id());

    images.tag("kept:1", ImageReference.of("kept:2"));
    assertThatThrownBy(() -> images.remove(id, false)).hasMessageContaining("has several names: docker.io/library/kept:1, docker.io/library/kept:2");
    Images.Removed removed = images.remove(id, true);
    assertThat(removed.names()).hasSize(2);
    assertThat(removed.freed().layers()).isEqualTo(2);
    assertThat(images.list()).isEmpty();
    assertThatThrownBy(() -> images.remove(id, true)).hasMessageContaining("is not here");
  }

  @Test
  void savesAndLoads() throws Exception {
    serveIndex("app:1");
    Image image = images.pull(registry.reference("app:1"));
    var archive = new ByteArrayOutputStream();
    images.save(List.of(image.name()), archive);
    images.save(List.of(image.id().hex()), root.resolve("layout"));

    for (boolean asArchive : List.of(true, false)) {
      try (Images others = open(root.resolve("others-" + asArchive))) {
        List<String> names = asArchive ? others.load(new ByteArrayInputStream(archive.toByteArray())) : others.load(root.resolve("layout"));
        assertThat(names).containsExactly(image.name());
        Image loaded = others.pull(ImageReference.of(image.name()), PullOptions.defaults().withPolicy(PullPolicy.NEVER));
        assertThat(loaded).isEqualTo(image);
        assertThat(others.check(false)).isEmpty();
      }
    }
  }

  @Test
  void aShortNameInALayoutIsCompletedAndATagStays() throws Exception {
    serve("app:1", image("a"));
    Image image = images.pull(registry.reference("app:1"));
    // Without the name that containerd writes beside it, as skopeo has it.
    for (String name : List.of("short:1", "team/app:2", "3")) {
      Path layout = root.resolve("layout");
      ImageArchive.save(images.store(), List.of(new ContentStore.Reference(name, image.target())), layout);
      Path index = layout.resolve("index.json");
      Files.writeString(index, Files.readString(index).replace("io.containerd.image.name", "another"));
    }

    assertThat(images.load(root.resolve("layout"))).containsExactlyInAnyOrder("docker.io/library/short:1", "docker.io/team/app:2", "3");
    assertThat(images.get("short:1").id()).isEqualTo(image.id());
    assertThat(images.get("3").id()).isEqualTo(image.id());
  }

  @Test
  void anImportedImageWithoutANameIsThereUntilPruned() throws Exception {
    byte[] tar = new Tar().file("a", "a").end();
    String digest = images.importTar(new ByteArrayInputStream(tar), Optional.empty(), Defaults.NONE, "by hand");
    String name = images.importTar(new ByteArrayInputStream(new Tar().file("b", "b").end()), Optional.of(ImageReference.of("b")), Defaults.NONE, "by hand");

    assertThat(name).isEqualTo("docker.io/library/b:latest");
    Image nameless = images.get(digest);
    assertThat(nameless.reference()).isEmpty();
    assertThat(nameless.steps()).singleElement().satisfies(step -> assertThat(step.entry().createdBy()).isEqualTo("by hand"));

    var archive = new ByteArrayOutputStream();
    images.save(List.of(digest), archive);
    assertThat(images.prune(false).names()).containsExactly(digest);
    assertThat(images.load(new ByteArrayInputStream(archive.toByteArray()))).containsExactly(digest);
  }

  @Test
  void pruningAllLeavesWhatContainersUse() throws Exception {
    serve("used:1", image("a"));
    serve("unused:1", image("b"));
    Image used = images.pull(registry.reference("used:1"));
    images.pull(registry.reference("unused:1"));
    try (Lease container = images.store().lease("container-1")) {
      container.keep(used.descriptor().digest());
    }

    assertThat(images.prune(true).names()).containsExactly(registry.host() + "/unused:1");
    assertThat(images.list()).containsExactly(used);
  }

  @Test
  void loginKeepsOnlyWhatTheRegistryTakes() throws Exception {
    registry.fault(
        (call, answer) ->
            !call.header("Authorization").equals(new Credential.Password("me", "right").authorization())
                && answer.header("WWW-Authenticate", "Basic realm=\"test\"").send(401));
    DockerConfig logins = DockerConfig.of(root.resolve("config.json"));
    try (Images mine = Images.builder().root(root.resolve("store")).registries(RegistryConfig.NONE).logins(logins).open()) {
      assertThatThrownBy(() -> mine.login(registry.host(), new Credential.Password("me", "wrong")))
          .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNAUTHORIZED));
      assertThat(logins.file()).doesNotExist();
      assertThatThrownBy(() -> mine.pull(registry.reference("app:1")))
          .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNAUTHORIZED));

      mine.login(registry.host(), new Credential.Password("me", "right"));
      serve("app:1", image("a"));
      assertThat(mine.pull(registry.reference("app:1")).name()).endsWith("app:1");
      mine.logout(registry.host());
      assertThat(logins.credential(registry.host())).isEqualTo(Credential.ANONYMOUS);
      int before = registry.calls.size();
      assertThatThrownBy(() -> mine.pull(registry.reference("app:1")))
          .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNAUTHORIZED));
      assertThat(registry.calls.subList(before, registry.calls.size())).isNotEmpty().allSatisfy(call -> assertThat(call.header("Authorization")).isEmpty());
    }
  }
}
