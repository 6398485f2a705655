package io.containerkit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TarReaderTest {

  private static List<TarEntry> read(byte[] archive) throws IOException {
    var tar = new TarReader(new ByteArrayInputStream(archive));
    var entries = new ArrayList<TarEntry>();
    for (TarEntry entry; (entry = tar.next()) != null; ) {
      entries.add(entry);
    }
    return entries;
  }

  private static TarEntry next(TarReader tar) throws IOException {
    return Objects.requireNonNull(tar.next());
  }

  private static String content(TarReader tar) throws IOException {
    var out = new ByteArrayOutputStream();
    byte[] buffer = new byte[100];
    for (int count; (count = tar.read(buffer, 0, buffer.length)) >= 0; ) {
      out.write(buffer, 0, count);
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  private static void refused(byte[] archive, String why) {
    assertThatThrownBy(() -> read(archive)).isInstanceOf(MalformedException.class).hasMessageContaining(why);
  }

  @Test
  void readsFieldsOfTheHeader() throws IOException {
    byte[] archive =
        new Tar().file("d/f", "hello", h -> h.mode(04755).owner(1000, 2000).mtime(1_700_000_000)).symbolicLink("l", "../x").header("c", '3', h -> h.device(5, 260)).end();
    var tar = new TarReader(new ByteArrayInputStream(archive));

    TarEntry file = next(tar);
    assertThat(file.path()).isEqualTo(TreePath.of("d/f".getBytes(StandardCharsets.UTF_8)));
    assertThat(file.mode()).isEqualTo(04755);
    assertThat(file.uid()).isEqualTo(1000);
    assertThat(file.gid()).isEqualTo(2000);
    assertThat(file.mtime()).isEqualTo(Instant.ofEpochSecond(1_700_000_000));
    assertThat(content(tar)).isEqualTo("hello");
    assertThat(next(tar).link()).isEqualTo("../x".getBytes(StandardCharsets.UTF_8));
    assertThat(next(tar).device()).isEqualTo(new TarEntry.Device(5, 260));
    assertThat(tar.next()).isNull();
    assertThat(tar.isTerminated()).isTrue();
  }

  @Test
  void paxWinsOverTheHeaderAndKeepsBytes() throws IOException {
    byte[] archive =
        new Tar()
            .pax("path=\u00ff\u00fe/n", "size=3", "mtime=-1.5", "uid=4294967294", "SCHILY.xattr.security.capability=\u0001\u0000\u00ff\n=\u00a0")
            .header("short", '0', h -> h.size(0))
            .data("abc".getBytes(StandardCharsets.UTF_8))
            .end();
    var tar = new TarReader(new ByteArrayInputStream(archive));

    TarEntry entry = next(tar);
    assertThat(entry.path().bytes()).isEqualTo("\u00ff\u00fe/n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(entry.mtime()).isEqualTo(Instant.ofEpochSecond(-2, 500_000_000));
    assertThat(entry.uid()).isEqualTo(4294967294L);
    assertThat(entry.xattrs().get("security.capability")).isEqualTo("\u0001\u0000\u00ff\n=\u00a0".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(content(tar)).isEqualTo("abc");
    assertThat(tar.next()).isNull();
  }

  @Test
  void paxSizeGovernsWhereTheNextHeaderIs() throws IOException {
    // A reader that goes by the header's size would take the data for an entry of its own.
    byte[] hidden = new Tar().file("hidden", "").cut();
    byte[] archive = new Tar().pax("size=" + hidden.length).header("outer", '0', h -> h.size(0)).data(hidden).file("next", "").end();

    assertThat(read(archive)).extracting(e -> e.path().toString()).containsExactly("\"outer\"", "\"next\"");
  }

  @Test
  void gnuLongNamesAreRead() throws IOException {
    String name = "d/".repeat(100) + "f";
    byte[] archive = new Tar().gnuLong('L', name).gnuLong('K', "t".repeat(150)).symbolicLink("short", "short").end();

    TarEntry entry = read(archive).getFirst();
    assertThat(new String(entry.path().bytes(), StandardCharsets.UTF_8)).isEqualTo(name);
    assertThat(entry.link()).hasSize(150);
  }

  @Test
  void thePrefixOfUstarIsPartOfTheName() throws IOException {
    byte[] archive = new Tar().header("leaf", '0', h -> h.text(345, "some/where")).end();

    assertThat(read(archive).getFirst().path()).hasToString("\"some/where/leaf\"");
  }

  @Test
  void numbersBeyondOctalAreRead() throws IOException {
    byte[] archive = new Tar().header("f", '0', h -> h.text(108, "\u0080\0\0\0\u00ff\u00ff\u00ff\u00fe").text(136, "\u00ff".repeat(12))).end();

    TarEntry entry = read(archive).getFirst();
    assertThat(entry.uid()).isEqualTo(0xffff_fffeL);
    assertThat(entry.mtime()).isEqualTo(Instant.ofEpochSecond(-1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/../../x", "..", "a/..", "/../etc/passwd"})
  void aNameThatClimbsIsRefused(String name) {
    refused(new Tar().file(name, "").end(), "climbs out");
  }

  @Test
  void leadingSlashesAndDotsMeanNothing() throws IOException {
    assertThat(read(new Tar().file("//etc/./passwd", "").end()).getFirst().path()).hasToString("\"etc/passwd\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"99 path=x\n", "8 path=x\n", "0 path=x\n", "-1 path=x\n", "10 path=xx", "path=x\n", "6 path\n", "5 =x\n", "  10 path=x\n", "99999999999999999999 path=x\n"})
  void malformedPaxIsRefused(String text) {
    refused(new Tar().paxText(text).file("f", "").end(), "pax header");
  }

  @ParameterizedTest
  @CsvSource({"size=-1, size", "size=0x10, size", "size=1e3, size", "uid=1.5, uid", "uid=4294967295, owner", "mtime=abc, mtime", "mtime=1.2.3, mtime", "GNU.sparse.map=1, odd"})
  void paxValuesThatAreNoNumbersAreRefused(String record, String why) {
    refused(new Tar().pax(record.equals("GNU.sparse.map=1") ? "GNU.sparse.map=1,2,3" : record, "GNU.sparse.size=5").file("f", "").end(), why);
  }

  @Test
  void aNulInANameIsRefused() {
    refused(new Tar().pax("path=a\u0000b").file("f", "").end(), "NUL");
    refused(new Tar().pax("linkpath=a\u0000b").symbolicLink("f", "x").end(), "NUL");
  }

  @Test
  void twoHeadersForOneEntryAreRefused() {
    refused(new Tar().pax("path=a").pax("path=b").file("f", "").end(), "two extended headers");
    refused(new Tar().gnuLong('L', "a").gnuLong('L', "b").file("f", "").end(), "two extended headers");
    refused(new Tar().gnuLong('L', "a").pax("path=b").file("f", "").end(), "both GNU's long name and pax's path");
  }

  @Test
  void aGlobalHeaderMayRemarkButNotRename() throws IOException {
    String comment = Tar.paxRecord("comment=made by git");
    byte[] remark = new Tar().header("g", 'g', h -> h.size(comment.length())).data(comment.getBytes(StandardCharsets.UTF_8)).file("f", "").end();
    assertThat(read(remark)).hasSize(1);

    String path = Tar.paxRecord("path=evil");
    refused(new Tar().header("g", 'g', h -> h.size(path.length())).data(path.getBytes(StandardCharsets.UTF_8)).file("f", "").end(), "global pax header");
  }

  @Test
  void wrongChecksumsAndNumbersAreRefused() {
    byte[] wrong = new Tar().file("f", "").end();
    wrong[0] = 'g';
    refused(wrong, "checksum");
    refused(new Tar().header("f", '0', h -> h.text(124, "00000000x00")).end(), "octal");
    refused(new Tar().header("f", '0', h -> h.text(124, "\u00ff".repeat(12))).end(), "negative size");
    refused(new Tar().header("f", '0', h -> h.text(124, "\u0080\u007f" + "\u00ff".repeat(10))).end(), "beyond 64 bits");
  }

  @Test
  void dataWhereNoneBelongAreRefused() {
    for (char type : "123456".toCharArray()) {
      refused(new Tar().header("f", type, h -> h.link("x").size(512)).raw(new byte[512]).end(), "bytes of data");
    }
  }

  @Test
  void unknownTypesAndMisleadingSlashesAreRefused() {
    refused(new Tar().header("f", 'M', h -> h).end(), "type \"M\"");
    refused(new Tar().file("f/", "x").end(), "ends with a slash");
    refused(new Tar().file("", "x").end(), "empty name");
    refused(new Tar().symbolicLink("l", "").end(), "no target");
  }

  @Test
  void oldArchivesTellDirectoriesByASlash() throws IOException {
    assertThat(read(new Tar().header("d/", '\0', h -> h.text(257, "\0\0\0\0\0\0\0\0")).end()).getFirst().kind()).isEqualTo(TarEntry.Kind.DIRECTORY);
  }

  @Test
  void dataBehindTheEndAreRefused() {
    byte[] archive = new Tar().file("f", "").end();
    byte[] more = new Tar().raw(archive).file("hidden", "").end();
    refused(more, "follow the end");
  }

  @Test
  void everyCutIsNoticed() throws IOException {
    byte[] archive = new Tar().pax("path=long").file("f", "some data").directory("d").end();
    for (int length = 0; length < archive.length; length += 7) {
      byte[] cut = Arrays.copyOf(archive, length);
      var tar = new TarReader(new ByteArrayInputStream(cut));
      boolean complete;
      try {
        while (tar.next() != null) {}
        complete = tar.isTerminated();
      } catch (EOFException | MalformedException expected) {
        complete = false;
      }
      assertThat(complete).as("cut after %d", length).isFalse();
    }
  }

  @Test
  void sparseMapsMustFitTheFile() {
    refused(new Tar().pax("GNU.sparse.size=10", "GNU.sparse.map=0,4,2,4").file("f", "12345678").end(), "overlap");
    refused(new Tar().pax("GNU.sparse.size=10", "GNU.sparse.map=4,8").file("f", "12345678").end(), "outside");
    refused(new Tar().pax("GNU.sparse.size=10", "GNU.sparse.map=0,4").file("f", "12345678").end(), "speaks of 4");
    refused(new Tar().pax("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.realsize=10").file("f", "no numbers" + " ".repeat(600)).end(), "list of numbers");
    refused(new Tar().pax("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.realsize=10").file("f", "999999999\n" + "0\n".repeat(251)).end(), "longer than its data");
  }

  @Test
  void noInputMakesAnythingButTheseErrors() {
    byte[] good = new Tar().pax("path=p", "SCHILY.xattr.user.a=b").file("f", "data").gnuLong('L', "n").directory("d").symbolicLink("l", "t").end();
    long seed = 4711;
    var random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = good.clone();
      for (int n = random.nextInt(6); n >= 0; n--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      if (random.nextBoolean()) {
        fixChecksums(bad);
      }
      try {
        read(bad);
      } catch (MalformedException | EOFException expected) {
        // The only two ways out.
      } catch (IOException | RuntimeException e) {
        throw new AssertionError("seed " + seed + ", round " + i, e);
      }
    }
  }

  private static void fixChecksums(byte[] archive) {
    for (int at = 0; at + 512 <= archive.length; at += 512) {
      int sum = 0;
      for (int i = 0; i < 512; i++) {
        sum += i >= 148 && i < 156 ? ' ' : archive[at + i] & 0xff;
      }
      System.arraycopy(String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII), 0, archive, at + 148, 8);
    }
  }
}
