package io.containerkit.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.spec.ImageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {

  private static final String OF_EMPTY = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @Test
  void namesContent() {
    assertThat(Digest.sha256(new byte[0])).hasToString(OF_EMPTY);
    assertThat(Digest.of(OF_EMPTY).matches(new byte[0])).isTrue();
    assertThat(Digest.of(OF_EMPTY).matches("x".getBytes(UTF_8))).isFalse();
  }

  @Test
  void knowsTheLongerAlgorithms() {
    var digest = Digest.of("sha512", Digest.of("sha512:" + "0".repeat(128)).newMessageDigest().digest());
    assertThat(digest.toString()).startsWith("sha512:cf83e1357eefb8bd");
    assertThat(digest.matches(new byte[0])).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "sha256", "sha256:", ":abc", "sha256:../../etc/passwd", "md5:d41d8cd98f00b204e9800998ecf8427e",
        "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8555",
        "SHA256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85/",
        "sha256:٣3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      })
  void refusesEverythingElse(String text) {
    assertThatThrownBy(() -> Digest.of(text))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith("invalid digest");
  }
}
