package io.containerkit.image;

import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.linux.FileStat;
import io.containerkit.linux.FileType;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/// Everything that can be said about the files in a directory, one line each, so that two trees can be compared.
final class TreeListing {

  private final FileAt files;
  private final Map<TreePath, String> lines = new TreeMap<>();
  private final Map<Long, TreePath> first = new TreeMap<>();

  private TreeListing(FileAt files) {
    this.files = files;
  }

  /// The files below a directory by their paths; the directory itself is the first.
  static Map<TreePath, String> of(Path directory) {
    try (var files = new FileAt();
        Fd root = FileAt.openDirectory(directory)) {
      var listing = new TreeListing(files);
      listing.add(TreePath.ROOT, root, new byte[] {'.'});
      return listing.lines;
    }
  }

  private void add(TreePath path, Fd parent, byte[] name) {
    FileStat stat = files.stat(parent, name).orElseThrow();
    var line = new StringBuilder();
    line.append(String.format("%s %04o %d:%d %s", stat.type(), stat.mode(), stat.uid(), stat.gid(), stat.mtime()));
    switch (stat.type()) {
      case REGULAR -> line.append(' ').append(stat.size()).append(' ').append(hash(parent, name));
      case SYMBOLIC_LINK -> line.append(' ').append(HexFormat.of().formatHex(files.readLink(parent, name)));
      case CHARACTER_DEVICE, BLOCK_DEVICE -> line.append(' ').append(stat.major()).append(',').append(stat.minor());
      default -> {}
    }
    if (stat.type() != FileType.DIRECTORY && stat.links() > 1) {
      line.append(" =").append(first.computeIfAbsent(stat.inode(), _ -> path));
    }
    for (String attribute : files.xattrs(parent, name).stream().sorted().toList()) {
      line.append(' ').append(attribute).append('=').append(HexFormat.of().formatHex(files.xattr(parent, name, attribute).orElseThrow()));
    }
    lines.put(path, line.toString());
    if (stat.type() == FileType.DIRECTORY) {
      try (Fd directory = files.openDirectory(parent, name)) {
        for (byte[] entry : files.list(directory).stream().sorted(java.util.Arrays::compareUnsigned).toList()) {
          add(path.child(entry), directory, entry);
        }
      }
    }
  }

  private String hash(Fd parent, byte[] name) {
    var digest = Digest.sha256(new byte[0]).newMessageDigest();
    byte[] bytes = new byte[1 << 16];
    try (Fd file = files.openToRead(parent, name)) {
      for (int count; (count = files.read(file, bytes, 0, bytes.length)) > 0; ) {
        digest.update(bytes, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }
}
