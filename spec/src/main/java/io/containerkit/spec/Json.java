package io.containerkit.spec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/// Reads and writes JSON: strict (RFC 8259, UTF-8, no duplicate names), bounded, and without loss.
///
/// Nothing but [SpecException] comes out of a bad document. All methods are thread-safe.
public final class Json {

  private static final Set<StandardOpenOption> WRITING =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(
          Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));

  private Json() {}

  /// Reads one document within the default limits.
  public static JsonValue read(byte[] document) {
    return read(document, JsonLimits.DEFAULT);
  }

  /// Reads one document.
  public static JsonValue read(byte[] document, JsonLimits limits) {
    return JsonTreeReader.one(document, limits, "");
  }

  /// Reads one document within the default limits.
  public static JsonValue read(String document) {
    // Encoding would turn a lone surrogate into a question mark.
    JsonString.requireWellFormed(document);
    return read(document.getBytes(StandardCharsets.UTF_8));
  }

  /// Reads documents that follow each other, with or without white space between them, as log files hold them.
  ///
  /// @return the documents in order; empty for a blank input
  public static List<JsonValue> readSequence(byte[] documents, JsonLimits limits) {
    return JsonTreeReader.sequence(documents, limits);
  }

  /// Reads one document that must be an object.
  public static JsonObject readObject(byte[] document) {
    return object(read(document), "");
  }

  /// Reads one document that must be an object.
  public static JsonObject readObject(String document) {
    return object(read(document), "");
  }

  /// Reads a file that must hold one object, within the default limits. Failures name the file.
  public static JsonObject readObject(Path file) {
    return readObject(file, JsonLimits.DEFAULT);
  }

  /// Reads a file that must hold one object. Failures name the file.
  public static JsonObject readObject(Path file, JsonLimits limits) {
    byte[] document;
    try (InputStream in = Files.newInputStream(file)) {
      // One more than allowed tells "too long" without reading what may have no end.
      document = in.readNBytes(limits.bytes() == Integer.MAX_VALUE ? limits.bytes() : limits.bytes() + 1);
    } catch (NoSuchFileException e) {
      throw new SpecException(ErrorKind.NOT_FOUND, file.toString(), "", "no such file", e);
    } catch (IOException e) {
      throw new SpecException(ErrorKind.IO, file.toString(), "", "cannot be read: " + reason(e), e);
    }
    return object(JsonTreeReader.one(document, limits, file.toString()), file.toString());
  }

  private static JsonObject object(JsonValue value, String source) {
    if (value instanceof JsonObject object) {
      return object;
    }
    throw new SpecException(source, "", "expected an object, found " + value.described(), null);
  }

  /// Writes a value without white space.
  public static String write(JsonValue value) {
    return JsonTreeWriter.write(value, false);
  }

  /// Writes a value without white space, in UTF-8.
  public static byte[] writeBytes(JsonValue value) {
    return write(value).getBytes(StandardCharsets.UTF_8);
  }

  /// Writes a value for people: indented, in UTF-8, with a newline at the end.
  public static byte[] writePretty(JsonValue value) {
    return JsonTreeWriter.write(value, true).getBytes(StandardCharsets.UTF_8);
  }

  /// Writes a value to a file, which is replaced; only its owner may read a new one, since environments hold secrets.
  ///
  /// @throws SpecException if the file cannot be written
  public static void write(JsonValue value, Path file) {
    ByteBuffer document = ByteBuffer.wrap(writeBytes(value));
    try (SeekableByteChannel out = Files.newByteChannel(file, WRITING, OWNER_ONLY)) {
      while (document.hasRemaining()) {
        out.write(document);
      }
    } catch (IOException e) {
      throw new SpecException(ErrorKind.IO, file.toString(), "", "cannot be written: " + reason(e), e);
    }
  }

  /// What went wrong, without the name of the file, which the message has already.
  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such directory";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
