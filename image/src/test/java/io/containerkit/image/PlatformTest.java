package io.containerkit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.spec.ImageException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {

  @ParameterizedTest
  @CsvSource({
    "linux/amd64, linux/amd64",
    "linux/x86_64, linux/amd64",
    "amd64, linux/amd64",
    "linux/amd64/v1, linux/amd64",
    "linux/amd64/v3, linux/amd64/v3",
    "linux/aarch64, linux/arm64",
    "linux/arm64/v8, linux/arm64",
    "linux/arm64/8, linux/arm64",
    "linux/arm, linux/arm/v7",
    "linux/arm/7, linux/arm/v7",
    "armhf, linux/arm/v7",
    "linux/armel, linux/arm/v6",
    "Linux/AMD64, linux/amd64",
    "linux/i686, linux/386",
    "linux/riscv64, linux/riscv64",
    "windows/amd64, windows/amd64",
  })
  void isReadWithItsAliases(String text, String expected) {
    assertThat(Platform.of(text)).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "linux/", "linux//v8", "a/b/c/d", "linux/am d64", "linux/../x"})
  void refusesWhatIsNone(String text) {
    assertThatThrownBy(() -> Platform.of(text)).isInstanceOf(ImageException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "linux/arm64, linux/arm64/v8",
    "linux/arm/v6, linux/arm/v6",
    "linux/arm/v7, linux/arm/v7",
    "linux/arm/v5, linux/arm/v5",
    "linux/amd64, linux/amd64",
    "linux/amd64/v2, linux/amd64/v2",
    "linux/amd64/v4, linux/amd64/v3",
    "linux/386, linux/386",
  })
  void chooseTakesTheBestThatRuns(String wanted, String chosen) {
    var index =
        index("linux/arm/v5", "linux/386", "linux/arm/v7", "linux/amd64/v3", "linux/arm/v6", "linux/amd64", "linux/amd64/v2",
            "linux/arm64/v8");
    assertThat(index.choose(Platform.of(wanted)).platform()).isNotNull().hasToString(chosen);
  }

  @Test
  void chooseFallsBackToTheOlderVariantButNeverTheNewer() {
    assertThat(index("linux/arm/v6", "linux/arm/v8").choose(Platform.of("linux/arm/v7")).platform())
        .isNotNull()
        .hasToString("linux/arm/v6");
    assertThatThrownBy(() -> index("linux/arm/v7", "linux/s390x").choose(Platform.of("linux/arm/v6")))
        .hasMessage("no image for linux/arm/v6; there are: linux/arm/v7, linux/s390x");
  }

  @Test
  void chooseSkipsAttestationsAndTakesALoneManifestWithoutPlatform() {
    var image = Descriptor.of(MediaType.OCI_MANIFEST, new byte[] {1});
    var attestation =
        Descriptor.of(MediaType.OCI_MANIFEST, new byte[] {2})
            .withPlatform(Platform.of("unknown", "unknown", ""))
            .withAnnotations(java.util.Map.of("vnd.docker.reference.type", "attestation-manifest"));
    assertThat(Index.of(List.of(attestation, image)).choose(Platform.of("linux/amd64"))).isEqualTo(image);
    assertThatThrownBy(() -> Index.of(List.of(attestation)).choose(Platform.of("linux/amd64")))
        .hasMessage("no image for linux/amd64; there is none at all");
  }

  private static Index index(String... platforms) {
    var manifests = new ArrayList<Descriptor>();
    for (var platform : platforms) {
      var parts = platform.split("/", -1);
      manifests.add(
          Descriptor.of(MediaType.OCI_MANIFEST, platform.getBytes(java.nio.charset.StandardCharsets.UTF_8))
              .withPlatform(Platform.of(parts[0], parts[1], parts.length > 2 ? parts[2] : "")));
    }
    return Index.of(manifests);
  }
}
