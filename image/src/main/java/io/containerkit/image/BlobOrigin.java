package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.RegistryException;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/// Where the bytes of one blob come from: the first place of several that has it, and the next one when that fails on the way. Thread-safe.
final class BlobOrigin {

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes +([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)");

  private final Transport transport;
  private final List<Endpoint> endpoints;
  private final Descriptor blob;
  private final FailureListener failures;
  private int current;

  /// Hears of places that have failed.
  interface FailureListener {
    void failed(Endpoint place, RegistryException how);
  }

  /// @param endpoints the places in the order to ask them, at least one
  BlobOrigin(Transport transport, List<Endpoint> endpoints, Descriptor blob, FailureListener failures) {
    this.transport = transport;
    this.endpoints = endpoints;
    this.blob = blob;
    this.failures = failures;
  }

  Descriptor blob() {
    return blob;
  }

  RetryPolicy policy() {
    return transport.policy();
  }

  /// Some of the blob's bytes.
  ///
  /// @param response the answer whose body they are; owned by the receiver
  /// @param isRange whether the registry gave the range that it was asked for, not the whole blob
  /// @param place which of the places it is from
  record Part(Response response, boolean isRange, int place) {}

  /// Opens the blob at `from`; the body goes on to `to` (exclusive) at least, unless it breaks off.
  Part open(long from, long to) throws InterruptedException {
    while (true) {
      var place = current();
      try {
        return open(place, from, to);
      } catch (RegistryException e) {
        if (!leave(place, e)) {
          throw e;
        }
      }
    }
  }

  private synchronized int current() {
    return current;
  }

  /// Whether there is a place to go on at when this one fails.
  boolean hasOther(int place) {
    return place + 1 < endpoints.size();
  }

  /// Turns away from a place that has failed.
  ///
  /// @return whether there is another one
  synchronized boolean leave(int place, RegistryException how) {
    if (!hasOther(place)) {
      return false;
    }
    if (place == current) {
      current++;
      failures.failed(endpoints.get(place), how);
    }
    return true;
  }

  private Part open(int place, long from, long to) throws InterruptedException {
    var endpoint = endpoints.get(place);
    var request = Request.get(transport.uri(endpoint, "blobs/" + blob.digest()), Scope.pull(endpoint.repository()));
    if (from > 0 || to < blob.size()) {
      request = request.with("Range", "bytes=" + from + "-" + (to - 1));
    }
    var response = transport.sendOk(endpoint, request);
    var accepted = false;
    try {
      var isRange = response.status() == 206;
      if (isRange) {
        checkRange(response, from, to);
      } else {
        checkLength(response, blob.size());
        skip(response, from);
      }
      accepted = true;
      return new Part(response, isRange, place);
    } finally {
      if (!accepted) {
        response.close();
      }
    }
  }

  private void checkRange(Response response, long from, long to) {
    var header = response.header("Content-Range").strip();
    var range = CONTENT_RANGE.matcher(header);
    if (!range.matches()
        || Long.parseLong(range.group(1)) != from
        || Long.parseLong(range.group(2)) != to - 1
        || !(range.group(3).equals("*") || Long.parseLong(range.group(3)) == blob.size())) {
      throw Failures.answer(
          ErrorKind.CORRUPT,
          response,
          "asked for bytes " + from + "-" + (to - 1) + "/" + blob.size() + " of the blob, got " + Quoted.of(header));
    }
    checkLength(response, to - from);
  }

  private static void checkLength(Response response, long expected) {
    var length = response.contentLength();
    if (length.isPresent() && length.getAsLong() != expected) {
      throw Failures.answer(
          ErrorKind.CORRUPT, response, "the body has " + length.getAsLong() + " bytes, not " + expected);
    }
  }

  /// Reads over what has been read already, where a registry knows no ranges.
  private static void skip(Response response, long count) throws InterruptedException {
    try {
      response.body().skipNBytes(count);
    } catch (IOException e) {
      throw Transport.broken(response, e);
    }
  }
}
