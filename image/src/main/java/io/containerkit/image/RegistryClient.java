package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.Json;
import io.containerkit.spec.ObjectReader;
import io.containerkit.spec.RegistryException;
import io.containerkit.spec.SpecException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Speaks with registries (OCI distribution-spec 1.1): pulls, pushes, lists, deletes and copies.
///
/// All that is pulled is verified by digest and size. Failures are [RegistryException]s, or [ImageException]s where content is
/// corrupt or missing. Thread-safe; calls block and may be interrupted, so several at once are best made from virtual threads.
/// Uses no more than some 40 MiB of memory for content, however much is pulled. [#close()] ends what is still under way.
public final class RegistryClient implements AutoCloseable {

  private static final long RANGED = 4L * RangedStream.SEGMENT;
  private static final int SEGMENTS_AHEAD = 8;
  private static final int PAGE = 1000;
  private static final Duration ABSENCE = Duration.ofMinutes(1);

  private final RegistryConfig config;
  private final Clock clock;
  private final int concurrentBlobs;
  private final int connectionsPerBlob;
  private final Transport transport;
  private final Manifests manifests;
  private final Uploads uploads;
  private final Semaphore room = new Semaphore(SEGMENTS_AHEAD);
  private final Map<String, Instant> absentMirrors = new ConcurrentHashMap<>();

  RegistryClient(RegistryClientBuilder builder) {
    this.config = builder.config;
    this.clock = builder.clock;
    this.concurrentBlobs = builder.concurrentBlobs;
    this.connectionsPerBlob = builder.connectionsPerBlob;
    this.transport =
        new Transport(config, builder.credentials, builder.retryPolicy, builder.timeouts, clock);
    this.manifests = new Manifests(transport);
    this.uploads = new Uploads(transport, builder.uploadChunk);
  }

  /// A builder of a client that has this machine's configuration and the user's credentials.
  public static RegistryClientBuilder builder() {
    return new RegistryClientBuilder();
  }

  /// What a reference points at now, at the price of one short request where the registry is helpful.
  public Descriptor resolve(ImageReference reference) throws InterruptedException {
    return fromFirst(
        reference,
        endpoint -> {
          var head = manifests.head(endpoint, reference);
          return head.isPresent() ? head.get() : manifests.fetch(endpoint, reference).descriptor();
        });
  }

  /// The manifest or index that a reference points at.
  public FetchedDocument fetch(ImageReference reference) throws InterruptedException {
    return fromFirst(reference, endpoint -> manifests.fetch(endpoint, reference));
  }

  /// The manifest that a reference points at; where that is an index, the one in it that runs best on `platform`.
  ///
  /// @throws ImageException if the index has none for the platform, kind [ErrorKind#NOT_FOUND]
  public FetchedDocument fetch(ImageReference reference, Platform platform) throws InterruptedException {
    var fetched = fetch(reference);
    for (var depth = 0; fetched.document() instanceof Index index; depth++) {
      Index.checkDepth(depth, reference.toString());
      fetched = fetch(reference, index.choose(platform));
    }
    return fetched;
  }

  private FetchedDocument fetch(ImageReference reference, Descriptor document) throws InterruptedException {
    var fetched = fetch(reference.withDigest(document.digest()));
    Manifests.checkAgainst(document, fetched);
    return fetched;
  }

  /// The configuration of an image whose manifest this is.
  public ImageConfig config(ImageReference reference, Manifest manifest) throws InterruptedException {
    return ImageConfig.parse(fetchBlob(reference, manifest.config()));
  }

  /// A blob of at most 4 MiB, verified.
  public byte[] fetchBlob(ImageReference reference, Descriptor blob) throws InterruptedException {
    if (blob.size() > Document.MAX_BYTES) {
      throw new ImageException(
          ErrorKind.CORRUPT,
          blob.digest().toString(),
          blob.digest() + " is said to have " + blob.size() + " bytes; more than " + Document.MAX_BYTES + " are not read at once",
          null);
    }
    try {
      return readBlob(reference, blob);
    } catch (RegistryException | ImageException e) {
      if (e.kind() != ErrorKind.CORRUPT || !leaveMirrors(reference)) {
        throw e;
      }
      return readBlob(reference, blob);
    }
  }

  private byte[] readBlob(ImageReference reference, Descriptor blob) throws InterruptedException {
    try (var in = openBlob(reference, blob)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw failed(blob, e);
    }
  }

  /// The content of a blob. The stream reads on where a connection broke off, at another place if a mirror breaks off again, and uses
  /// several connections for a large blob. Its end is reached only if digest and size are right; if they are not, the mirrors are left out
  /// for a minute, so that another attempt asks the registry itself. To be used by one thread, and closed.
  ///
  /// Reading throws a [RegistryException] or [ImageException] as it is, not wrapped; an [InterruptedException] as
  /// [InterruptedIOException].
  ///
  /// @param reference an image in the repository that has the blob
  /// @param blob which
  public InputStream openBlob(ImageReference reference, Descriptor blob) {
    return new VerifiedStream(openUnverified(reference, blob, 0), blob, () -> leaveMirrors(reference));
  }

  /// The content of a blob from a place in it on, for a caller that has what is before. Does what [#openBlob(ImageReference,
  /// Descriptor)] does, but only the caller can check the digest.
  ///
  /// @param from how many bytes to leave out
  InputStream openUnverified(ImageReference reference, Descriptor blob, long from) {
    var origin = new BlobOrigin(transport, places(reference.withDigest(blob.digest())), blob, this::failed);
    return blob.size() - from >= RANGED && connectionsPerBlob > 1
        ? new RangedStream(origin, from, connectionsPerBlob, room)
        : new ResumingStream(origin, from, blob.size());
  }

  /// Gives several blobs to a consumer, some at once, each on a virtual thread of its own. Returns when all have been read to
  /// their verified ends; the first failure ends the rest.
  ///
  /// @throws ImageException if the consumer failed, with its failure as the cause
  public void fetchBlobs(ImageReference reference, List<Descriptor> blobs, BlobConsumer consumer)
      throws InterruptedException {
    forEach(
        reference,
        blobs,
        blob -> {
          try (var in = openBlob(reference, blob)) {
            consumer.accept(blob, in);
            in.transferTo(OutputStream.nullOutputStream());
          }
        });
  }

  /// Pushes a blob, unless the repository has it.
  public void pushBlob(ImageReference target, Descriptor blob, BlobContent content) throws InterruptedException {
    push(target, blob, content, null);
  }

  /// Pushes a blob, unless the repository has it or can mount it from another of the same registry.
  public void pushBlob(ImageReference target, Descriptor blob, BlobContent content, ImageReference mountFrom)
      throws InterruptedException {
    push(target, blob, content, mountFrom);
  }

  private Uploads.Outcome push(
      ImageReference target, Descriptor blob, BlobContent content, @Nullable ImageReference mountFrom)
      throws InterruptedException {
    var endpoint = config.origin(target);
    try {
      return uploads.push(endpoint, blob, content, mountFrom == null ? null : mountable(mountFrom, endpoint));
    } catch (IOException e) {
      throw failed(blob, e);
    }
  }

  /// The repository of `from`, if it can be mounted from in `target`: another one of the same registry.
  private @Nullable String mountable(ImageReference from, Endpoint target) {
    var place = config.origin(from);
    return place.registry().equals(target.registry()) && !place.equals(target) ? place.repository() : null;
  }

  /// Pushes a manifest or index under the tag of a reference, or its digest. What it names must have been pushed before.
  ///
  /// @return what was pushed
  public Descriptor push(ImageReference target, Document document) throws InterruptedException {
    return push(target, document.mediaType(), document.toBytes());
  }

  /// Pushes a manifest or index, byte for byte.
  ///
  /// @throws SpecException if the bytes are not a document of that type
  public Descriptor push(ImageReference target, String mediaType, byte[] bytes) throws InterruptedException {
    var document = Document.parse(bytes, mediaType);
    var descriptor = Descriptor.of(mediaType, bytes);
    var wanted = target.digest();
    if (wanted != null && !wanted.matches(bytes)) {
      throw new ImageException(
          ErrorKind.INVALID_ARGUMENT,
          target.toString(),
          "cannot push to " + target + ": the document's digest is " + descriptor.digest(),
          null);
    }
    manifests.push(config.origin(target), target.identifier(), document, descriptor, bytes);
    return descriptor;
  }

  /// The tags of the repository of a reference, as the registry orders them.
  public List<String> tags(ImageReference reference) throws InterruptedException {
    return fromFirst(reference, this::tags);
  }

  private List<String> tags(Endpoint endpoint) throws InterruptedException {
    var tags = new ArrayList<String>();
    var pages = new Pages(transport, endpoint, transport.uri(endpoint, "tags/list?n=" + PAGE));
    while (pages.hasNext()) {
      var page = pages.next(Document.MAX_BYTES);
      if (page.isEmpty()) {
        throw new ImageException(
            ErrorKind.NOT_FOUND, endpoint.toString(), "the registry has no repository " + endpoint, null);
      }
      try {
        tags.addAll(ObjectReader.of(Json.readObject(page.get().bytes())).strings("tags"));
      } catch (SpecException e) {
        throw page.get().corrupt("the list of tags is refused: " + e.getMessage());
      }
    }
    return tags;
  }

  /// What refers to a manifest: signatures, bills of materials.
  ///
  /// @param artifactType only of this type; empty for all
  public List<Descriptor> referrers(ImageReference reference, Digest subject, String artifactType)
      throws InterruptedException {
    return fromFirst(reference, endpoint -> manifests.referrers(endpoint, subject)).stream()
        .filter(referrer -> artifactType.isEmpty() || artifactType.equals(referrer.artifactType()))
        .toList();
  }

  /// Deletes the manifest that a reference with a digest names, or the tag. Some registries delete by digest only.
  public void delete(ImageReference reference) throws InterruptedException {
    manifests.delete(config.origin(reference), reference.identifier());
  }

  /// Asks a registry whether it takes the credentials that there are for it.
  ///
  /// @param registry as in [ImageReference#registry()]
  /// @throws RegistryException if it does not, kind [ErrorKind#UNAUTHORIZED]
  public void check(String registry) throws InterruptedException {
    var endpoint = config.origin(new ImageReference(registry, "any", "any", null));
    transport.sendOk(endpoint, Request.get(transport.root(endpoint), Scope.NONE)).close();
  }

  /// Forgets the credentials that were used so far, and the tokens that came of them: for after a login or logout.
  public void forgetCredentials() {
    transport.forgetCredentials();
  }

  /// Copies an image with all its platforms, without storing it here. Blobs that the target has are not copied; within one
  /// registry they are mounted.
  ///
  /// @return what the target's reference points at now; byte for byte what the source's did
  public Descriptor copy(ImageReference source, ImageReference target) throws InterruptedException {
    return new Copier(this, source, target).copy(fetch(source));
  }

  /// Copies an image for one platform, as [#copy(ImageReference, ImageReference)] does.
  public Descriptor copy(ImageReference source, ImageReference target, Platform platform) throws InterruptedException {
    return new Copier(this, source, target).copy(fetch(source, platform));
  }

  /// Does something for several blobs, some at once.
  void forEach(ImageReference reference, List<Descriptor> blobs, Parallel.Task<Descriptor> task)
      throws InterruptedException {
    try {
      Parallel.forEach(blobs, concurrentBlobs, task);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case null, default ->
            throw new ImageException(
                ErrorKind.IO, reference.toString(), "cannot transfer " + reference + ": " + e.getCause(), e.getCause());
      }
    }
  }

  private static ImageException failed(Descriptor blob, IOException e) throws InterruptedException {
    if (e instanceof InterruptedIOException && Thread.interrupted()) {
      throw (InterruptedException) new InterruptedException(e.getMessage()).initCause(e);
    }
    return new ImageException(ErrorKind.IO, blob.digest().toString(), blob.digest() + ": " + e.getMessage(), e);
  }

  private interface Ask<T> {
    T of(Endpoint endpoint) throws InterruptedException;
  }

  /// Asks the mirrors and then the registry itself, until one has an answer. The failure of the last is thrown, those before it
  /// are suppressed in it.
  private <T> T fromFirst(ImageReference reference, Ask<T> ask) throws InterruptedException {
    var failed = new ArrayList<RuntimeException>();
    var places = places(reference);
    for (var endpoint : places) {
      try {
        return ask.of(endpoint);
      } catch (RegistryException | ImageException e) {
        failed.add(e);
        if (e instanceof RegistryException how) {
          failed(endpoint, how);
        }
      }
    }
    var last = failed.removeLast();
    failed.forEach(last::addSuppressed);
    throw last;
  }

  /// Leaves a place out for a while; one that lacks something may have the next thing.
  private void failed(Endpoint place, RegistryException how) {
    if (how.kind() != ErrorKind.NOT_FOUND) {
      leaveOut(place);
    }
  }

  private void leaveOut(Endpoint place) {
    absentMirrors.put(place.registry(), clock.instant().plus(ABSENCE));
  }

  /// Leaves the mirrors out for a while: one of them has served what is not what was asked for.
  ///
  /// @return whether there are any
  boolean leaveMirrors(ImageReference reference) {
    var places = config.pullFrom(reference);
    places.subList(0, places.size() - 1).forEach(this::leaveOut);
    return places.size() > 1;
  }

  /// The places to ask, without the mirrors that have just failed.
  private List<Endpoint> places(ImageReference reference) {
    var places = config.pullFrom(reference);
    var itself = places.getLast();
    var now = clock.instant();
    return places.stream()
        .filter(place -> place.equals(itself) || now.isAfter(Objects.requireNonNullElse(absentMirrors.get(place.registry()), Instant.MIN)))
        .toList();
  }

  /// Ends what is under way and closes all connections.
  @Override
  public void close() {
    transport.close();
  }
}
