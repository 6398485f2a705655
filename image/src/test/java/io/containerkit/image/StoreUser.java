package io.containerkit.image;

import io.containerkit.linux.FileAt;
import io.containerkit.spec.Json;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A process of its own that uses a store, to be killed, or to race with others.
final class StoreUser {

  private StoreUser() {}

  /// An image of six layers with 40 files each. The same in every process.
  static ImageFixture image() {
    var image = new ImageFixture();
    for (int layer = 0; layer < 6; layer++) {
      var tar = new Tar();
      var random = new Random(layer);
      for (int i = 0; i < 40; i++) {
        byte[] content = new byte[random.nextInt(40_000)];
        random.nextBytes(content);
        tar.file("d" + layer + "/f" + i, new String(content, StandardCharsets.ISO_8859_1));
      }
      image.layer(tar.end(), layer % 2 == 0 ? Compression.GZIP : Compression.ZSTD);
    }
    return image;
  }

  /// Starts the process.
  ///
  /// @param rounds how often it pulls the image and removes it again; 0 to pull once and say how many blobs it had to fetch
  static Process start(Path store, int rounds) throws IOException {
    return new ProcessBuilder(java(StoreUser.class, store.toString(), Integer.toString(rounds))).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /// The command that runs a class of these tests.
  static List<String> java(Class<?> main, String... arguments) {
    var command =
        Stream.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED",
            "-cp", classPath(), main.getName());
    return Stream.concat(command, Stream.of(arguments)).toList();
  }

  private static String classPath() {
    Stream<Class<?>> libraries = Stream.of(ContentStore.class, FileAt.class, Json.class, com.github.luben.zstd.Zstd.class);
    return Stream.concat(Stream.of("target/test-classes"), libraries.map(StoreUser::location)).collect(Collectors.joining(File.pathSeparator));
  }

  private static String location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  public static void main(String[] args) throws InterruptedException {
    ImageFixture image = image();
    int rounds = Integer.parseInt(args[1]);
    var fetched = new AtomicInteger();
    BlobSource source =
        (blob, from) -> {
          fetched.incrementAndGet();
          return image.open(blob, from);
        };
    try (ContentStore store = ContentStore.open(Path.of(args[0]))) {
      var snapshots = new Snapshots(store);
      System.out.println("ready");
      for (int round = 0; round < Math.max(1, rounds); round++) {
        try (Lease lease = store.lease()) {
          snapshots.unpack(lease, image.manifest(), image.config(), source);
          lease.put(MediaType.OCI_CONFIG, image.config().toBytes());
          Descriptor manifest = lease.put(MediaType.OCI_MANIFEST, image.manifest().toBytes());
          lease.tag("image", manifest);
          snapshots.lower(lease, List.copyOf(image.diffIds()));
        }
        if (rounds > 0) {
          store.untag("image");
          store.collect();
        }
      }
    }
    System.out.println(fetched.get());
  }
}
