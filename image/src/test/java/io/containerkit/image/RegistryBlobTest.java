package io.containerkit.image;

import static io.containerkit.image.TestImages.client;
import static io.containerkit.image.TestImages.image;
import static io.containerkit.image.TestImages.random;
import static io.containerkit.image.TestImages.truncated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.spec.ContainerException;
import io.containerkit.spec.ErrorKind;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Blobs come whole or not at all, whatever happens on their way.
class RegistryBlobTest {

  private final FakeRegistry registry = new FakeRegistry();
  private final RegistryClient client = client().build();

  @AfterEach
  void close() {
    client.close();
    registry.close();
  }

  @Test
  void goesOnWhereABrokenBodyEnded() throws Exception {
    var content = random(3, 500_000);
    var blob = registry.addBlob(MediaType.OCI_LAYER_GZIP, content);
    registry.fault(3, (call, answer) -> call.is("GET", blob.digest().toString()) && truncated(call, answer, content, 100_000));
    assertThat(read(blob)).isEqualTo(content);
    // How much of a broken body arrives is up to the network; that each further request goes on from there is not.
    assertThat(registry.calls.getLast().header("Range")).matches("bytes=[1-9][0-9]*-499999");
  }

  @Test
  void goesOnEvenWhereTheRegistryKnowsNoRanges() throws Exception {
    var content = random(3, 300_000);
    var blob = registry.addBlob(MediaType.OCI_LAYER_GZIP, content);
    registry.fault(
        1,
        (call, answer) -> {
          if (!call.is("GET", blob.digest().toString())) {
            return false;
          }
          answer.header("Content-Length", "300000").start(200).write(content, 0, 1234);
          return answer.close();
        });
    registry.fault((call, answer) -> call.path().contains("/blobs/") && answer.send(200, content));
    assertThat(read(blob)).isEqualTo(content);
  }

  @Test
  void givesUpABodyThatBreaksTooOften() {
    var content = random(3, 500_000);
    var blob = registry.addBlob(MediaType.OCI_LAYER_GZIP, content);
    registry.fault((call, answer) -> call.path().contains("/blobs/") && truncated(call, answer, content, 10));
    assertFails(() -> read(blob), ErrorKind.IO);
    // Four broken bodies; the JDK may lose the head of an answer with its body, which is one more attempt.
    assertThat(registry.calls("GET", "/blobs/")).hasSizeBetween(4, 16);
  }

  @Test
  void givesUpABodyThatStopsComing() {
    var content = random(3, 500_000);
    var blob = registry.addBlob(MediaType.OCI_LAYER_GZIP, content);
    registry.fault(
        (call, answer) -> {
          if (!call.path().contains("/blobs/")) {
            return false;
          }
          // The connection stays open; the next request comes on another.
          answer.header("Content-Length", "500000").start(call.header("Range").isEmpty() ? 200 : 416).write(content, 0, 1000);
          return true;
        });
    assertFails(() -> read(blob), ErrorKind.INVALID_ARGUMENT).hasMessageContaining("416");
    assertThat(registry.calls("GET", "/blobs/")).hasSize(2);
  }

  @Test
  @Timeout(30)
  void givesUpABodyThatDrips() {
    var content = random(3, 1 << 20);
    var blob = registry.addBlob(MediaType.OCI_LAYER_GZIP, content);
    var drops = new Semaphore(0);
    registry.fault(
        (call, answer) -> {
          if (!call.is("GET", blob.digest().toString())) {
            return false;
          }
          var range = FakeRegistry.range(call, content.length);
          var from = range == null ? 0 : range[0];
          if (range != null) {
            answer.header("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
          }
          var out = answer.header("Content-Length", Integer.toString(content.length - from)).start(range == null ? 200 : 206);
          for (var i = from; i < content.length; i++) {
            out.write(content, i, 1);
            out.flush();
            drops.release();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(30));
          }
          return true;
        });
    var impatient = new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(200), Duration.ofSeconds(5));
    try (var client = client().timeouts(impatient).build()) {
      assertFails(() -> client.openBlob(registry.reference("app:1"), blob).readAllBytes(), ErrorKind.TIMED_OUT).hasMessageContaining("bytes came in");
    }
    assertThat(drops.availablePermits()).isGreaterThan(10);
  }

  @Test
  void fetchesALargeBlobInRangesInOrderWhereOneConnectionIsSlow() throws Exception {
    var content = random(5, 5 * RangedStream.SEGMENT + 4321);
    var blob = registry.addBlob(MediaType.OCI_LAYER_GZIP, content);
    registry.fault(slowStart(content));
    // One segment breaks in its middle, and is completed.
    registry.fault(
        1,
        (call, answer) ->
            call.header("Range").startsWith("bytes=" + 2 * RangedStream.SEGMENT) && truncated(call, answer, content, 5_000));
    assertThat(Digest.sha256(read(blob))).isEqualTo(blob.digest());
    assertThat(registry.calls("GET", "/blobs/")).hasSize(7);
  }

  @Test
  void severalRangesAreUnderWayAtOnce() throws Exception {
    var content = random(5, 4 * RangedStream.SEGMENT);
    var blob = registry.addBlob(MediaType.OCI_LAYER_GZIP, content);
    registry.fault(slowStart(content));
    var together = new CyclicBarrier(3);
    registry.fault((call, _) -> call.is("GET", blob.digest().toString()) && TestImages.waitForOthers(together));
    assertThat(Digest.sha256(read(blob))).isEqualTo(blob.digest());
    assertThat(registry.calls("GET", "/blobs/")).hasSize(4);
  }

  @Test
  void aStreamGivesBackItsRoomWhereverItIsClosed() throws Exception {
    var content = random(5, 6 * RangedStream.SEGMENT);
    var blob = registry.addBlob(MediaType.OCI_LAYER_GZIP, content);
    registry.fault(slowStart(content));
    var room = new Semaphore(2);
    try (var transport =
        new Transport(RegistryConfig.NONE, CredentialSource.none(), TestImages.IMPATIENT, TestImages.SHORT, Clock.systemUTC())) {
      var places = RegistryConfig.NONE.pullFrom(registry.reference("app:1"));
      for (var length : List.of(0, 1, RangedStream.SEGMENT + 1, 3 * RangedStream.SEGMENT, content.length)) {
        try (var in = new RangedStream(new BlobOrigin(transport, places, blob, (_, _) -> {}), 0, 4, room)) {
          assertThat(in.readNBytes(length)).hasSize(length);
        }
        assertThat(room.availablePermits()).as("after %d bytes", length).isEqualTo(2);
      }
    }
  }

  @Test
  void keepsToOneConnectionWhereItIsFast() throws Exception {
    var content = random(5, 5 * RangedStream.SEGMENT);
    var blob = registry.addBlob(MediaType.OCI_LAYER_GZIP, content);
    var ranges = List.of("bytes=0-4194303", "bytes=4194304-20971519");
    assertThat(Digest.sha256(read(blob))).isEqualTo(blob.digest());
    var asked = registry.calls.stream().map(call -> call.header("Range")).filter(range -> !range.isEmpty()).toList();
    // On a machine that is busy even this connection is slow.
    assertThat(asked).satisfiesAnyOf(all -> assertThat(all).isEqualTo(ranges), all -> assertThat(all).hasSize(5));
  }

  @Test
  void fetchesALargeBlobAsAWholeWhereTheRegistryKnowsNoRanges() throws Exception {
    var content = random(5, 5 * RangedStream.SEGMENT);
    var blob = registry.addBlob(MediaType.OCI_LAYER_GZIP, content);
    registry.fault((call, answer) -> call.path().contains("/blobs/") && answer.send(200, content));
    assertThat(Digest.sha256(read(blob))).isEqualTo(blob.digest());
    assertThat(registry.calls("GET", "/blobs/")).hasSize(1);
  }

  @Test
  void aLargeBlobGoesOnFromAGivenPlace() throws Exception {
    var content = random(6, 5 * RangedStream.SEGMENT);
    var blob = registry.addBlob(MediaType.OCI_LAYER_GZIP, content);
    try (var in = client.openUnverified(registry.reference("app:1"), blob, 1000)) {
      assertThat(Digest.sha256(in.readAllBytes())).isEqualTo(Digest.sha256(Arrays.copyOfRange(content, 1000, content.length)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bytes 1000-300000/300000, asked for bytes",
    "bytes 0-299999/300000, asked for bytes",
    "bytes 1234-299999/300001, asked for bytes",
    "bytes 1234-200000/300000, asked for bytes",
    "bytes 1234-99999999999999999999/300000, asked for bytes",
    "nonsense, asked for bytes",
    "'', asked for bytes",
  })
  void refusesARangeThatIsNotTheOneAskedFor(String contentRange, String why) {
    var blob = registry.addBlob(MediaType.OCI_LAYER_GZIP, random(3, 300_000));
    registry.fault(
        (call, answer) ->
            call.path().contains("/blobs/")
                && answer.header("Content-Range", contentRange).send(206, random(4, 300_000 - 1234)));
    assertFails(() -> client.openUnverified(registry.reference("app:1"), blob, 1234).readAllBytes(), ErrorKind.CORRUPT)
        .hasMessageContaining(why);
  }

  @Test
  void refusesARangeWhoseBytesAreOthers() {
    var blob = registry.addBlob(MediaType.OCI_LAYER_GZIP, random(3, 4 * RangedStream.SEGMENT));
    registry.fault(slowStart(random(3, 4 * RangedStream.SEGMENT)));
    var segment = RangedStream.SEGMENT;
    var range = segment + "-" + (2 * segment - 1);
    registry.fault(
        (call, answer) ->
            call.header("Range").equals("bytes=" + range)
                && answer.header("Content-Range", "bytes " + range + "/" + 4 * segment).send(206, random(4, segment)));
    assertFails(() -> read(blob), ErrorKind.CORRUPT).hasMessageContaining("its digest is");
  }

  @Test
  void refusesABlobThatIsLongerShorterOrAnother() {
    var blob = Descriptor.of(MediaType.OCI_LAYER_GZIP, random(1, 5000));
    registry.blobs.put(blob.digest().toString(), random(1, 5001));
    assertFails(() -> read(blob), ErrorKind.CORRUPT).hasMessageContaining("the body has 5001 bytes, not 5000");
    registry.blobs.put(blob.digest().toString(), random(1, 4999));
    assertFails(() -> read(blob), ErrorKind.CORRUPT).hasMessageContaining("the body has 4999 bytes, not 5000");
    registry.blobs.put(blob.digest().toString(), random(2, 5000));
    assertFails(() -> read(blob), ErrorKind.CORRUPT).hasMessageContaining("its digest is");
  }

  @Test
  void refusesABodyWithoutLengthThatGoesOnForEver() {
    var blob = Descriptor.of(MediaType.OCI_LAYER_GZIP, random(1, 5000));
    registry.fault(
        (call, answer) -> {
          if (!call.path().contains("/blobs/")) {
            return false;
          }
          var out = answer.header("Connection", "close").start(200);
          for (var i = 0; i < 10_000; i++) {
            out.write(random(i, 1000));
          }
          return answer.close();
        });
    assertFails(() -> read(blob), ErrorKind.CORRUPT).hasMessageContaining("longer than the 5000 bytes");
  }

  @Test
  void followsARedirectToAnotherHostForBlobs() throws Exception {
    var blob = Descriptor.of(MediaType.OCI_LAYER_GZIP, random(1, 5000));
    try (var storage = new FakeRegistry()) {
      storage.fault((call, answer) -> call.path().equals("/signed") && answer.send(200, random(1, 5000)));
      registry.fault(
          (call, answer) ->
              call.path().contains("/blobs/")
                  && answer.header("Location", "http://" + storage.host() + "/signed?X-Token=secret").send(307));
      assertThat(read(blob)).isEqualTo(random(1, 5000));
      assertThat(storage.calls.getFirst().headers()).doesNotContainKey("authorization");
    }
  }

  @Test
  void anInterruptEndsADownload() throws Exception {
    var blob = Descriptor.of(MediaType.OCI_LAYER_GZIP, random(1, 5000));
    var reading = new CountDownLatch(1);
    registry.fault(
        (call, answer) -> {
          if (!call.path().contains("/blobs/")) {
            return false;
          }
          answer.header("Content-Length", "5000").start(200).write(1);
          reading.countDown();
          return true;
        });
    var failure = new CompletableFuture<Throwable>();
    try (var patient = client().timeouts(Timeouts.DEFAULT).build()) {
      var thread = Thread.ofVirtual().start(() -> {
        try {
          patient.fetchBlob(registry.reference("app:1"), blob);
        } catch (Throwable e) {
          failure.complete(e);
        }
      });
      reading.await();
      thread.interrupt();
      assertThat(failure.get(5, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }
  }

  private byte[] read(Descriptor blob) throws Exception {
    try (var in = client.openBlob(registry.reference("app:1"), blob)) {
      var content = in.readAllBytes();
      assertThat(in.read()).as("after the end").isEqualTo(-1);
      return content;
    }
  }

  /// Gives the first segment of a blob more slowly than a fast connection would.
  private static FakeRegistry.Fault slowStart(byte[] content) {
    return (call, answer) -> {
      if (!call.header("Range").startsWith("bytes=0-")) {
        return false;
      }
      var length = RangedStream.SEGMENT;
      answer.header("Content-Range", "bytes 0-" + (length - 1) + "/" + content.length);
      var out = answer.header("Content-Length", Integer.toString(length)).start(206);
      out.write(content, 0, 1000);
      LockSupport.parkNanos(100_000_000);
      out.write(content, 1000, length - 1000);
      return true;
    };
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertFails(
      ThrowingCallable code, ErrorKind kind) {
    return assertThatThrownBy(code)
        .isInstanceOfSatisfying(ContainerException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }
}
