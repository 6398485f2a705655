package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.KernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Needs root. Everything happens in a private mount namespace, so the host sees none of it: which is tested too.
@Timeout(60)
class MountsTest {

  @TempDir Path directory;
  private Leaks leaks;
  private String hostMounts;
  private MountNamespace namespace;

  @BeforeEach
  void enter() throws Exception {
    MountNamespace.copyOfHost().close(); // the thread and its descriptor of the host's namespace stay
    leaks = Leaks.watch();
    hostMounts = Files.readString(Path.of("/proc/self/mountinfo"));
    namespace = MountNamespace.copyOfHost();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    namespace.close();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).isEqualTo(hostMounts);
    leaks.close();
  }

  @Test
  void anOverlayTakesChangesInItsUpperLayer() throws Exception {
    Path target = overlayOf(2, Mounts::overlay);
    namespace.call(
        () -> {
          assertThat(Files.readString(target.resolve("file"))).isEqualTo("layer 0");
          Files.writeString(target.resolve("file"), "changed");
          return Files.writeString(target.resolve("new"), "new");
        });
    assertThat(directory.resolve("upper/file")).hasContent("changed");
    assertThat(directory.resolve("upper/new")).hasContent("new");
    assertThat(directory.resolve("layer0/file")).hasContent("layer 0");
    assertThat(target).isEmptyDirectory(); // as the host sees it
  }

  @Test
  void anOverlayHasAsManyLayersAsItNeeds() throws Exception {
    Path target = overlayOf(200, Mounts::overlay);
    assertThat(namespace.call(() -> Files.readString(target.resolve("only199")))).isEqualTo("199");
  }

  @Test
  void anOlderKernelGetsTheLayersInOneString() throws Exception {
    Path target = overlayOf(3, Overlay::mountWithOneString);
    assertThat(namespace.call(() -> Files.readString(target.resolve("only2")))).isEqualTo("2");
    namespace.call(() -> Files.writeString(target.resolve("new"), "new"));
    assertThat(directory.resolve("upper/new")).hasContent("new");
  }

  @Test
  void anOlderKernelGetsManyLayersByShortNames() throws Exception {
    Path target = overlayOf(200, Overlay::mountWithOneString);
    assertThat(namespace.call(() -> Files.readString(target.resolve("only199")))).isEqualTo("199");
  }

  @Test
  void anOlderKernelRefusesMoreLayersThanFitIntoAPage() {
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> overlayOf(400, Overlay::mountWithOneString))
        .withMessageContaining("of 400 layers: E2BIG");
  }

  @Test
  void anOverlayTakesPathsThatAreLongOrFullOfSeparators() throws Exception {
    directory = Files.createDirectories(directory.resolve("a:b,c\\d".repeat(10)).resolve("x".repeat(250)));
    Path target = overlayOf(2, Mounts::overlay);
    namespace.call(() -> Files.writeString(target.resolve("new"), "new"));
    assertThat(directory.resolve("upper/new")).hasContent("new");
    namespace.call(
        () -> {
          Mounts.unmount(target);
          Overlay.of(List.of(directory.resolve("layer1")), directory.resolve("upper"), directory.resolve("work")).mountWithOneString(target);
          return assertThat(target.resolve("only1")).hasContent("1");
        });
  }

  @Test
  void aReadOnlyOverlayRefusesChanges() throws Exception {
    Path target = overlayOf(2, (overlay, place) -> Mounts.overlay(Overlay.readOnly(overlay.lower()), place));
    assertThatIOException().isThrownBy(() -> namespace.call(() -> Files.writeString(target.resolve("new"), ""))).withMessageContaining("Read-only");
  }

  @Test
  void aFailedOverlaySaysWhatTheKernelSays() {
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> overlayOf(2, (overlay, place) -> Mounts.overlay(overlay.withOptions("nonsense"), place)))
        .withMessageContaining("overlay on " + directory.resolve("target") + " with nonsense")
        .withMessageContaining("Unknown parameter 'nonsense'")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_ARGUMENT));
  }

  @Test
  void aTmpfsHasItsSizeAndAttributes() throws Exception {
    Path target = Files.createDirectory(directory.resolve("tmp"));
    String line =
        namespace.call(
            () -> {
              Mounts.tmpfs(target, List.of("size=1m", "mode=0750"), Mounts.Attribute.NO_SUID, Mounts.Attribute.NO_EXECUTION);
              Files.write(target.resolve("half"), new byte[1 << 19]);
              assertThatIOException().isThrownBy(() -> Files.write(target.resolve("rest"), new byte[1 << 20])).withMessageContaining("No space");
              return mountOf(target);
            });
    assertThat(line).contains("nosuid", "noexec", "tmpfs", "size=1024k", "mode=750");
  }

  @Test
  void aBindMountShowsAPlaceTwiceAndCanBeReadOnly() throws Exception {
    Path source = Files.createDirectory(directory.resolve("source"));
    Path target = Files.createDirectory(directory.resolve("target"));
    namespace.call(
        () -> {
          Mounts.bind(source, target);
          Files.writeString(target.resolve("file"), "x");
          Mounts.restrict(target, Mounts.Attribute.READ_ONLY);
          return assertThatIOException().isThrownBy(() -> Files.writeString(target.resolve("other"), "")).withMessageContaining("Read-only");
        });
    assertThat(source.resolve("file")).hasContent("x");
  }

  @Test
  void aRecursiveBindMountCarriesTheMountsBelow() throws Exception {
    Path source = Files.createDirectory(directory.resolve("source"));
    Path below = Files.createDirectory(source.resolve("below"));
    Path plain = Files.createDirectory(directory.resolve("plain"));
    Path deep = Files.createDirectory(directory.resolve("deep"));
    namespace.call(
        () -> {
          Mounts.tmpfs(below, List.of());
          Files.writeString(below.resolve("file"), "x");
          Mounts.bind(source, plain);
          Mounts.bindRecursively(source, deep);
          assertThat(plain.resolve("below/file")).doesNotExist();
          assertThat(deep.resolve("below/file")).exists();
          Mounts.restrictRecursively(deep, Mounts.Attribute.READ_ONLY);
          return assertThatIOException().isThrownBy(() -> Files.writeString(deep.resolve("below/new"), "")).withMessageContaining("Read-only");
        });
  }

  @Test
  void aBusyMountIsUnmountedLazilyOnly() throws Exception {
    Path target = Files.createDirectory(directory.resolve("tmp"));
    namespace.call(
        () -> {
          Mounts.tmpfs(target, List.of());
          try (Fd inUse = Fd.openToWrite(target.resolve("file"), false)) {
            assertThat(inUse.write(new byte[] {1}, 0, 1)).isEqualTo(1);
            assertThatExceptionOfType(KernelException.class)
                .isThrownBy(() -> Mounts.unmount(target))
                .withMessage("umount2 " + target + ": EBUSY (Device or resource busy)")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.BUSY));
            Mounts.unmountLazily(target);
            return assertThat(target.resolve("file")).doesNotExist();
          }
        });
  }

  @Test
  void unmountingWhereNothingIsMountedIsAnError() {
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> namespace.call(() -> {
          Mounts.unmount(directory);
          return directory;
        }))
        .withMessageContaining("EINVAL");
  }

  @Test
  void propagationLeadsToPeersAndAwayFromThem() throws Exception {
    Path target = Files.createDirectory(directory.resolve("tmp"));
    Path peer = Files.createDirectory(directory.resolve("peer"));
    namespace.call(
        () -> {
          Mounts.tmpfs(target, List.of());
          Mounts.propagate(target, Mounts.Propagation.SHARED);
          assertThat(mountOf(target)).contains(" shared:");
          Mounts.bind(target, peer);
          Mounts.propagate(target, Mounts.Propagation.SLAVE);
          assertThat(mountOf(target)).contains(" master:").doesNotContain(" shared:");
          Mounts.propagate(target, Mounts.Propagation.PRIVATE);
          return assertThat(mountOf(target)).doesNotContain(" master:", " shared:");
        });
  }

  @Test
  void aChildLivesInTheNamespaceThatItWasSpawnedIn() throws Exception {
    Path target = Files.createDirectory(directory.resolve("tmp"));
    namespace.call(
        () -> {
          Mounts.tmpfs(target, List.of());
          return Files.writeString(target.resolve("file"), "inside");
        });
    Path seen = directory.resolve("seen");
    try (Fd out = Fd.openToWrite(seen, false)) {
      Child child = namespace.call(() -> Spawn.of("/bin/sh", "-c", "cat " + target + "/file; pwd").descriptor(1, out).start());
      assertThat(child.waitFor().isSuccess()).isTrue();
    }
    assertThat(seen).hasContent("inside" + System.getProperty("user.dir") + "\n");
    assertThat(target).isEmptyDirectory();
  }

  @Test
  void namespacesDoNotSeeEachOther() throws Exception {
    Path target = Files.createDirectory(directory.resolve("tmp"));
    try (MountNamespace other = MountNamespace.copyOfHost()) {
      namespace.call(
          () -> {
            Mounts.tmpfs(target, List.of());
            Files.writeString(target.resolve("file"), "x");
            // Work within work: this thread goes to the other namespace and comes back.
            other.call(() -> assertThat(target.resolve("file")).doesNotExist());
            return assertThat(target.resolve("file")).exists();
          });
    }
  }

  @Test
  void workKeepsItsResultThoughTheCallerIsInterrupted() throws Exception {
    Thread.currentThread().interrupt();
    assertThat(namespace.call(() -> "done")).isEqualTo("done");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void workThrowsWhatItThrows() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> namespace.call(() -> Files.readString(directory.resolve("missing"))))
        .withMessageContaining("missing");
  }

  @FunctionalInterface
  private interface Mounting {
    void mount(Overlay overlay, Path target);
  }

  /// Mounts an overlay of layers that each hold `file` and a file of their own.
  private Path overlayOf(int count, Mounting mounting) throws IOException {
    List<Path> layers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path layer = Files.createDirectory(directory.resolve("layer" + i));
      Files.writeString(layer.resolve("file"), "layer " + i);
      Files.writeString(layer.resolve("only" + i), Integer.toString(i));
      layers.add(layer);
    }
    Path upper = Files.createDirectory(directory.resolve("upper"));
    Path work = Files.createDirectory(directory.resolve("work"));
    Path target = Files.createDirectory(directory.resolve("target"));
    namespace.call(
        () -> {
          mounting.mount(Overlay.of(layers, upper, work), target);
          return target;
        });
    return target;
  }

  private static String mountOf(Path target) throws IOException {
    return Files.readAllLines(Path.of("/proc/thread-self/mountinfo")).stream()
        .filter(line -> line.contains(" " + target + " "))
        .findFirst()
        .orElseThrow();
  }
}
