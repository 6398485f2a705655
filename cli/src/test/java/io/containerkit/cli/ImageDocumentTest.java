package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageDocumentTest {

  @ParameterizedTest
  @CsvSource({
    "PT10S, just now",
    "PT2M30S, 2 minutes ago",
    "PT119M30S, 119 minutes ago",
    "PT2H30M, 2 hours ago",
    "PT47H30M, 47 hours ago",
    "P3D, 3 days ago",
    "P75D, 2 months ago",
    "P800D, 2 years ago",
    "PT-1H, just now",
  })
  void agesAreToldInOneUnit(Duration age, String text) {
    assertThat(ImageDocument.since(Instant.now().minus(age).toString())).isEqualTo(text);
  }

  @Test
  void whatIsNoTimeHasNoAge() {
    assertThat(ImageDocument.since("")).isEqualTo("-");
    assertThat(ImageDocument.since("yesterday")).isEqualTo("-");
  }
}
