package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.spec.LogEntry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeLogTest {

  @Test
  void readsObjectsOnLinesOfTheirOwnAndWithNothingBetween() {
    String first = "{\"level\":\"warning\",\"msg\":\"one\",\"time\":\"2026-11-24T05:33:11Z\"}";
    String second = "{\"msg\":\"two\",\"level\":\"error\",\"time\":\"2026-11-24T05:33:16.136384743Z\"}";
    for (String between : new String[] {"", "\n", "\r\n "}) {
      assertThat(RuntimeLog.decode(first + between + second + between))
          .containsExactly(
              new LogEntry("warning", "one", Optional.of(Instant.parse("2026-11-24T05:33:11Z"))),
              new LogEntry("error", "two", Optional.of(Instant.parse("2026-11-24T05:33:16.136384743Z"))));
    }
  }

  @Test
  void skipsWhatIsNotJson() {
    assertThat(RuntimeLog.decode("fatal error: stack\n{\"level\":\"error\",\"msg\":\"kept\"}\n{\"level\":\"err"))
        .containsExactly(new LogEntry("error", "kept", Optional.empty()));
    assertThat(RuntimeLog.decode("\0\0 nothing [1,2] at all")).isEmpty();
    assertThat(RuntimeLog.decode("")).isEmpty();
  }

  @Test
  void takesEntriesWithoutATimeOrWithABadOne() {
    assertThat(RuntimeLog.decode("{\"level\":\"error\",\"msg\":\"m\",\"time\":\"yesterday\"}"))
        .containsExactly(new LogEntry("error", "m", Optional.empty()));
  }

  @Test
  void aMissingFileHasNoEntries(@TempDir Path directory) throws Exception {
    assertThat(RuntimeLog.read(directory.resolve("log"))).isEmpty();
  }
}
