package io.containerkit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompressionTest {

  private static final byte[] CONTENT = content();

  private static byte[] content() {
    byte[] bytes = new byte[300_000];
    var random = new Random(7);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (random.nextInt(8) * (i / 1000));
    }
    return bytes;
  }

  private static byte[] compressed(Compression compression) throws IOException {
    var out = new ByteArrayOutputStream();
    try (OutputStream to = compression.compress(out)) {
      to.write(CONTENT);
    }
    return out.toByteArray();
  }

  private static byte[] plain(byte[] compressed) throws IOException {
    try (InputStream in = Compression.decompress(new ByteArrayInputStream(compressed))) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @EnumSource
  void contentIsToldByItsFirstBytes(Compression compression) throws IOException {
    assertThat(plain(compressed(compression))).isEqualTo(CONTENT);
  }

  @ParameterizedTest
  @EnumSource
  void theSameContentGivesTheSameBytes(Compression compression) throws IOException {
    assertThat(compressed(compression)).isEqualTo(compressed(compression));
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void severalStreamsInARowAreOne(Compression compression) throws IOException {
    byte[] one = compressed(compression);
    byte[] two = Arrays.copyOf(one, one.length * 2);
    System.arraycopy(one, 0, two, one.length, one.length);

    assertThat(plain(two)).hasSize(2 * CONTENT.length);
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void anEndTooEarlyIsAnError(Compression compression) throws IOException {
    byte[] whole = compressed(compression);
    for (int length : new int[] {5, 9, 30, whole.length / 2, whole.length - 9, whole.length - 1}) {
      assertThatThrownBy(() -> plain(Arrays.copyOf(whole, length))).as("%d of %d", length, whole.length).isInstanceOf(EOFException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void garbageBehindTheEndIsAnError(Compression compression) throws IOException {
    byte[] whole = compressed(compression);
    byte[] more = Arrays.copyOf(whole, whole.length + 20);
    Arrays.fill(more, whole.length, more.length, (byte) 'x');

    assertThatThrownBy(() -> plain(more)).isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void damageIsAnErrorAndNothingElse(Compression compression) throws IOException {
    byte[] whole = compressed(compression);
    var random = new Random(11);
    for (int i = 0; i < 200; i++) {
      byte[] bad = whole.clone();
      bad[4 + random.nextInt(bad.length - 4)] ^= (byte) (1 << random.nextInt(8));
      try {
        // A flag or the time in gzip's header may be different without harm, and zstd here has no checksum.
        assertThat(plain(bad)).hasSizeLessThanOrEqualTo(2 * CONTENT.length);
      } catch (EOFException | MalformedException expected) {
        assertThat(expected.getMessage()).contains("stream");
      }
    }
  }

  @Test
  void headerFieldsOfGzipAreSkipped() throws IOException {
    byte[] whole = compressed(Compression.GZIP);
    var out = new ByteArrayOutputStream();
    out.write(new byte[] {0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 1, 2, 3, 4, 0, 3, 3, 0, 'a', 'b', 'c'});
    out.write("name\0comment\0".getBytes(StandardCharsets.US_ASCII));
    out.write(new byte[] {0, 0});
    out.write(whole, 10, whole.length - 10);

    assertThat(plain(out.toByteArray())).isEqualTo(CONTENT);
  }
}
