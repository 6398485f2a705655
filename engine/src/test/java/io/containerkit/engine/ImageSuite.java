package io.containerkit.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.image.Image;
import io.containerkit.image.ImageConfig.Defaults;
import io.containerkit.image.ImageReference;
import io.containerkit.image.Images;
import io.containerkit.image.LayerChange;
import io.containerkit.image.PullOptions;
import io.containerkit.image.PullPolicy;
import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Signal;
import io.containerkit.spec.ContainerException;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.Mount;
import io.containerkit.spec.State;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Containers of images on every runtime. Each test asserts that it left nothing behind, neither here nor in the store of images.
abstract class ImageSuite extends BusyboxSuite {

  private static final Defaults SHELL =
      Defaults.NONE
          .withEnv(List.of("PATH=/bin", "COLOUR=blue"))
          .withCmd(List.of("sh", "-c", "echo of the image"))
          .withWorkingDir("/srv/app")
          .withStopSignal("SIGUSR1")
          .withLabels(Map.of("org.example.team", "blue"));

  void unmountStore(Path place) {
    assertThat(place).isDirectory();
  }

  @Override
  Defaults defaults() {
    return SHELL;
  }

  @AfterEach
  void close() {
    kit.close();
    unmountStore(store());
  }

  @Test
  void anImageSaysWhatItsContainersRun() throws Exception {
    try (Container container = kit.image(BusyboxImage.NAME).run()) {
      assertThat(output(container)).isEqualTo("of the image\n");
    }
    try (Container container = kit.image(BusyboxImage.NAME).command("echo", "hi").run()) {
      assertThat(output(container)).isEqualTo("hi\n");
    }
    try (Container container = kit.image(BusyboxImage.NAME).entrypoint("echo", "entry").run()) {
      assertThat(output(container)).isEqualTo("entry\n");
    }
  }

  @Test
  void seenFromInsideThereIsNothingOfTheHost() throws Exception {
    String script = "ls /proc/1/fd; readlink /proc/1/cwd; ls /proc/1/cwd/../..";
    try (Container container = shell(script).run()) {
      assertThat(output(container).lines()).startsWith("0", "1", "2", "/srv/app").contains("bin", "srv").doesNotContain("boot", "lib");
    }
    try (Container container = shell("echo ready; read wait").run()) {
      assertThat(container.stdout().read()).isEqualTo('r');
      try (Execution execution = container.exec("sh", "-c", "ls /proc/$$/fd; readlink /proc/$$/cwd; true")) {
        assertThat(new String(execution.stdout().readAllBytes(), UTF_8)).isEqualTo("0\n1\n2\n/srv/app\n");
      }
    }
  }

  @Test
  void aWorkingDirectoryThatLeadsToDescriptorsIsRefused() throws Exception {
    Path tree = temporary.resolve("hostile");
    Files.createDirectories(tree.resolve("proc/self/fd/7"));
    Files.createSymbolicLink(tree.resolve("x"), Path.of("/proc/self/fd/7"));
    String name = "localhost/hostile:test";
    BusyboxImage.pack(kit.images(), name, SHELL.withWorkingDir("/x"), tree);
    assertThatThrownBy(() -> kit.image(name).command("/bin/true").create())
        .isInstanceOf(ImageException.class)
        .hasMessage("the working directory \"/x\" leads to /proc/self/fd/7, where descriptors of the host can be");
  }

  @Test
  void environmentDirectoryAndHostnameAreTheImagesUnlessSaidOtherwise() throws Exception {
    try (Container container = shell("echo $PATH $COLOUR $HOSTNAME $HOME; pwd; hostname").hostname("box").run()) {
      assertThat(output(container)).isEqualTo("/bin blue box /root\n/srv/app\nbox\n");
    }
    try (Container container = shell("echo $COLOUR; pwd").env("COLOUR", "red").cwd("/").run()) {
      assertThat(output(container)).isEqualTo("red\n/\n");
    }
  }

  @Test
  void usersAreThoseOfTheImage() throws Exception {
    String script = "echo $(id -u) $(id -g) $(id -G)";
    try (Container container = shell(script).run()) {
      assertThat(output(container)).isEqualTo("0 0 0 10\n");
    }
    try (Container container = shell(script).user("app").run()) {
      assertThat(output(container)).isEqualTo("1000 1001 1001 2000\n");
    }
    try (Container container = shell(script).user("app:wheel").run()) {
      assertThat(output(container)).isEqualTo("1000 10 10\n");
    }
    try (Container container = shell(script + " $HOME").user("4711").run()) {
      assertThat(output(container)).isEqualTo("4711 0 0 /\n");
    }
    assertThatThrownBy(() -> shell(script).user("nobody").run())
        .isInstanceOf(ContainerException.class)
        .hasMessageContaining("no user \"nobody\": neither in the root's /etc/passwd");
  }

  @Test
  void anImageCalledByItsIdOrGivenAsItIsIsTheSame() throws Exception {
    Image image = kit.images().get(BusyboxImage.NAME);
    for (ContainerBuilder builder : List.of(kit.image(image.id().hex().substring(0, 12)), kit.container().image(image))) {
      try (Container container = builder.run()) {
        assertThat(output(container)).isEqualTo("of the image\n");
        assertThat(container.image().orElseThrow().manifest().digest()).isEqualTo(image.descriptor().digest());
      }
    }
  }

  @Test
  void anImageThatIsNotHereAndNotPulledIsOneClearError() {
    PullOptions never = PullOptions.defaults().withPolicy(PullPolicy.NEVER);
    assertThatThrownBy(() -> kit.image("localhost/none:1").pull(never).create())
        .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
  }

  @Test
  void theFilesOfEtcAreTheContainersOwn() throws Exception {
    try (Container container = shell("cat /etc/hostname; cat /etc/hosts; echo mine >> /etc/hosts; ls -l /etc/hosts | cut -c1-10").hostname("box").run()) {
      assertThat(output(container)).startsWith("box\n127.0.0.1\tlocalhost\n").contains("127.0.1.1\tbox\n").endsWith("-rw-r--r--\n");
    }
    try (Container container = shell("cat /etc/hosts /etc/hostname").network(Network.HOST).user("app").run()) {
      assertThat(output(container)).startsWith(Files.readString(Path.of("/etc/hosts")));
    }
  }

  @Test
  void whatIsWrittenIsTheContainersAlone() throws Exception {
    try (Container writes = shell("echo changed > /data/a; rm /data/b; sleep 60").run();
        Container reads = shell("cat /data/a /data/b").run()) {
      assertThat(output(reads)).isEqualTo("of the image\nof the image\n");
      assertThat(writes.signal(Signal.KILL)).isTrue();
    }
  }

  @Test
  void theStopSignalIsTheImages() throws Exception {
    try (Container container = shell("trap 'exit 7' USR1; echo ready; while :; do sleep 0.05; done").run()) {
      assertThat(container.stdout().read()).isEqualTo('r');
      assertThat(container.stopSignal()).isEqualTo(Signal.USR1);
      assertThat(container.stop(Duration.ofSeconds(20))).isEqualTo(new ExitStatus.Exited(7));
    }
  }

  @Test
  void aContainerKeepsItsImageFromBeingCollected() throws Exception {
    kit.image(BusyboxImage.NAME).label("mine", "1").command("sleep", "60").run().detach().close();
    String id = kit.ids().getFirst();
    kit.images().remove(BusyboxImage.NAME, true);
    kit.close();
    kit = kit();
    try (Container found = kit.find(id).orElseThrow()) {
      ContainerImage image = found.image().orElseThrow();
      assertThat(image.config().defaults().labels()).isEqualTo(Map.of("org.example.team", "blue", "mine", "1"));
      assertThat(kit.images().store().contains(image.manifest().digest())).isTrue();
      try (Execution execution = found.exec("cat", "/data/a")) {
        assertThat(new String(execution.stdout().readAllBytes(), UTF_8)).isEqualTo("of the image\n");
      }
      found.deleteForcibly();
    }
    kit.images().prune(false);
    try (Stream<Path> layers = Files.walk(store().resolve("layers")).filter(Files::isRegularFile)) {
      assertThat(layers).isEmpty();
    }
  }

  @Test
  void aFailedCreateLeavesNothing() throws Exception {
    try (Images images = Images.open(store())) {
      BusyboxImage.make(images, "localhost/evil:1", SHELL.withUser("4294967296"), temporary.resolve("evil"));
      BusyboxImage.make(images, "localhost/silent:1", Defaults.NONE, temporary.resolve("silent"));
    }
    assertThatThrownBy(() -> kit.image("localhost/evil:1").create()).hasMessageContaining("no user \"4294967296\"");
    assertThatThrownBy(() -> kit.image("localhost/silent:1").create())
        .hasMessage("image localhost/silent:1 does not say what to run: give a command");
    assertThatThrownBy(() -> shell("true").mount(Mount.bind("/no/such/source", "/mnt")).create())
        .isInstanceOf(ContainerException.class);
  }

  @Test
  void anImageWithALinkForEtcIsRefused() throws Exception {
    Path tree = Files.createDirectories(temporary.resolve("linked"));
    Files.createSymbolicLink(tree.resolve("etc"), Path.of("/tmp"));
    try (Images images = Images.open(store())) {
      BusyboxImage.pack(images, "localhost/linked:1", SHELL, tree);
    }
    assertThatThrownBy(() -> kit.image("localhost/linked:1").create())
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("/etc in it is no directory but of type SYMBOLIC_LINK");
  }

  @Test
  void labelsOfAnImageSteerNothing() throws Exception {
    try (Container container = shell("true").create()) {
      assertThat(container.spec().annotations()).containsOnlyKeys("org.opencontainers.image.stopSignal");
    }
  }

  private static List<String> lines(List<LayerChange> changes) {
    return changes.stream().map(LayerChange::toString).toList();
  }

  @Test
  void whatAContainerChangesIsToldWhateverItIsDoing() throws Exception {
    String script = "echo x > /etc/new; rm /data/b; mkdir -p /opt/a; echo y >> /data/a; echo hidden > /tmp/f; echo ready; read wait";
    List<String> expected = List.of("C /data", "C /data/a", "D /data/b", "C /etc", "A /etc/new", "A /opt", "A /opt/a");
    try (Container container = shell(script).mount(Mount.of("/tmp", "tmpfs", "tmpfs")).cwd("/").create()) {
      assertThat(lines(container.diff())).as("created").doesNotContainAnyElementsOf(expected.subList(4, 7));
      container.start();
      assertThat(container.stdout().read()).isEqualTo('r');
      assertThat(lines(container.diff())).as("running").containsAll(expected).hasSize(7);
      container.stdin().close();
      container.waitFor();
      container.detach();
      try (ContainerKit other = kit(); Container found = other.find(container.id()).orElseThrow()) {
        assertThat(lines(found.diff())).as("ended, in another kit").containsAll(expected).hasSize(7);
        found.delete();
      }
    }
  }

  @Test
  void anImageOfSeveralLayersIsComparedAsAWhole() throws Exception {
    ImageReference second = ImageReference.of("localhost/second:1");
    try (Container container = shell("rm /data/b; echo 2 > /data/c").run()) {
      container.waitFor();
      container.commit(CommitOptions.defaults().withName(second));
    }
    try (Container container = kit.image(second.toString()).command("sh", "-c", "ls /data; echo 3 > /data/b; echo 4 > /data/c; rm /data/a").run()) {
      assertThat(output(container)).isEqualTo("a\nc\n");
      assertThat(lines(container.diff())).containsExactly("C /data", "D /data/a", "A /data/b", "C /data/c");
    }
  }

  @Test
  void aCommittedImageRunsWithWhatTheContainerWasToldAndWhatIsChanged() throws Exception {
    ImageReference name = ImageReference.of("localhost/committed:1");
    try (Container container =
        kit.image(BusyboxImage.NAME).env("COLOUR", "red").label("org.example.more", "1").user("app").command("sh", "-c", "echo kept > /tmp/kept; echo ready; read wait").run()) {
      assertThat(container.stdout().read()).isEqualTo('r');
      Image image =
          container.commit(
              CommitOptions.defaults()
                  .withName(name)
                  .withAuthor("A. Maker")
                  .withComment("as it was")
                  .withChanges(List.of("CMD [\"sh\", \"-c\", \"cat /tmp/kept; echo $COLOUR $STAGE; id -u; pwd\"]", "ENV STAGE=two", "WORKDIR /tmp")));
      assertThat(container.state()).isInstanceOf(ContainerState.Running.class);
      assertThat(container.runtimeState().status()).isEqualTo(State.Status.RUNNING);
      assertThat(image.name()).isEqualTo(name.toString());
      assertThat(image.config().author()).isEqualTo("A. Maker");
      assertThat(image.config().history().getLast().comment()).isEqualTo("as it was");
      assertThat(image.config().history().getLast().createdBy()).startsWith("sh -c echo kept");
      assertThat(image.config().defaults().labels()).containsKeys("org.example.team", "org.example.more");
      assertThat(image.config().defaults().env()).containsExactly("PATH=/bin", "COLOUR=red", "STAGE=two");
    }
    try (Container container = kit.image(name.toString()).run()) {
      assertThat(output(container)).isEqualTo("kept\nred two\n1000\n/tmp\n");
    }
  }

  @Test
  void theExportedFilesAreThoseThatTheContainerSees() throws Exception {
    try (Container container = shell("rm /data/b; echo 2 > /data/c; echo ready; read wait").run()) {
      assertThat(container.stdout().read()).isEqualTo('r');
      var archive = new ByteArrayOutputStream();
      container.export(archive);
      assertThat(container.runtimeState().status()).isEqualTo(State.Status.RUNNING);

      String name = kit.images().importTar(new ByteArrayInputStream(archive.toByteArray()), Optional.empty(), Defaults.NONE, "exported");
      try (Container again = kit.image(name).command("/bin/sh", "-c", "cd /data; for f in *; do echo $f $(cat $f); done").env("PATH", "/bin").run()) {
        assertThat(output(again)).contains("c 2\n").doesNotContain("b ");
      }
    }
  }

  @Test
  void aContainerThatWasNeverStartedIsCommittedAndOneWithoutAnImageIsNot() throws Exception {
    try (Container created = shell("true").create()) {
      Image nameless = created.commit(CommitOptions.defaults());
      assertThat(nameless.name()).isEqualTo(nameless.descriptor().digest().toString());
      assertThat(nameless.manifest().layers()).hasSize(2);
    }
    try (Container container = kit.container().rootfs(Rootfs.host()).command("true").create()) {
      assertThatThrownBy(container::diff)
          .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED))
          .hasMessageEndingWith("it is not made of an image");
    }
  }
}
