package io.containerkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.image.Image;
import io.containerkit.image.ImageConfig.Defaults;
import io.containerkit.image.Images;
import io.containerkit.image.LayerChange;
import io.containerkit.linux.Signal;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Volumes in containers on every runtime. Each test asserts that nothing is left behind but volumes that were given names.
abstract class VolumeSuite extends BusyboxSuite {

  private static final Defaults SHELL = Defaults.NONE.withEnv(List.of("PATH=/bin")).withCmd(List.of("sh")).withVolumes(List.of("/data", "/var/new"));

  @Override
  Defaults defaults() {
    return SHELL;
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    kit.close();
    try (Stream<Path> entries = Files.list(temporary.resolve("volumes"))) {
      assertThat(entries.map(entry -> entry.getFileName().toString())).isSubsetOf("shared");
    }
    assertThat(kit.volumes().list()).allSatisfy(volume -> assertThat(volume.users()).isEmpty());
  }

  @Test
  void whatIsWrittenToAVolumeOutlivesTheContainer() throws Exception {
    try (Container container = shell("echo kept > /mnt/deep/file").volume("shared", "/mnt/deep").run()) {
      assertThat(output(container)).isEmpty();
      assertThat(kit.volumes().get("shared").users()).containsExactly(container.id());
    }
    Volume volume = kit.volumes().get("shared");
    assertThat(volume.users()).isEmpty();
    assertThat(volume.path().resolve("file")).hasContent("kept");
    try (Container container = shell("cat /mnt/file; ! echo more 2>&- > /mnt/file").volume("shared", "/mnt", "ro").run()) {
      assertThat(output(container)).isEqualTo("kept\n");
    }
  }

  @Test
  void anEmptyVolumeGetsWhatTheImageHasThereWithOwnersAndModes() throws Exception {
    Path tree = temporary.resolve("owned/srv");
    Files.createDirectories(tree.resolve("inner"));
    Files.writeString(tree.resolve("inner/file"), "x");
    Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwxr-x---"));
    Files.setAttribute(tree, "unix:uid", 1000);
    Files.setAttribute(tree.resolve("inner/file"), "unix:gid", 1001);
    try (Images images = Images.open(store())) {
      BusyboxImage.make(images, "localhost/owned:1", SHELL, temporary.resolve("owned"));
    }
    ContainerBuilder first = kit.image("localhost/owned:1").command("sh", "-c", "echo of the container >> /srv/inner/file").volume("shared", "/srv");
    try (Container container = first.run()) {
      assertThat(output(container)).isEmpty();
    }
    Path data = kit.volumes().get("shared").path();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data))).isEqualTo("rwxr-x---");
    assertThat(Files.getAttribute(data, "unix:uid")).isEqualTo(1000);
    assertThat(Files.getAttribute(data.resolve("inner/file"), "unix:gid")).isEqualTo(1001);
    try (Container container = shell("cat /data/inner/file; cat /data/a 2>&-; true").volume("shared", "/data").run()) {
      assertThat(output(container)).as("not filled again").isEqualTo("xof the container\n");
    }
  }

  @Test
  void anEmptyVolumeCanBeLeftEmpty() throws Exception {
    try (Container container = shell("ls /data").volume("shared", "/data", "nocopy").run()) {
      assertThat(output(container)).isEmpty();
    }
  }

  @Test
  void theVolumesOfAnImageAreTheContainersOwnAndNoPartOfDiffAndCommit() throws Exception {
    String script = "cat /data/a; echo x > /data/c; rm /data/b; echo y > /var/new/file; echo z > /etc/file";
    try (Container container = shell(script).run()) {
      assertThat(output(container)).isEqualTo("of the image\n");
      assertThat(kit.volumes().list()).hasSize(2).allSatisfy(volume -> assertThat(volume.users()).containsExactly(container.id()));
      assertThat(container.diff().stream().map(LayerChange::toString)).contains("A /etc/file").noneMatch(line -> line.contains("/data") || line.contains("/var/new"));
      Image image = container.commit(CommitOptions.defaults());
      try (Container again = kit.image(image.id().hex()).command("sh", "-c", "ls /data /var/new; cat /etc/file").run()) {
        assertThat(output(again)).isEqualTo("/data:\na\nb\n\n/var/new:\nz\n");
      }
    }
    assertThat(kit.volumes().list()).isEmpty();
  }

  @Test
  void aMountOfOnesOwnTakesThePlaceOfAnImagesVolume() throws Exception {
    Path host = Files.createDirectories(temporary.resolve("host"));
    try (Container container = shell("ls /data; echo x > /data/file").mount(Mount.bind(host.toString(), "/data")).run()) {
      assertThat(output(container)).isEmpty();
      assertThat(kit.volumes().list()).hasSize(1);
    }
    assertThat(host.resolve("file")).hasContent("x");
    try (Container container = shell("ls /data; ls /data/sub").mount(Mount.bind(host.toString(), "/data/sub")).run()) {
      assertThat(output(container)).isEqualTo("a\nb\nsub\nfile\n");
    }
  }

  @Test
  void severalContainersShareAVolumeWhichIsNotRemovedMeanwhile() throws Exception {
    try (Container writes = shell("echo x > /mnt/file; echo ready; read wait").volume("shared", "/mnt").run();
        Container reads = shell("read wait; cat /mnt/file /other/file").volume("shared", "/mnt").volume("shared", "/other").run()) {
      assertThat(writes.stdout().read()).isEqualTo('r');
      assertThatThrownBy(() -> kit.volumes().remove("shared"))
          .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.BUSY))
          .hasMessageContaining(writes.id())
          .hasMessageContaining(reads.id());
      reads.stdin().close();
      assertThat(output(reads)).isEqualTo("x\nx\n");
      assertThat(writes.signal(Signal.KILL)).isTrue();
    }
    kit.volumes().remove("shared");
    assertThat(kit.volumes().list()).isEmpty();
  }

  @Test
  void aDetachedContainerLeavesItsOwnVolumesUnlessTheyAreToGo() throws Exception {
    for (boolean go : new boolean[] {false, true}) {
      Container container = shell("echo x > /var/new/file").run();
      container.waitFor();
      container.detach().close();
      assertThat(kit.volumes().list()).hasSize(2);
      try (Container found = kit.find(container.id()).orElseThrow()) {
        found.delete(go ? DeleteOptions.defaults().withVolumes() : DeleteOptions.defaults());
      }
      assertThat(kit.volumes().list()).hasSize(go ? 0 : 2).allMatch(Volume::anonymous).noneMatch(Volume::isUsed);
      assertThat(kit.volumes().prune(false)).hasSize(go ? 0 : 2);
    }
  }

  @Test
  void aContainerOfADirectoryHasVolumesToo() throws Exception {
    try (Container container =
        kit.container().rootfs(Rootfs.readOnly(temporary.resolve("tree"))).command("/bin/busybox", "sh", "-c", "cat /data/a; echo x > /data/new").volume("shared", "/data").ownVolume("/own/place").run()) {
      assertThat(output(container)).isEqualTo("of the image\n");
      assertThat(kit.volumes().list()).hasSize(2);
    }
    assertThat(kit.volumes().get("shared").path().resolve("new")).hasContent("x");
    assertThat(temporary.resolve("tree/data/new")).doesNotExist();
  }

  @Test
  void aFailedCreateLeavesNoVolumeOfItsOwnAndNoUse() throws Exception {
    assertThatThrownBy(() -> shell("true").volume("shared", "/mnt").user("nobody").create()).hasMessageContaining("no user \"nobody\"");
    assertThatThrownBy(() -> shell("true").volume("shared", "/mnt").mount(Mount.bind("/no/such/source", "/x")).create());
    assertThatThrownBy(() -> shell("true").volume("shared", "/etc/passwd").create())
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("/etc/passwd in it cannot be made a directory");
    assertThatThrownBy(() -> shell("true").volume("shared", "/../").create()).hasMessageContaining("a volume cannot be mounted at /../");
    assertThat(kit.volumes().list()).extracting(Volume::name).containsExactly("shared");
    assertThat(kit.volumes().get("shared").isUsed()).isFalse();
  }

  @Test
  void aLinkInTheRootLeadsAVolumeNowhereElse() throws Exception {
    Path tree = Files.createDirectories(temporary.resolve("linked"));
    Files.createSymbolicLink(tree.resolve("escape"), Path.of("/../../../" + temporary.resolve("host")));
    Files.createDirectories(temporary.resolve("host"));
    Files.writeString(temporary.resolve("host/secret"), "x");
    try (Images images = Images.open(store())) {
      BusyboxImage.make(images, "localhost/linked:1", Defaults.NONE.withEnv(List.of("PATH=/bin")).withVolumes(List.of("/escape")), tree);
    }
    assertThatThrownBy(() -> kit.image("localhost/linked:1").command("ls", "/escape").create())
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("/escape in it cannot be made a directory");
  }
}
