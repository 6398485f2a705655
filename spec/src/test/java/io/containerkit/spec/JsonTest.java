package io.containerkit.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "1e400",
        "-1.50e+03",
        "18446744073709551615",
        "123456789012345678901234567890",
        "\"\"",
        "\"\\u0000\\u001F\\b\\f\\n\\r\\t\\\"\\\\/\"",
        "\"ü€😀\"",
        "null",
        "[true,false,null,[],{}]",
        "{\"b\":1,\"a\":{\"\":\"\"}}"
      })
  void whatIsReadIsWrittenAsItWas(String document) {
    assertThat(Json.write(Json.read(document))).isEqualTo(document);
  }

  @Test
  void whiteSpaceAndEscapesAreTheOnlyLiberties() {
    assertThat(Json.write(Json.read(" {\t\"\\u0061\\/\" :\r\n[ 1 , 2 ] } "))).isEqualTo("{\"a/\":[1,2]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"a":1,"a":1}              | /a: the name occurs twice
          {"a":{"b":[0,{"c":1,"c":2}]}} | /a/b/1/c: the name occurs twice
          {"a":1,"\\u0061":1}        | /a: the name occurs twice
          "\\ud800"                  | a string holds half of a surrogate pair
          {"x":["\\udc00\\ud800"]}   | /x/0: a string holds half of a surrogate pair
          {"x":{"\\ud83d":1}}        | /x: a string holds half of a surrogate pair
          {} {}                      | not JSON at line 1, column 4: something follows the document's end
          {}x                        | not JSON at line 1, column 3: something follows the document's end
          []]                        | not JSON at line 1, column 3: something follows the document's end
          {"a":NaN}                  | /a: not JSON at line 1, column 6: expected a value, found 'N'
          {"a":+1}                   | /a: not JSON at line 1, column 6: expected a value, found '+'
          {"a":01}                   | /a: not JSON at line 1, column 8: "01" is not a number
          {"a":1.}                   | /a: not JSON at line 1, column 8: "1." is not a number
          {"a":1e}                   | /a: not JSON at line 1, column 8: "1e" is not a number
          {"a":-}                    | /a: not JSON at line 1, column 7: "-" is not a number
          {"a":.5}                   | /a: not JSON at line 1, column 6: expected a value, found '.'
          {"a":0x10}                 | /a: not JSON at line 1, column 7: expected ',' or '}', found 'x'
          {"a":1,}                   | not JSON at line 1, column 8: expected a name in quotes, found '}'
          {"a" 1}                    | /a: not JSON at line 1, column 6: expected ':', found '1'
          {"a":}                     | /a: not JSON at line 1, column 6: expected a value, found '}'
          [1,]                       | /1: not JSON at line 1, column 4: expected a value, found ']'
          [1 2]                      | /0: not JSON at line 1, column 4: expected ',' or ']', found '2'
          [1}                        | /0: not JSON at line 1, column 3: expected ',' or ']', found '}'
          {a:1}                      | not JSON at line 1, column 2: expected a name in quotes, found 'a'
          {"a":{1:2}}                | /a: not JSON at line 1, column 7: expected a name in quotes, found '1'
          {"a":1 /* no */}           | /a: not JSON at line 1, column 8: expected ',' or '}', found '/'
          {"a":tru}                  | /a: not JSON at line 1, column 9: expected true
          {"a":nul                   | /a: not JSON at line 1, column 9: expected null
          {"a":[1,2                  | /a/1: not JSON at line 1, column 10: expected ',' or ']', found the end
          {"a                        | not JSON at line 1, column 4: a string holds the end
          ["\\                       | /0: not JSON at line 1, column 4: there is no escape \\ with the end
          "\\x"                      | not JSON at line 1, column 4: there is no escape \\ with 'x'
          "\\u12g4"                  | not JSON at line 1, column 6: expected four hexadecimal digits after \\u, found 'g'
          "\\u12                     | not JSON at line 1, column 6: expected four hexadecimal digits after \\u, found the end
          "\\u１２３４"               | not JSON at line 1, column 4: expected four hexadecimal digits after \\u, found the character U+ff11
          {'a':1}                    | not JSON at line 1, column 2: expected a name in quotes, found '''
          """)
  void whatIsNotStrictJsonIsRefusedWithItsPlace(String document, String message) {
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(() -> Json.read(document))
        .withMessage(message);
  }

  @Test
  void linesAreCounted() {
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(() -> Json.read("{\n  \"a\": [\r\n  ?"))
        .withMessage("/a/0: not JSON at line 3, column 3: expected a value, found '?'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''               | the document is empty
          20 20            | the document is empty
          EF BB BF 7B 7D   | the document starts with a byte order mark
          FE FF 00 7B 00 7D | the document is not UTF-8
          7B 00 7D 00      | not JSON at line 1, column 2: expected a name in quotes, found the character U+0
          22 ED A0 80 22   | the document is not UTF-8
          22 C0 80 22      | the document is not UTF-8
          22 F8 88 80 80 80 22 | the document is not UTF-8
          22 C3            | the document is not UTF-8
          22 00 22         | not JSON at line 1, column 2: a string holds the character U+0
          22 0A 22         | not JSON at line 1, column 2: a string holds the character U+a
          22 5C 6E 1F 22   | not JSON at line 1, column 4: a string holds the character U+1f
          00               | not JSON at line 1, column 1: expected a value, found the character U+0
          C2 A0            | not JSON at line 1, column 1: expected a value, found the character U+a0
          """)
  void bytesThatAreNoTextAreRefused(String hex, String message) {
    byte[] document = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(() -> Json.read(document))
        .withMessageContaining(message);
  }

  @Test
  void aLoneSurrogateInATextIsNotTurnedIntoAQuestionMark() {
    assertThatExceptionOfType(SpecException.class).isThrownBy(() -> Json.read("\"\ud800\""));
    assertThatExceptionOfType(SpecException.class).isThrownBy(() -> new JsonString("\udc00"));
    assertThatExceptionOfType(SpecException.class).isThrownBy(() -> JsonObject.EMPTY.with("\ud800", 1));
  }

  @Test
  void nestingIsBoundedByTheLimitAndNotByTheStack() {
    JsonLimits limits = new JsonLimits(1 << 20, 3);
    assertThat(Json.read("[[{}]]".getBytes(StandardCharsets.UTF_8), limits)).hasToString("[[{}]]");
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(() -> Json.read("[[{\"a\":[]}]]".getBytes(StandardCharsets.UTF_8), limits))
        .withMessage("/0/0/a: nested deeper than the 3 levels allowed");
    byte[] deep = "[".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(() -> Json.read(deep, new JsonLimits(deep.length, JsonLimits.MAX_DEPTH)))
        .withMessageEndingWith("nested deeper than the 1000 levels allowed");
  }

  @Test
  void deepestAllowedNestingIsReadAndWritten() {
    String deepest = "[".repeat(JsonLimits.MAX_DEPTH) + "]".repeat(JsonLimits.MAX_DEPTH);
    JsonValue value = Json.read(deepest.getBytes(StandardCharsets.UTF_8), new JsonLimits(1 << 20, JsonLimits.MAX_DEPTH));
    assertThat(Json.write(value)).isEqualTo(deepest);
  }

  @Test
  void sizeIsBoundedBeforeAnythingIsParsed(@TempDir Path directory) throws Exception {
    JsonLimits limits = new JsonLimits(10, 4);
    Path file = directory.resolve("big.json");
    Files.writeString(file, "\"12345678\"");
    assertThat(Json.read(Files.readAllBytes(file), limits)).isEqualTo(new JsonString("12345678"));
    Files.writeString(file, "{ this is no JSON");
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(() -> Json.readObject(file, limits))
        .withMessage(file + ": the document is longer than the 10 bytes allowed");
  }

  @Test
  void anEndlessFileIsGivenUp() {
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(() -> Json.readObject(Path.of("/dev/zero")))
        .withMessage("/dev/zero: the document is longer than the 4194304 bytes allowed");
  }

  @Test
  void aDirectoryIsNoDocument(@TempDir Path directory) {
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(() -> Json.readObject(directory))
        .withMessageStartingWith(directory + ": cannot be read")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.IO));
  }

  @Test
  void aFullDiskIsReported() {
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(() -> Json.write(JsonObject.EMPTY, Path.of("/dev/full")))
        .withMessageContaining("/dev/full: cannot be written")
        .withMessageContaining("No space left");
  }

  @Test
  void aNumberOfAnyLengthIsKeptButNoIntegerAndNotShown() {
    String number = "9".repeat(100_000);
    JsonObject document = Json.readObject("{\"n\":" + number + "}");
    assertThat(document.get("n")).isEqualTo(new JsonNumber(number));
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(() -> ObjectReader.of(document).uint64("n"))
        .withMessage("/n: " + "9".repeat(40) + "… is not within 0 and 18446744073709551615");
  }

  @Test
  void documentsFollowEachOtherWithOrWithoutSpace() {
    byte[] log = "{\"level\":\"warning\"}{\"level\":\"error\"}\n null [] ".getBytes(StandardCharsets.UTF_8);
    assertThat(Json.readSequence(log, JsonLimits.DEFAULT))
        .containsExactly(
            JsonObject.EMPTY.with("level", "warning"),
            JsonObject.EMPTY.with("level", "error"),
            JsonNull.NULL,
            new JsonArray(List.of()));
    assertThat(Json.readSequence(" \n".getBytes(StandardCharsets.UTF_8), JsonLimits.DEFAULT)).isEmpty();
  }

  @Test
  void prettyOutputIsForPeopleAndMeansTheSame() {
    JsonValue value = Json.read("{\"a\":[1,{\"b\":null}],\"c\":{}}");
    String pretty = new String(Json.writePretty(value), StandardCharsets.UTF_8);
    assertThat(pretty)
        .isEqualTo(
            """
            {
              "a": [
                1,
                {
                  "b": null
                }
              ],
              "c": {}
            }
            """);
    assertThat(Json.read(pretty)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "+1", "01", "1.", ".1", "1e", "1e+", "NaN", "1 ", "0x1", "１"})
  void onlyNumbersAreNumbers(String text) {
    assertThatExceptionOfType(SpecException.class).isThrownBy(() -> new JsonNumber(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"n":9223372036854775808}  | int64  | 9223372036854775808 is not within -9223372036854775808 and 9223372036854775807
          {"n":18446744073709551616} | uint64 | 18446744073709551616 is not within 0 and 18446744073709551615
          {"n":-1}                   | uint64 | -1 is not within 0 and 18446744073709551615
          {"n":4294967296}           | uint32 | 4294967296 is not within 0 and 4294967295
          {"n":65536}                | uint16 | 65536 is not within 0 and 65535
          {"n":2147483648}           | int32  | 2147483648 is not within -2147483648 and 2147483647
          {"n":1.0}                  | int64  | expected an integer, found the number 1.0
          {"n":1e3}                  | uint64 | expected an integer, found the number 1e3
          {"n":1e400}                | int64  | expected an integer, found the number 1e400
          {"n":-0}                   | int64  | expected an integer, found the number -0
          {"n":"1"}                  | int64  | expected an integer, found a string
          {"n":{}}                   | int64  | expected an integer, found an object
          """)
  void integersOutOfRangeAreRefusedAndNeverRounded(String document, String type, String message) {
    ObjectReader in = ObjectReader.of(Json.readObject(document));
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(
            () -> {
              Object _ =
                  switch (type) {
                    case "int64" -> in.int64("n");
                    case "uint64" -> in.uint64("n");
                    case "uint32" -> in.uint32("n");
                    case "uint16" -> in.uint16("n");
                    default -> in.int32("n");
                  };
            })
        .withMessage("/n: " + message);
  }

  @Test
  void objectsAreEqualWhateverTheOrder() {
    assertThat(Json.read("{\"a\":1,\"b\":2}")).isEqualTo(Json.read("{\"b\":2,\"a\":1}")).hasSameHashCodeAs(Json.read("{\"b\":2,\"a\":1}"));
    assertThat(Json.read("{\"a\":1}")).isNotEqualTo(Json.read("{\"a\":1.0}"));
  }

  @Test
  void membersAreAddedReplacedAndTakenOut() {
    JsonObject object = JsonObject.EMPTY.with("a", 1).with("b", true).with("a", "x");
    assertThat(object).hasToString("{\"a\":\"x\",\"b\":true}");
    assertThat(object.without("b").without("c")).hasToString("{\"a\":\"x\"}");
    assertThat(object).hasToString("{\"a\":\"x\",\"b\":true}");
  }
}
