package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.KernelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAtTest {

  @TempDir Path temp;
  private FileAt files;
  private Fd root;

  @BeforeEach
  void open() {
    files = new FileAt();
    root = FileAt.openDirectory(temp);
  }

  @AfterEach
  void close() {
    root.close();
    files.close();
  }

  private static byte[] name(String name) {
    return name.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void statSaysWhatTheJdkSays() throws Exception {
    try (Fd file = files.create(root, name("f"), 0600)) {
      files.write(file, new byte[5000], 0, 5000);
      files.chown(file, 70_000, 80_000);
      files.chmod(file, 04751);
      files.setTime(file, Instant.ofEpochSecond(1_700_000_000, 123_456_789));
      assertThat(files.stat(file)).isEqualTo(files.stat(root, name("f")).orElseThrow());
    }
    files.link(root, name("f"), root, name("g"));

    FileStat stat = files.stat(root, name("f")).orElseThrow();
    var jdk = Files.readAttributes(temp.resolve("f"), "unix:mode,uid,gid,nlink,ino,dev,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
    assertThat(stat.type()).isEqualTo(FileType.REGULAR);
    assertThat(stat.mode() | stat.type().bits()).isEqualTo(jdk.get("mode"));
    assertThat(stat.uid()).isEqualTo(70_000);
    assertThat(stat.gid()).isEqualTo(80_000);
    assertThat(stat.links()).isEqualTo(2);
    assertThat(stat.inode()).isEqualTo(jdk.get("ino"));
    assertThat(stat.size()).isEqualTo(5000);
    assertThat(stat.blocks()).isBetween(8L, 16L);
    assertThat(stat.mtime()).isEqualTo(Instant.ofEpochSecond(1_700_000_000, 123_456_789));
    assertThat(files.stat(root, name("g")).orElseThrow().isSameFile(stat)).isTrue();
    assertThat(files.stat(root, name("none"))).isEmpty();
  }

  @Test
  void namesAreAnyBytes() {
    byte[] odd = name("\u00ff\u00fe\n \\");
    files.mkdir(root, odd, 0700);

    assertThat(files.list(root)).containsExactly(odd);
    assertThat(files.mkdir(root, odd, 0700)).as("a name that is taken").isFalse();
    assertThat(files.removeTree(root, odd)).isTrue();
    assertThat(files.removeTree(root, odd)).as("a name that is free").isFalse();
  }

  @Test
  void aTreeOfAnyDepthIsRemovedWithFewFilesOpen() throws Exception {
    // In memory: a disk that others write to takes a minute for it.
    Path memory = Files.createTempDirectory(Path.of("/dev/shm"), "deep");
    try (Fd top = FileAt.openDirectory(memory)) {
      Fd at = FileAt.openDirectory(memory);
      for (int depth = 0; depth < 6_000; depth++) {
        files.create(at, name("file"), 0600).close();
        files.mkdir(at, name("empty"), 0700);
        files.mkdir(at, name("d"), 0700);
        Fd inner = files.openDirectory(at, name("d"));
        at.close();
        at = inner;
      }
      at.close();
      assertThat(files.removeTree(top, name("d"))).isTrue();
      assertThat(files.list(top)).hasSize(2);
      files.removeContent(top);
    }
    Files.delete(memory);
  }

  @Test
  void devicesLinksAndFifosAreMade() {
    files.mknod(root, name("c"), FileType.CHARACTER_DEVICE, 0600, 4000, 300_000);
    files.mknod(root, name("p"), FileType.FIFO, 0600, 0, 0);
    files.symlink(name("to\u00ff"), root, name("l"));

    FileStat device = files.stat(root, name("c")).orElseThrow();
    assertThat(device.type()).isEqualTo(FileType.CHARACTER_DEVICE);
    assertThat(device.major()).isEqualTo(4000);
    assertThat(device.minor()).isEqualTo(300_000);
    assertThat(files.stat(root, name("p")).orElseThrow().type()).isEqualTo(FileType.FIFO);
    assertThat(files.readLink(root, name("l"))).isEqualTo(name("to\u00ff"));
  }

  @Test
  void linksLeadNowhereOutsideOfTheRoot() throws Exception {
    Files.createDirectories(temp.resolve("etc"));
    files.symlink(name("/etc"), root, name("absolute"));
    files.symlink(name("../../../../etc"), root, name("up"));

    long inside = files.stat(root, name("etc")).orElseThrow().inode();
    for (String link : new String[] {"absolute", "up", "../../etc", "/etc"}) {
      try (Fd found = files.openInRoot(root, name(link))) {
        assertThat(files.stat(found).inode()).as(link).isEqualTo(inside);
      }
    }
    assertThatThrownBy(() -> files.openDirectory(root, name("absolute")))
        .asInstanceOf(type(KernelException.class))
        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENOTDIR));
  }

  @Test
  void attributesOfALinkAreItsOwn() throws Exception {
    Files.writeString(temp.resolve("f"), "x");
    files.symlink(name("f"), root, name("l"));
    files.setXattr(root, name("l"), "trusted.note", new byte[] {1, 0, -1});
    files.chown(root, name("l"), 5, 6);

    assertThat(files.xattrs(root, name("l"))).containsExactly("trusted.note");
    assertThat(files.xattr(root, name("l"), "trusted.note")).hasValue(new byte[] {1, 0, -1});
    assertThat(files.xattrs(root, name("f"))).isEmpty();
    assertThat(files.xattr(root, name("f"), "trusted.note")).isEmpty();
    assertThat(files.stat(root, name("f")).orElseThrow().uid()).isZero();
  }

  @Test
  void aCopyKeepsHoles() {
    try (Fd from = files.create(root, name("from"), 0600)) {
      files.seek(from, 10_000_000);
      files.write(from, name("data"), 0, 4);
      files.truncate(from, 20_000_000);
    }
    try (Fd from = files.openToRead(root, name("from"));
        Fd to = files.create(root, name("to"), 0600)) {
      files.copy(from, to, 20_000_000);
      byte[] data = new byte[8];
      try (Fd copy = files.openToRead(root, name("to"))) {
        files.seek(copy, files.seekData(copy, 0));
        assertThat(files.seekData(copy, 0)).isBetween(9_900_000L, 10_000_000L);
        files.seek(copy, 9_999_998);
        files.read(copy, data, 0, 8);
      }
      assertThat(data).isEqualTo(name("\0\0data\0\0"));
      FileStat stat = files.stat(to);
      assertThat(stat.size()).isEqualTo(20_000_000);
      assertThat(stat.blocks()).isLessThan(100);
    }
  }

  @Test
  void failuresSayCallNameAndErrno() {
    assertThatThrownBy(() -> files.openToRead(root, name("no\u00ff\n")))
        .hasMessage("openat \"no\\xff\\x0a\": ENOENT (No such file or directory)")
        .asInstanceOf(type(KernelException.class))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
    assertThatThrownBy(() -> files.mkdir(root, new byte[5000], 0)).hasMessageContaining("ENAMETOOLONG");
    assertThatThrownBy(() -> files.create(root, name("."), 0600)).hasMessageContaining("EEXIST");
  }

  @Test
  void aNameIsShownWithoutWhatCouldSteerATerminal() {
    assertThat(FileName.show("gr\u00fc\u00df \ud83d\ude00".getBytes(StandardCharsets.UTF_8))).isEqualTo("\"gr\u00fc\u00df \ud83d\ude00\"");
    assertThat(FileName.show(name("a\u001b[0m\"\\"))).isEqualTo("\"a\\x1b[0m\\x22\\x5c\"");
    assertThat(FileName.show(name("\u00c3"))).isEqualTo("\"\\xc3\"");
    assertThat(FileName.show("\u202e".getBytes(StandardCharsets.UTF_8))).isEqualTo("\"\\xe2\\x80\\xae\"");
    assertThat(FileName.show(new byte[5000])).hasSizeLessThan(320).endsWith("…\"");
  }
}
