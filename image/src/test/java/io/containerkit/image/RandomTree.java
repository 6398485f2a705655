package io.containerkit.image;

import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.linux.FileType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Fills a directory with files of every kind: odd names, owners, permissions, times to the nanosecond, attributes, several names for
/// one file. The same seed gives the same files.
final class RandomTree {

  private static final String[] NAMES = {"a", "b", "with space", "\u00e4\u00f6", "\u00ff\u00fe", "new\nline", "-dash", ".hidden", "x".repeat(120), "\"quoted\"", "back\\slash", "*"};

  private final FileAt files;
  private final Random random;
  private final boolean odd;
  private final List<TreePath> regular = new ArrayList<>();
  private final Fd root;

  private RandomTree(FileAt files, Fd root, long seed, boolean odd) {
    this.files = files;
    this.root = root;
    this.random = new Random(seed);
    this.odd = odd;
  }

  /// @param odd also names that are no UTF-8, and characters that some tools quote
  static void fill(Path directory, long seed, boolean odd) {
    try (var files = new FileAt();
        Fd root = FileAt.openDirectory(directory)) {
      var tree = new RandomTree(files, root, seed, odd);
      tree.fill(TreePath.ROOT, root, 0);
      tree.finish(root, new byte[] {'.'}, FileType.DIRECTORY);
    }
  }

  private void fill(TreePath path, Fd directory, int depth) {
    int count = 4 + random.nextInt(8);
    for (int i = 0; i < count; i++) {
      byte[] name = (name() + i).getBytes(StandardCharsets.ISO_8859_1);
      TreePath child = path.child(name);
      switch (random.nextInt(depth < 3 ? 9 : 7)) {
        case 0 -> {
          files.symlink(("../" + name() + "/target").getBytes(StandardCharsets.ISO_8859_1), directory, name);
          finish(directory, name, FileType.SYMBOLIC_LINK);
        }
        case 1 -> special(directory, name);
        case 2 -> hardLink(directory, name);
        case 3, 4, 5, 6 -> {
          regular(directory, name);
          regular.add(child);
        }
        default -> {
          files.mkdir(directory, name, 0700);
          try (Fd inner = files.openDirectory(directory, name)) {
            fill(child, inner, depth + 1);
          }
          finish(directory, name, FileType.DIRECTORY);
        }
      }
    }
  }

  private String name() {
    String name = NAMES[random.nextInt(NAMES.length)];
    return odd || name.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '\\') ? name : "plain";
  }

  private void special(Fd directory, byte[] name) {
    switch (random.nextInt(3)) {
      case 0 -> files.mknod(directory, name, FileType.FIFO, 0, 0, 0);
      case 1 -> files.mknod(directory, name, FileType.CHARACTER_DEVICE, 0, 1 + random.nextInt(300), random.nextInt(1000));
      default -> files.mknod(directory, name, FileType.BLOCK_DEVICE, 0, 1 + random.nextInt(300), random.nextInt(1000));
    }
    finish(directory, name, FileType.FIFO);
  }

  private void hardLink(Fd directory, byte[] name) {
    if (regular.isEmpty()) {
      regular(directory, name);
      return;
    }
    TreePath target = regular.get(random.nextInt(regular.size()));
    try (Fd parent = files.openInRoot(root, target.parent().bytes())) {
      files.link(parent, target.leaf(), directory, name);
    }
  }

  private void regular(Fd directory, byte[] name) {
    byte[] content = new byte[random.nextInt(4) == 0 ? random.nextInt(300_000) : random.nextInt(2000)];
    random.nextBytes(content);
    try (Fd file = files.create(directory, name, 0600)) {
      files.write(file, content, 0, content.length);
    }
    finish(directory, name, FileType.REGULAR);
  }

  private void finish(Fd directory, byte[] name, FileType type) {
    files.chown(directory, name, id(), id());
    if (type == FileType.REGULAR && random.nextInt(3) == 0) {
      files.setXattr(directory, name, "user.note", new byte[] {1, 0, (byte) random.nextInt(256), '\n', '='});
      files.setXattr(directory, name, "security.capability", new byte[] {1, 0, 0, 2, (byte) 0xff, (byte) 0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    }
    if (type == FileType.DIRECTORY && random.nextInt(4) == 0) {
      files.setXattr(directory, name, "user.directory", new byte[] {'x'});
    }
    if (type != FileType.SYMBOLIC_LINK) {
      files.chmod(directory, name, type == FileType.DIRECTORY ? 0700 | random.nextInt(010000) : random.nextInt(010000));
    }
    files.setTime(directory, name, Instant.ofEpochSecond(random.nextInt(1_900_000_000) - 100_000_000, random.nextInt(1_000_000_000)));
  }

  private long id() {
    return switch (random.nextInt(4)) {
      case 0 -> 1000 + random.nextInt(1000);
      case 1 -> 3_000_000 + random.nextInt(1000);
      default -> 0;
    };
  }
}
