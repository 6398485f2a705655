package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// The name of some content by its hash: `sha256:` and 64 hexadecimal digits (image-spec, "Digests"). An instance is valid by
/// construction, so it may become part of a path or a URL.
///
/// @param algorithm `sha256`, `sha384` or `sha512`
/// @param hex the hash, in lower case
public record Digest(String algorithm, String hex) {

  private static final HexFormat HEX = HexFormat.of();

  public Digest {
    var length =
        switch (algorithm) {
          case "sha256" -> 64;
          case "sha384" -> 96;
          case "sha512" -> 128;
          default -> throw invalid(algorithm + ":" + hex, "the algorithm is none of sha256, sha384, sha512");
        };
    if (hex.length() != length) {
      throw invalid(
          algorithm + ":" + hex, algorithm + " has " + length + " hexadecimal digits, not " + hex.length());
    }
    if (!hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
      throw invalid(algorithm + ":" + hex, "only the digits 0-9 and a-f are allowed");
    }
  }

  /// Parses `algorithm:hex`.
  ///
  /// @throws ImageException if it is not a digest, kind [ErrorKind#INVALID_ARGUMENT]
  public static Digest of(String text) {
    var colon = text.indexOf(':');
    if (colon < 0) {
      throw invalid(text, "it has no algorithm, such as sha256:…");
    }
    return new Digest(text.substring(0, colon), text.substring(colon + 1));
  }

  /// Parses `algorithm:hex`; empty if it is not a digest.
  static Optional<Digest> find(String text) {
    try {
      return Optional.of(of(text));
    } catch (ImageException notDigest) {
      return Optional.empty();
    }
  }

  /// The SHA-256 digest of `bytes`.
  public static Digest sha256(byte[] bytes) {
    return of("sha256", newMessageDigest("sha256").digest(bytes));
  }

  /// The digest that `hash`, made by the named algorithm, is.
  public static Digest of(String algorithm, byte[] hash) {
    return new Digest(algorithm, HEX.formatHex(hash));
  }

  /// A fresh hash function of this digest's algorithm.
  public MessageDigest newMessageDigest() {
    return newMessageDigest(algorithm);
  }

  /// Whether `bytes` are the content that this digest names.
  public boolean matches(byte[] bytes) {
    return MessageDigest.isEqual(HEX.parseHex(hex), newMessageDigest().digest(bytes));
  }

  /// `algorithm:hex`, the form in which it is written everywhere.
  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }

  private static MessageDigest newMessageDigest(String algorithm) {
    try {
      return MessageDigest.getInstance("SHA-" + algorithm.substring(3));
    } catch (NoSuchAlgorithmException e) {
      throw new ImageException(
          ErrorKind.UNSUPPORTED, algorithm, "this Java runtime has no hash function " + algorithm, e);
    }
  }

  private static ImageException invalid(String text, String why) {
    return new ImageException(
        ErrorKind.INVALID_ARGUMENT, text, "invalid digest " + Quoted.of(text) + ": " + why, null);
  }
}
