package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What help prints is compared with the files in `src/test/help`, so that every change to it is seen. After a change that is meant,
/// `mvn -pl cli test -Dtest=HelpTextTest -Dsurefire.args=-Dckit.help.write=true` writes them anew.
class HelpTextTest {

  private static final Path GOLDEN = Path.of("src", "test", "help");

  static Stream<String> commands() {
    return Commands.SECTIONS.stream().flatMap(section -> section.names().stream());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandExplainsItself(String command) throws IOException {
    HelpCommand help = (HelpCommand) Reading.read(command, "--help");
    assertGolden(command, help.text());
    assertThat(Reading.read("help", command)).isEqualTo(help);
  }

  @Test
  void ckitExplainsItself() throws IOException {
    HelpCommand help = (HelpCommand) Reading.read("help");
    assertGolden("ckit", help.text());
    assertThat(Reading.read("--help")).isEqualTo(help);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void noLineIsWiderThanAHundredColumns(String command) {
    assertThat(HelpText.of(Commands.named(command)).lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
  }

  @Test
  void everyFlagEndsItsDescriptionWithAStopAndIsThereOnce() {
    commands()
        .map(Commands::named)
        .forEach(
            grammar -> {
              List<Flags.Flag> flags = grammar.flags().list();
              assertThat(flags).as(grammar.name()).allSatisfy(flag -> assertThat(flag.description()).endsWith("."));
              assertThat(flags).extracting(Flags.Flag::name).as(grammar.name()).doesNotHaveDuplicates();
              assertThat(flags)
                  .extracting(Flags.Flag::letter)
                  .as(grammar.name())
                  .filteredOn(letter -> !letter.isEmpty())
                  .doesNotHaveDuplicates();
            });
  }

  private static void assertGolden(String name, String text) throws IOException {
    Path file = GOLDEN.resolve(name + ".txt");
    if (Boolean.getBoolean("ckit.help.write")) {
      Files.createDirectories(GOLDEN);
      Files.writeString(file, text);
    }
    assertThat(text).isEqualTo(Files.readString(file));
  }
}
