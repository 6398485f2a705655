package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.SpecException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Manifests and indexes of one repository: read, written, deleted, and what refers to them.
final class Manifests {

  private static final String ACCEPT = String.join(", ", MediaType.MANIFESTS);
  private static final String DIGEST_HEADER = "Docker-Content-Digest";

  private final Transport transport;

  Manifests(Transport transport) {
    this.transport = transport;
  }

  /// What a reference points at, without the document; empty where the registry does not tell all of it.
  Optional<Descriptor> head(Endpoint endpoint, ImageReference reference) throws InterruptedException {
    try (var response = transport.sendOk(endpoint, request("HEAD", endpoint, reference.identifier()))) {
      var type = MediaType.ofContentType(response.header("Content-Type"));
      var length = response.contentLength();
      var digest = digestHeader(response);
      if (digest == null || length.isEmpty() || type.isEmpty()) {
        return Optional.empty();
      }
      checkDigest(response, reference, digest);
      return Optional.of(Descriptor.of(type, digest, length.getAsLong()));
    }
  }

  /// The document that a reference points at.
  FetchedDocument fetch(Endpoint endpoint, ImageReference reference) throws InterruptedException {
    var answer = transport.document(endpoint, request("GET", endpoint, reference.identifier()), Document.MAX_BYTES);
    var digest = checkedDigest(answer, reference.digest());
    var type = MediaType.ofContentType(answer.response().header("Content-Type"));
    if (type.isEmpty()) {
      throw answer.corrupt("the answer has no Content-Type");
    }
    var document = parsed(answer, "the manifest");
    return new FetchedDocument(Descriptor.of(type, digest, answer.bytes().length), document, answer.bytes());
  }

  private static Document parsed(Transport.Answer answer, String what) {
    try {
      return Document.parse(answer.bytes(), MediaType.ofContentType(answer.response().header("Content-Type")));
    } catch (SpecException e) {
      throw answer.corrupt(what + " is refused: " + e.getMessage());
    }
  }

  private static Digest checkedDigest(Transport.Answer answer, @Nullable Digest wanted) {
    var told = wanted == null ? digestHeader(answer.response()) : wanted;
    if (told == null) {
      return Digest.sha256(answer.bytes());
    }
    if (!told.matches(answer.bytes())) {
      throw answer.corrupt(
          "the digest of the answer is " + Digest.sha256(answer.bytes()) + ", not " + told
              + (wanted == null ? " as it says" : " as asked for"));
    }
    return told;
  }

  private static void checkDigest(Response response, ImageReference reference, Digest told) {
    var wanted = reference.digest();
    if (wanted != null && wanted.algorithm().equals(told.algorithm()) && !wanted.equals(told)) {
      throw Failures.answer(ErrorKind.CORRUPT, response, "it says that its digest is " + told);
    }
  }

  private static @Nullable Digest digestHeader(Response response) {
    var text = response.header(DIGEST_HEADER).strip();
    try {
      return text.isEmpty() ? null : Digest.of(text);
    } catch (ImageException e) {
      throw Failures.answer(ErrorKind.CORRUPT, response, DIGEST_HEADER + ": " + e.getMessage());
    }
  }

  /// Writes a document under a tag or its digest. What has a subject is entered into the subject's list of referrers, where the
  /// registry does not do so by itself (distribution-spec, "Pushing Manifests with Subject").
  void push(Endpoint endpoint, String identifier, Document document, Descriptor descriptor, byte[] bytes)
      throws InterruptedException {
    var request =
        Request.of("PUT", transport.uri(endpoint, "manifests/" + identifier), Scope.push(endpoint.repository()))
            .with("Content-Type", descriptor.mediaType())
            .with(() -> BodyPublishers.ofByteArray(bytes), bytes.length, true);
    String listed;
    try (var response = transport.sendOk(endpoint, request)) {
      var told = digestHeader(response);
      if (told != null && !told.matches(bytes)) {
        throw Failures.answer(ErrorKind.CORRUPT, response, "the registry has stored " + told + ", not " + descriptor.digest());
      }
      listed = response.header("OCI-Subject");
    }
    var subject = document.subject();
    if (subject != null && listed.isEmpty()) {
      addReferrer(endpoint, subject.digest(), document, descriptor);
    }
  }

  /// Deletes what stands behind a tag or digest.
  void delete(Endpoint endpoint, String identifier) throws InterruptedException {
    var uri = transport.uri(endpoint, "manifests/" + identifier);
    transport.sendOk(endpoint, Request.of("DELETE", uri, Scope.delete(endpoint.repository()))).close();
  }

  /// What refers to a digest, all of it; from the API, or from the tag that stands in for it.
  List<Descriptor> referrers(Endpoint endpoint, Digest subject) throws InterruptedException {
    var found = new ArrayList<Descriptor>();
    var pages = new Pages(transport, endpoint, transport.uri(endpoint, "referrers/" + subject));
    while (pages.hasNext()) {
      var page = pages.next(Document.MAX_BYTES);
      if (page.isEmpty()) {
        return fallbackIndex(endpoint, subject).map(Index::manifests).orElse(List.of());
      }
      found.addAll(index(page.get()).manifests());
    }
    return found;
  }

  private static Index index(Transport.Answer answer) {
    if (parsed(answer, "the list of referrers") instanceof Index index) {
      return index;
    }
    throw answer.corrupt("the list of referrers is a manifest");
  }

  private Optional<Index> fallbackIndex(Endpoint endpoint, Digest subject) throws InterruptedException {
    return transport
        .documentIfFound(endpoint, request("GET", endpoint, fallbackTag(subject)), Document.MAX_BYTES)
        .map(Manifests::index);
  }

  private void addReferrer(Endpoint endpoint, Digest subject, Document document, Descriptor descriptor)
      throws InterruptedException {
    var index = fallbackIndex(endpoint, subject).orElse(Index.of(List.of()));
    if (index.manifests().stream().anyMatch(known -> known.digest().equals(descriptor.digest()))) {
      return;
    }
    var manifests = new ArrayList<>(index.manifests());
    manifests.add(descriptor.withArtifact(artifactType(document), document.annotations()));
    var longer = index.withManifests(manifests);
    var bytes = longer.toBytes();
    push(endpoint, fallbackTag(subject), longer, Descriptor.of(longer.mediaType(), bytes), bytes);
  }

  /// The type by which referrers are told apart: the manifest's own, else that of its configuration.
  private static String artifactType(Document document) {
    return document instanceof Manifest manifest && manifest.artifactType().isEmpty()
        ? manifest.config().mediaType()
        : document.artifactType();
  }

  private static String fallbackTag(Digest subject) {
    var tag = subject.algorithm() + "-" + subject.hex();
    return tag.substring(0, Math.min(tag.length(), 128)); // The longest tag; the spec cuts there too.
  }

  private Request request(String method, Endpoint endpoint, String identifier) throws InterruptedException {
    var uri = transport.uri(endpoint, "manifests/" + identifier);
    return Request.of(method, uri, Scope.pull(endpoint.repository())).with("Accept", ACCEPT);
  }

  static void checkAgainst(Descriptor expected, FetchedDocument fetched) {
    if (fetched.descriptor().size() != expected.size()
        || !Objects.equals(fetched.descriptor().mediaType(), expected.mediaType())) {
      throw new ImageException(
          ErrorKind.CORRUPT,
          expected.digest().toString(),
          "the index says that " + expected.digest() + " is " + Quoted.plain(expected.mediaType()) + " of "
              + expected.size() + " bytes, but it is " + fetched.descriptor().mediaType() + " of "
              + fetched.descriptor().size(),
          null);
    }
  }
}
