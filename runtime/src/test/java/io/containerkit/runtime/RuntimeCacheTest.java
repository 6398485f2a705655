package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.runtime.RuntimeProbe.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeCacheTest {

  @TempDir Path directory;
  private Path crun = Path.of("");
  private Path runc = Path.of("");

  @BeforeEach
  void makeBinaries() throws IOException {
    crun = Files.writeString(directory.resolve("crun"), "one");
    runc = Files.writeString(directory.resolve("runc"), "two");
  }

  @Test
  void knowsNothingAtFirst() throws IOException {
    assertThat(cache("boot 1").find(crun)).isEmpty();
  }

  @Test
  void findsWhatWasPut() throws IOException {
    RuntimeProbe works =
        new RuntimeProbe(crun, "crun version 1.8.1\n", Optional.of(new Way(true, List.of("--a", "b c"))), "");
    RuntimeProbe fails = new RuntimeProbe(runc, "", Optional.empty(), "it \"cannot\" be run\nat all");
    cache("boot 1").put(works);
    cache("boot 1").put(fails);

    assertThat(cache("boot 1").find(crun)).contains(works);
    assertThat(cache("boot 1").find(runc)).contains(fails);
    assertThat(directory.resolve("state")).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void replacesWhatWasPut() throws IOException {
    cache("boot 1").put(probe(crun, Optional.empty()));
    cache("boot 1").put(probe(crun, Optional.of(Way.PLAIN)));

    assertThat(cache("boot 1").find(crun)).contains(probe(crun, Optional.of(Way.PLAIN)));
    assertThat(directory.resolve("state/runtimes.json")).content().containsOnlyOnce(crun.toString());
  }

  @Test
  void forgetsABinaryThatChanged() throws IOException {
    cache("boot 1").put(probe(crun, Optional.of(Way.PLAIN)));
    Files.setLastModifiedTime(crun, FileTime.from(Instant.EPOCH));
    assertThat(cache("boot 1").find(crun)).isEmpty();

    cache("boot 1").put(probe(crun, Optional.of(Way.PLAIN)));
    Files.writeString(crun, "longer");
    Files.setLastModifiedTime(crun, FileTime.from(Instant.EPOCH));
    assertThat(cache("boot 1").find(crun)).isEmpty();
  }

  @Test
  void forgetsEverythingAfterAReboot() throws IOException {
    cache("boot 1").put(probe(crun, Optional.of(Way.PLAIN)));
    cache("boot 2").put(probe(runc, Optional.of(Way.PLAIN)));

    assertThat(cache("boot 2").find(crun)).isEmpty();
    assertThat(cache("boot 2").find(runc)).isPresent();
    assertThat(cache("boot 1").find(crun)).isEmpty();
  }

  @Test
  void takesAFileWithoutSenseForNoFile() throws IOException {
    Files.createDirectories(directory.resolve("state"));
    for (String garbage : List.of("", "{", "[]", "{\"host\": \"boot 1\", \"runtimes\": [{\"way\": 1}]}")) {
      Files.writeString(directory.resolve("state/runtimes.json"), garbage);
      assertThat(cache("boot 1").find(crun)).as(garbage).isEmpty();
    }
    cache("boot 1").put(probe(crun, Optional.of(Way.PLAIN)));
    assertThat(cache("boot 1").find(crun)).isPresent();
  }

  private RuntimeCache cache(String host) {
    return new RuntimeCache(directory.resolve("state/runtimes.json"), host);
  }

  private static RuntimeProbe probe(Path binary, Optional<Way> way) {
    return new RuntimeProbe(binary, "crun version 1.8.1", way, "");
  }
}
