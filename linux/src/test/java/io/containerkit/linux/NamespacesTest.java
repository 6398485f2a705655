package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.containerkit.spec.KernelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamespacesTest {

  @Test
  void aProcessSharesItsNamespacesUntilItHasItsOwn() throws Exception {
    int self = (int) ProcessHandle.current().pid();
    try (Pipe pipe = Pipe.open();
        Pipe ready = Pipe.open()) {
      Child child =
          Spawn.of("unshare", "--uts", "sh", "-c", "echo; read line").descriptor(0, pipe.readEnd()).descriptor(1, ready.writeEnd()).start();
      assertThat(ready.readEnd().read(new byte[1], 0, 1)).isEqualTo(1);
      assertThat(Namespaces.of(child.pid(), Namespaces.Kind.NETWORK)).isEqualTo(Namespaces.of(self, Namespaces.Kind.NETWORK));
      assertThat(Namespaces.of(child.pid(), Namespaces.Kind.UTS)).isNotEqualTo(Namespaces.of(self, Namespaces.Kind.UTS));
      try (Fd namespace = Namespaces.open(child.pid(), Namespaces.Kind.UTS)) {
        assertThat(Files.readSymbolicLink(namespace.path()).toString())
            .isEqualTo("uts:[" + Namespaces.of(child.pid(), Namespaces.Kind.UTS).inode() + "]");
      }
      pipe.writeEnd().close();
      assertThat(child.waitFor()).isEqualTo(new ExitStatus.Exited(1));
    }
  }

  @Test
  void everyKindIsFound() {
    int self = (int) ProcessHandle.current().pid();
    for (Namespaces.Kind kind : Namespaces.Kind.values()) {
      assertThat(Namespaces.of(self, kind).inode()).describedAs("%s", kind).isPositive();
    }
  }

  @Test
  void aProcessThatIsGoneHasNone() {
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> Namespaces.of(Integer.MAX_VALUE, Namespaces.Kind.PID))
        .withMessage("readlink /proc/2147483647/ns/pid: ENOENT (No such file or directory)");
  }

  @Test
  void theBootHasAnId() {
    assertThat(BootId.current()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").isEqualTo(BootId.current());
  }

  @Test
  void aRootIsNeverLeft(@TempDir Path directory) throws Exception {
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.writeString(directory.resolve("secret"), "outside");
    Files.writeString(root.resolve("secret"), "inside");
    Files.createSymbolicLink(root.resolve("up"), Path.of("../../secret"));
    Files.createSymbolicLink(root.resolve("absolute"), Path.of("/secret"));
    Files.createSymbolicLink(root.resolve("magic"), Path.of("/proc/self/root"));
    try (Fd rootFd = Fd.openPath(root)) {
      for (String path : new String[] {"secret", "/secret", "../../secret", "up", "absolute", "/up"}) {
        try (Fd file = Openat2.openToRead(rootFd, Path.of(path))) {
          byte[] content = new byte[10];
          assertThat(new String(content, 0, file.read(content, 0, 10), StandardCharsets.UTF_8)).isEqualTo("inside");
        }
      }
      try (Fd created = Openat2.openToWrite(rootFd, Path.of("../new"));
          Fd place = Openat2.openPath(rootFd, Path.of("up"))) {
        assertThat(created.write(new byte[] {'x'}, 0, 1)).isEqualTo(1);
        assertThat(place.path().toRealPath()).isEqualTo(root.resolve("secret").toRealPath());
      }
      assertThat(root.resolve("new")).hasContent("x");
      assertThatExceptionOfType(KernelException.class)
          .isThrownBy(() -> Openat2.openToRead(rootFd, Path.of("magic/etc/hostname")))
          .withMessage("openat2 magic/etc/hostname: ENOENT (No such file or directory)");
    }
  }
}
