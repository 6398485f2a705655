package io.containerkit.spec;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
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
    // A lone surrogate becomes a '?' outside of an escape: refused here, as the byte it is not.
    if (!JsonString.isWellFormed(document)) {
      throw new SpecException("", "the text holds half of a surrogate pair");
    }
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
      throw new SpecException(ErrorKind.IO, file.toString(), "", "cannot be read: " + e, e);
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
    return new String(writeBytes(value), StandardCharsets.UTF_8);
  }

  /// Writes a value without white space, in UTF-8.
  public static byte[] writeBytes(JsonValue value) {
    return write(value, false);
  }

  /// Writes a value for people: indented, in UTF-8, with a newline at the end.
  public static byte[] writePretty(JsonValue value) {
    return write(value, true);
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
      throw new SpecException(ErrorKind.IO, file.toString(), "", "cannot be written: " + e, e);
    }
  }

  private static byte[] write(JsonValue value, boolean pretty) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
    try (JsonGenerator generator = JsonTreeReader.FACTORY.createGenerator(out)) {
      if (pretty) {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
        generator.setPrettyPrinter(printer);
      }
      write(value, generator);
      if (pretty) {
        generator.writeRaw('\n');
      }
    } catch (JacksonException e) {
      throw new SpecException("", "", e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("a buffer in memory failed", e);
    }
    return out.toByteArray();
  }

  // No pattern switch: its bootstrap alone takes longer than a whole config.json in a cold JVM.
  @SuppressWarnings("IfChainToSwitch")
  private static void write(JsonValue value, JsonGenerator out) throws IOException {
    if (value instanceof JsonString string) {
      out.writeString(string.value());
    } else if (value instanceof JsonObject object) {
      out.writeStartObject();
      for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
        out.writeFieldName(member.getKey());
        write(member.getValue(), out);
      }
      out.writeEndObject();
    } else if (value instanceof JsonArray array) {
      out.writeStartArray();
      for (JsonValue element : array.values()) {
        write(element, out);
      }
      out.writeEndArray();
    } else if (value instanceof JsonNumber number) {
      out.writeNumber(number.text());
    } else if (value instanceof JsonBoolean bool) {
      out.writeBoolean(bool.value());
    } else {
      out.writeNull();
    }
  }
}
