package io.containerkit.image;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The start line and the headers of an HTTP/1.1 message (RFC 9112).
///
/// @param start the start line
/// @param headers the lines of the headers
record HttpHead(String start, List<String> headers) {

  /// As much as the JDK's own client reads.
  private static final int LONGEST = 384 << 10;

  HttpHead {
    headers = List.copyOf(headers);
  }

  /// Reads up to the empty line and no further.
  ///
  /// @param in should be buffered: it is read byte by byte
  static HttpHead read(InputStream in) throws IOException {
    var lines = new ArrayList<String>();
    var left = LONGEST;
    for (var line = line(in, left); !line.isEmpty() || lines.isEmpty(); line = line(in, left)) {
      if (line.startsWith(" ") || line.startsWith("\t")) {
        throw new ProtocolException("a header goes on in a second line");
      }
      left -= line.length() + 1;
      lines.add(line);
    }
    return new HttpHead(lines.getFirst(), lines.subList(1, lines.size()));
  }

  private static String line(InputStream in, int longest) throws IOException {
    var line = new ByteArrayOutputStream();
    for (var c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection was closed");
      }
      if (line.size() >= longest) {
        throw new ProtocolException("the headers are longer than " + LONGEST + " bytes");
      }
      line.write(c);
    }
    var text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  /// A part of the start line: the method and target of a request.
  String word(int index) throws ProtocolException {
    var words = start.split(" ", -1);
    if (words.length != 3) {
      throw new ProtocolException("not a request: " + Quoted.of(start));
    }
    return words[index];
  }

  /// The status of an answer.
  int status() throws ProtocolException {
    if (!start.matches("HTTP/1\\.[01] [1-9][0-9]{2}( .*)?")) {
      throw new ProtocolException("not an answer in HTTP/1.1: " + Quoted.of(start));
    }
    return Integer.parseInt(start, 9, 12, 10);
  }

  /// The value of a header; empty where there is none.
  String header(String name) {
    for (var line : headers) {
      if (isHeader(line, name)) {
        return line.substring(name.length() + 1).strip();
      }
    }
    return "";
  }

  HttpHead withStart(String newStart) {
    return new HttpHead(newStart, headers);
  }

  /// The same with a header in the place of those of its name.
  HttpHead with(String name, String value) {
    var more = new ArrayList<>(without(name).headers);
    more.add(name + ": " + value);
    return new HttpHead(start, more);
  }

  HttpHead without(String name) {
    return new HttpHead(start, headers.stream().filter(line -> !isHeader(line, name)).toList());
  }

  private static boolean isHeader(String line, String name) {
    return line.regionMatches(true, 0, name + ":", 0, name.length() + 1);
  }

  byte[] toBytes() {
    var text = new StringBuilder(start).append("\r\n");
    headers.forEach(line -> text.append(line).append("\r\n"));
    return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
