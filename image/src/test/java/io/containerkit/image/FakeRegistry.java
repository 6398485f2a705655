package io.containerkit.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/// A registry in memory on a loopback port, which answers well unless a fault says otherwise: byte for byte what the fault
/// writes is what the client gets.
final class FakeRegistry implements AutoCloseable {

  /// Answers a request in the place of the registry.
  interface Fault {
    /// Answers, or leaves it to the next: returns whether it has answered.
    boolean answers(Call call, Answer answer) throws IOException;
  }

  /// A request as it came.
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Call(String method, String target, Map<String, String> headers, byte[] body) {
    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    String path() {
      var query = target.indexOf('?');
      return query < 0 ? target : target.substring(0, query);
    }

    String query(String name) {
      var query = target.indexOf('?');
      for (var pair : target.substring(query < 0 ? target.length() : query + 1).split("&", -1)) {
        if (pair.startsWith(name + "=")) {
          return URLDecoder.decode(pair.substring(name.length() + 1), UTF_8);
        }
      }
      return "";
    }

    boolean is(String wantedMethod, String end) {
      return method.equals(wantedMethod) && path().endsWith(end);
    }

    @Override
    public String toString() {
      return method + " " + target;
    }
  }

  /// Where an answer is written.
  static final class Answer {
    private final OutputStream out;
    private final boolean head;
    private final Map<String, String> headers = new TreeMap<>();
    private boolean closing;

    Answer(OutputStream out, boolean head) {
      this.out = out;
      this.head = head;
    }

    Answer header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    boolean send(int status) throws IOException {
      return send(status, "");
    }

    boolean send(int status, String body) throws IOException {
      return send(status, body.getBytes(UTF_8));
    }

    boolean send(int status, byte[] body) throws IOException {
      if (status != 204) {
        headers.putIfAbsent("Content-Length", Integer.toString(body.length));
      }
      start(status);
      if (!head) {
        out.write(body);
      }
      out.flush();
      return true;
    }

    /// The status line and the headers; the body is the caller's.
    OutputStream start(int status) throws IOException {
      var text = new StringBuilder("HTTP/1.1 " + status + " X\r\n");
      headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
      out.write(text.append("\r\n").toString().getBytes(ISO_8859_1));
      out.flush();
      return out;
    }

    /// Where all of the answer is the caller's.
    OutputStream raw() {
      return out;
    }

    /// Ends the connection after this answer, whatever has been written.
    boolean close() {
      closing = true;
      return true;
    }
  }

  /// A document under a tag or digest.
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Stored(String mediaType, byte[] bytes) {}

  final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  final Map<String, Stored> manifests = new ConcurrentSkipListMap<>();
  final List<Call> calls = new CopyOnWriteArrayList<>();
  final List<Fault> faults = new CopyOnWriteArrayList<>();
  final AtomicInteger tlsAttempts = new AtomicInteger();

  private final Map<String, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();
  private final AtomicInteger uploadCount = new AtomicInteger();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final ServerSocket server;

  FakeRegistry() {
    this(ServerSocketFactory.getDefault());
  }

  /// One that speaks TLS, with the certificate of an authority.
  static FakeRegistry secured(TestAuthority authority) {
    return new FakeRegistry(Certificates.context(authority.identity()).getServerSocketFactory());
  }

  private FakeRegistry(ServerSocketFactory sockets) {
    try {
      server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("fake-registry").start(this::accept);
  }

  /// Host and port by address.
  String host() {
    return "127.0.0.1:" + port();
  }

  int port() {
    return server.getLocalPort();
  }

  ImageReference reference(String rest) {
    return ImageReference.of(host() + "/" + rest);
  }

  FakeRegistry fault(Fault fault) {
    faults.add(fault);
    return this;
  }

  /// A fault that answers only so many times.
  FakeRegistry fault(int times, Fault fault) {
    var left = new AtomicInteger(times);
    return fault((call, answer) -> left.get() > 0 && fault.answers(call, answer) && left.getAndDecrement() > 0);
  }

  Descriptor addBlob(String mediaType, byte[] content) {
    var descriptor = Descriptor.of(mediaType, content);
    blobs.put(descriptor.digest().toString(), content);
    return descriptor;
  }

  Descriptor addDocument(String repositoryAndTag, Document document) {
    return addDocument(repositoryAndTag, document.mediaType(), document.toBytes());
  }

  Descriptor addDocument(String repositoryAndTag, String mediaType, byte[] bytes) {
    var descriptor = Descriptor.of(mediaType, bytes);
    var colon = repositoryAndTag.indexOf(':');
    var repository = repositoryAndTag.substring(0, colon);
    manifests.put(repositoryAndTag, new Stored(mediaType, bytes));
    manifests.put(repository + ":" + descriptor.digest(), new Stored(mediaType, bytes));
    return descriptor;
  }

  List<String> calls(String method, String pathPart) {
    return calls.stream()
        .filter(call -> call.method().equals(method) && call.target().contains(pathPart))
        .map(Call::target)
        .toList();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        connections.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      var in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        in.mark(1);
        var first = in.read();
        if (first == 0x16) { // A TLS hello.
          tlsAttempts.incrementAndGet();
          return;
        }
        if (first < 0) {
          return;
        }
        in.reset();
        var call = read(in);
        calls.add(call);
        var answer = new Answer(socket.getOutputStream(), call.method().equals("HEAD"));
        var answered = false;
        for (var fault : faults) {
          if (fault.answers(call, answer)) {
            answered = true;
            break;
          }
        }
        if (!answered) {
          answer(call, answer);
        }
        if (answer.closing) {
          return;
        }
      }
    } catch (IOException _) {
      // The client has gone: faults make it do so.
    } finally {
      connections.remove(socket);
    }
  }

  private static Call read(InputStream in) throws IOException {
    var start = line(in).split(" ", -1);
    var headers = new TreeMap<String, String>();
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      var colon = line.indexOf(':');
      headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    var body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    return new Call(start[0], start[1], headers, body);
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (var c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException();
      }
      line.write(c);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  private boolean answer(Call call, Answer answer) throws IOException {
    var path = call.path();
    if (path.equals("/v2/")) {
      return answer.send(200, "{}");
    }
    var kind = path.replaceFirst("^/v2/(.+?)/(manifests|blobs/uploads|blobs|tags|referrers)/(.*)$", "$1\n$2\n$3").split("\n", -1);
    if (kind.length != 3) {
      return answer.send(404);
    }
    return switch (kind[1]) {
      case "manifests" -> manifest(call, answer, kind[0], kind[2]);
      case "blobs" -> blob(call, answer, kind[2]);
      case "blobs/uploads" -> upload(call, answer, kind[0], kind[2]);
      case "tags" -> answer.send(200, "{\"name\":\"" + kind[0] + "\",\"tags\":[" + String.join(",", tags(kind[0])) + "]}");
      default -> answer.send(404, error("NOT_FOUND", "no such thing"));
    };
  }

  private List<String> tags(String repository) {
    var tags = new ArrayList<String>();
    for (var key : manifests.keySet()) {
      if (key.startsWith(repository + ":") && !key.contains("sha256:")) {
        tags.add("\"" + key.substring(repository.length() + 1) + "\"");
      }
    }
    return tags;
  }

  static String error(String code, String message) {
    return "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + message + "\",\"detail\":{}}]}";
  }

  private boolean manifest(Call call, Answer answer, String repository, String reference) throws IOException {
    var key = repository + ":" + reference;
    if (call.method().equals("PUT")) {
      var descriptor = addDocument(repository + ":" + reference, call.header("Content-Type"), call.body());
      return answer.header("Docker-Content-Digest", descriptor.digest().toString()).send(201);
    }
    var stored = manifests.get(key);
    if (stored == null) {
      return answer.send(404, error("MANIFEST_UNKNOWN", "manifest unknown"));
    }
    if (call.method().equals("DELETE")) {
      manifests.remove(key);
      return answer.send(202);
    }
    return answer
        .header("Content-Type", stored.mediaType())
        .header("Docker-Content-Digest", Digest.sha256(stored.bytes()).toString())
        .send(200, stored.bytes());
  }

  private boolean blob(Call call, Answer answer, String digest) throws IOException {
    var content = blobs.get(digest);
    if (content == null) {
      return answer.send(404, error("BLOB_UNKNOWN", "blob unknown"));
    }
    var range = range(call, content.length);
    if (range == null) {
      return answer.send(200, content);
    }
    return answer
        .header("Content-Range", "bytes " + range[0] + "-" + range[1] + "/" + content.length)
        .send(206, Arrays.copyOfRange(content, range[0], range[1] + 1));
  }

  /// The first and last byte that a request asks for, or null for all.
  static int @Nullable [] range(Call call, int length) {
    var header = call.header("Range");
    if (header.isEmpty()) {
      return null;
    }
    var ends = header.substring("bytes=".length()).split("-", 2);
    return new int[] {Integer.parseInt(ends[0]), ends[1].isEmpty() ? length - 1 : Integer.parseInt(ends[1])};
  }

  private boolean upload(Call call, Answer answer, String repository, String id) throws IOException {
    if (call.method().equals("POST")) {
      if (!call.query("mount").isEmpty() && blobs.containsKey(call.query("mount"))) {
        return answer.header("Location", "/v2/" + repository + "/blobs/" + call.query("mount")).send(201);
      }
      var next = "u" + uploadCount.incrementAndGet();
      uploads.put(next, new ByteArrayOutputStream());
      return answer.header("Location", "/v2/" + repository + "/blobs/uploads/" + next + "?state=0").send(202);
    }
    var upload = uploads.get(id);
    if (upload == null) {
      return answer.send(404, error("BLOB_UPLOAD_UNKNOWN", "no such upload"));
    }
    if (call.method().equals("PATCH") && !call.header("Content-Range").startsWith(upload.size() + "-")) {
      return answer.send(416);
    }
    upload.write(call.body());
    answer.header("Location", "/v2/" + repository + "/blobs/uploads/" + id + "?state=" + upload.size());
    answer.header("Range", "0-" + Math.max(0, upload.size() - 1));
    if (!call.method().equals("PUT")) {
      return answer.send(call.method().equals("GET") ? 204 : 202);
    }
    var content = upload.toByteArray();
    var digest = Digest.of(call.query("digest"));
    if (!digest.matches(content)) {
      return answer.send(400, error("DIGEST_INVALID", "provided digest did not match uploaded content"));
    }
    blobs.put(digest.toString(), content);
    uploads.remove(id);
    return answer.header("Docker-Content-Digest", digest.toString()).send(201);
  }

  /// What an upload holds that has not ended, to make it lose bytes.
  ByteArrayOutputStream upload(String id) {
    var upload = uploads.get(id);
    if (upload == null) {
      throw new IllegalStateException("no upload " + id);
    }
    return upload;
  }

  @Override
  public void close() {
    stop();
  }

  /// Goes away; may be called more than once.
  void stop() {
    try {
      server.close();
      for (var connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
