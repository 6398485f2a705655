package io.containerkit.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/// Builds archives byte by byte, wrong ones included. Text is Latin-1: one character, one byte.
final class Tar {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /// One header block. Owner, group and time are 0 unless set.
  static final class Header {
    private final byte[] block = new byte[512];

    Header(String name, char type) {
      text(0, name);
      octal(100, 8, type == '5' ? 0755 : 0644);
      octal(108, 8, 0);
      octal(116, 8, 0);
      octal(124, 12, 0);
      octal(136, 12, 0);
      block[156] = (byte) type;
      text(257, "ustar\00000");
    }

    Header text(int offset, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(bytes, 0, block, offset, bytes.length);
      return this;
    }

    Header octal(int offset, int length, long value) {
      String digits = Long.toOctalString(value);
      return text(offset, "0".repeat(length - 1 - digits.length()) + digits + "\0");
    }

    Header mode(int mode) {
      return octal(100, 8, mode);
    }

    Header owner(long uid, long gid) {
      return octal(108, 8, uid).octal(116, 8, gid);
    }

    Header size(long size) {
      return octal(124, 12, size);
    }

    Header mtime(long seconds) {
      return octal(136, 12, seconds);
    }

    Header link(String target) {
      return text(157, target);
    }

    Header device(int major, int minor) {
      return octal(329, 8, major).octal(337, 8, minor);
    }

    byte[] bytes() {
      Arrays.fill(block, 148, 156, (byte) ' ');
      int sum = 0;
      for (byte b : block) {
        sum += b & 0xff;
      }
      return octal(148, 7, sum).block;
    }
  }

  Tar header(String name, char type, UnaryOperator<Header> more) {
    return raw(more.apply(new Header(name, type)).bytes());
  }

  Tar raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /// Data with their padding.
  Tar data(byte[] bytes) {
    return raw(Arrays.copyOf(bytes, (bytes.length + 511) / 512 * 512));
  }

  Tar file(String name, String content) {
    return file(name, content, h -> h);
  }

  Tar file(String name, String content, UnaryOperator<Header> more) {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    return header(name, '0', h -> more.apply(h.size(bytes.length))).data(bytes);
  }

  Tar directory(String name) {
    return header(name, '5', h -> h);
  }

  Tar symbolicLink(String name, String target) {
    return header(name, '2', h -> h.link(target));
  }

  Tar hardLink(String name, String target) {
    return header(name, '1', h -> h.link(target));
  }

  /// An extended header with records `keyword=value`.
  Tar pax(String... records) {
    var text = new StringBuilder();
    for (String record : records) {
      text.append(paxRecord(record));
    }
    return paxText(text.toString());
  }

  static String paxRecord(String record) {
    int length = record.length() + 3;
    while (length != Integer.toString(length).length() + record.length() + 2) {
      length++;
    }
    return length + " " + record + "\n";
  }

  /// An extended header as it is.
  Tar paxText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return header("pax", 'x', h -> h.size(bytes.length)).data(bytes);
  }

  /// GNU's long name (`L`) or long link (`K`).
  Tar gnuLong(char type, String text) {
    byte[] bytes = (text + "\0").getBytes(StandardCharsets.ISO_8859_1);
    return header("././@LongLink", type, h -> h.size(bytes.length)).data(bytes);
  }

  /// The archive with its end.
  byte[] end() {
    return raw(new byte[1024]).out.toByteArray();
  }

  /// The archive so far, without its end.
  byte[] cut() {
    return out.toByteArray();
  }
}
