package io.containerkit.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A store, images of random trees in it, and a directory where other tools work.
abstract class Differential {

  static final Platform PLATFORM = Platform.of("linux/amd64");
  private static final Pattern TIME = Pattern.compile("(?<= )[0-9]{4}-[^ ]*Z");

  @TempDir Path temp;
  ContentStore store;
  Lease lease;

  @BeforeEach
  void open() {
    store = ContentStore.open(temp.resolve("store"));
    lease = store.lease();
  }

  @AfterEach
  void close() {
    lease.close();
    store.close();
  }

  Path directory(String name) throws Exception {
    return Files.createDirectory(temp.resolve(name));
  }

  /// Runs a command in the directory of the test.
  ///
  /// @return what it says
  String run(String... command) throws Exception {
    File errors = temp.resolve("errors").toFile();
    Process process = new ProcessBuilder(command).directory(temp.toFile()).redirectError(errors).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s\n%s%s", Arrays.toString(command), output, Files.readAllLines(errors.toPath(), StandardCharsets.ISO_8859_1)).isZero();
    return output.strip();
  }

  static Map<TreePath, String> filesIn(Path directory) {
    var files = TreeListing.of(directory);
    files.remove(TreePath.ROOT);
    return files;
  }

  /// The files of an image of the store.
  ///
  /// @param copy a new directory for them
  Map<TreePath, String> filesOf(Descriptor image, String copy) throws Exception {
    Manifest manifest = store.manifest(image, PLATFORM);
    ImageConfig config = store.config(manifest);
    var snapshots = new Snapshots(store);
    snapshots.unpack(lease, manifest, config, (blob, _) -> { throw new AssertionError("not in the store: " + blob); });
    snapshots.copy(config.diffIds(), directory(copy));
    return filesIn(temp.resolve(copy));
  }

  /// An image of layers, the last of which hides, replaces and adds.
  ///
  /// @param odd also names that are no UTF-8
  Descriptor layers(long seed, boolean odd, Compression compression) throws Exception {
    RandomTree.fill(directory("base" + seed), seed, odd);
    byte[] second =
        new Tar().directory("added").file("added/f", "x").directory("opaque").file("opaque/.wh..wh..opq", "").file("opaque/only", "x").file(".wh.gone", "").end();
    byte[] first = new Tar().directory("opaque").file("opaque/old", "x").file("gone", "x").end();
    return ImageBuilder.scratch(lease, PLATFORM)
        .compression(compression)
        .layer(LayerSource.of(temp.resolve("base" + seed)), "COPY")
        .archive(new ByteArrayInputStream(first), "first")
        .archive(new ByteArrayInputStream(second), "second")
        .build();
  }

  /// Loads an archive.
  List<ImageArchive.Loaded> load(String archive) throws Exception {
    try (var in = Files.newInputStream(temp.resolve(archive))) {
      return ImageArchive.load(lease, in);
    }
  }

  /// Asserts that two trees have the same files, and shows those that differ.
  static void assertSame(Map<TreePath, String> files, Map<TreePath, String> expected) {
    var paths = new TreeSet<>(files.keySet());
    paths.addAll(expected.keySet());
    paths.removeIf(path -> Objects.equals(files.get(path), expected.get(path)));
    assertThat(paths).extracting(path -> path + ": " + files.get(path) + " instead of " + expected.get(path)).isEmpty();
    assertThat(files).hasSizeGreaterThan(10);
  }

  static Map<TreePath, String> withoutXattrsAndNanos(Map<TreePath, String> files) {
    var without = withTimes(files, time -> time.truncatedTo(ChronoUnit.SECONDS));
    without.replaceAll((_, line) -> line.replaceAll(" (user|security)\\.[^ ]*", ""));
    return without;
  }

  /// Does something to all times.
  static Map<TreePath, String> withTimes(Map<TreePath, String> files, UnaryOperator<Instant> change) {
    var changed = new TreeMap<TreePath, String>();
    files.forEach((path, line) -> changed.put(path, TIME.matcher(line).replaceFirst(found -> change.apply(Instant.parse(found.group())).toString())));
    return changed;
  }
}
