package io.containerkit.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Documents broken at random: nothing but [SpecException] comes out, and what is accepted survives a round trip.
class JsonFuzzTest {

  private static final Duration BUDGET = Duration.ofSeconds(3);
  private static final JsonLimits LIMITS = new JsonLimits(64 << 10, 64);
  private static final JsonFactory JACKSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(JsonLimits.DEFAULT.depth()).build())
          .build();
  private static final List<String> SHARDS =
      List.of(
          "{", "}", "[", "]", "\"", ",", ":", "\\", "\\u0000", "\\ud800", "\\udc00", "\u0000", "\uFEFF", "null", "-1", "-0",
          "1e400", "18446744073709551616", "9223372036854775808", "{\"a\":1,\"a\":2}", "[[[[[[[[", "\"x\":", "//", "é", "😀");

  @Test
  void onlySpecExceptionsComeOut() {
    long seed = System.nanoTime();
    System.out.println("JsonFuzzTest seed " + seed);
    Random random = new Random(seed);
    long end = System.nanoTime() + BUDGET.toNanos();
    int accepted = 0;
    int refused = 0;
    while (System.nanoTime() < end) {
      byte[] document = mutated(Json.writeBytes(Generated.some(Spec.class, random).toJson()), random);
      try {
        Spec spec = Spec.of(Json.readObject(document));
        List<Problem> problems = spec.validate();
        assertThat(problems).doesNotContainNull();
        assertThat(Spec.of(Json.readObject(Json.writeBytes(spec.toJson())))).isEqualTo(spec);
        accepted++;
      } catch (SpecException e) {
        assertThat(e).hasMessageStartingWith(e.pointer());
        refused++;
      } catch (RuntimeException | StackOverflowError | AssertionError e) {
        throw new AssertionError("seed " + seed + ", document " + Arrays.toString(document), e);
      }
    }
    assertThat(accepted).as("documents accepted").isPositive();
    assertThat(refused).as("documents refused").isPositive();
  }

  @Test
  void randomBytesAreRefusedOrRead() {
    long seed = System.nanoTime();
    System.out.println("JsonFuzzTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(64)];
      random.nextBytes(noise);
      try {
        assertThat(Json.readSequence(noise, LIMITS)).doesNotContainNull();
      } catch (SpecException e) {
        assertThat(e.getMessage()).isNotEmpty();
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed " + seed + ", document " + Arrays.toString(noise), e);
      }
    }
  }

  /// Jackson, told to be as strict, judges: it takes and refuses the same documents, and reads the same from them.
  @Test
  void anotherParserReadsTheSame() throws IOException {
    long seed = System.nanoTime();
    System.out.println("JsonFuzzTest seed " + seed);
    Random random = new Random(seed);
    long end = System.nanoTime() + BUDGET.toNanos();
    while (System.nanoTime() < end) {
      byte[] document = mutated(Json.writeBytes(Generated.some(Root.class, random).toJson()), random);
      Optional<String> mine = written(document);
      Optional<String> theirs = writtenByJackson(document);
      assertThat(mine).as("seed %s, document %s", seed, Arrays.toString(document)).isEqualTo(theirs);
    }
  }

  private static Optional<String> written(byte[] document) {
    try {
      return Optional.of(Json.write(Json.read(document)));
    } catch (SpecException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> writtenByJackson(byte[] document) throws IOException {
    StringWriter written = new StringWriter();
    try (JsonParser parser = JACKSON.createParser(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document)).toString());
        JsonGenerator generator = JACKSON.createGenerator(written)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (generator.getOutputContext().inRoot() && generator.getOutputContext().getEntryCount() > 0) {
          return Optional.empty();
        }
        if (token.isNumeric()) {
          generator.writeNumber(parser.getText());
        } else {
          generator.copyCurrentEvent(parser);
        }
      }
      if (generator.getOutputContext().getEntryCount() == 0) {
        return Optional.empty();
      }
    } catch (JacksonException | CharacterCodingException e) {
      return Optional.empty();
    }
    // What Jackson lets pass: halves of surrogate pairs, which have no UTF-8.
    return StandardCharsets.UTF_8.newEncoder().canEncode(written.toString()) ? Optional.of(written.toString()) : Optional.empty();
  }

  private static byte[] mutated(byte[] document, Random random) {
    byte[] mutated = document;
    for (int i = 1 + random.nextInt(3); i > 0 && mutated.length > 0; i--) {
      int at = random.nextInt(mutated.length);
      mutated =
          switch (random.nextInt(5)) {
            case 0 -> flipped(mutated, at, random);
            case 1 -> Arrays.copyOf(mutated, at);
            case 2 -> spliced(mutated, at, at + random.nextInt(mutated.length - at), new byte[0]);
            case 3 -> spliced(mutated, at, at, Arrays.copyOfRange(mutated, at, at + random.nextInt(mutated.length - at)));
            default -> spliced(mutated, at, at, shard(random));
          };
    }
    return mutated;
  }

  private static byte[] shard(Random random) {
    return SHARDS.get(random.nextInt(SHARDS.size())).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] flipped(byte[] document, int at, Random random) {
    byte[] flipped = document.clone();
    flipped[at] = (byte) random.nextInt(256);
    return flipped;
  }

  /// The document with the bytes from `start` to `end` replaced.
  private static byte[] spliced(byte[] document, int start, int end, byte[] with) {
    byte[] spliced = Arrays.copyOf(document, start + with.length + document.length - end);
    System.arraycopy(with, 0, spliced, start, with.length);
    System.arraycopy(document, end, spliced, start + with.length, document.length - end);
    return spliced;
  }
}
