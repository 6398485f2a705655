package io.containerkit.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Small images and impatient clients for the tests of the registry client.
final class TestImages {

  static final RetryPolicy IMPATIENT =
      new RetryPolicy(4, Duration.ofMillis(1), Duration.ofMillis(4), Duration.ofSeconds(3));
  static final Timeouts SHORT =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(300), Duration.ofSeconds(5));

  private TestImages() {}

  /// A client that knows nothing and nobody, and waits for nothing.
  static RegistryClientBuilder client() {
    return RegistryClient.builder()
        .config(RegistryConfig.NONE)
        .credentials(CredentialSource.none())
        .retryPolicy(IMPATIENT)
        .timeouts(SHORT);
  }

  static byte[] random(int seed, int length) {
    var bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  /// Puts an image of two layers under `repository:tag`.
  static Manifest addImage(FakeRegistry registry, String repositoryAndTag, int seed) {
    var manifest = image(registry, seed, Platform.of("linux/amd64"));
    registry.addDocument(repositoryAndTag, manifest);
    return manifest;
  }

  static Manifest image(FakeRegistry registry, int seed, Platform platform) {
    var config = ImageConfig.of(platform, ImageConfig.Defaults.NONE, List.of()).toBytes();
    return Manifest.of(
        registry.addBlob(MediaType.OCI_CONFIG, config),
        List.of(
            registry.addBlob(MediaType.OCI_LAYER_GZIP, random(seed, 3000)),
            registry.addBlob(MediaType.OCI_LAYER_GZIP, random(seed + 1, 70_000))));
  }

  /// Waits until as many requests are open as the barrier asks for; a client that sends one after the other gets no answer.
  ///
  /// @return false, so that the registry answers then
  static boolean waitForOthers(CyclicBarrier together) throws IOException {
    try {
      together.await(4, TimeUnit.SECONDS);
      return false;
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IOException("the other requests do not come", e);
    }
  }

  /// Answers with the first `count` bytes of what it promises, and cuts the connection.
  static boolean truncated(FakeRegistry.Call call, FakeRegistry.Answer answer, byte[] content, int count) throws IOException {
    var range = FakeRegistry.range(call, content.length);
    var from = range == null ? 0 : range[0];
    var last = range == null ? content.length - 1 : range[1];
    if (range != null) {
      answer.header("Content-Range", "bytes " + from + "-" + last + "/" + content.length);
    }
    answer.header("Content-Type", MediaType.OCI_MANIFEST).header("Content-Length", Integer.toString(last - from + 1));
    answer.start(range == null ? 200 : 206).write(content, from, count);
    return answer.close();
  }
}
