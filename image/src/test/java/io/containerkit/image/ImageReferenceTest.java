package io.containerkit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The expectations are what Docker's own parser answers.
class ImageReferenceTest {

  private static final String HEX = "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource({
    "ubuntu, docker.io/library/ubuntu:latest, ubuntu:latest",
    "ubuntu:24.04, docker.io/library/ubuntu:24.04, ubuntu:24.04",
    "docker.io/ubuntu, docker.io/library/ubuntu:latest, ubuntu:latest",
    "index.docker.io/ubuntu, docker.io/library/ubuntu:latest, ubuntu:latest",
    "index.docker.io/library/ubuntu, docker.io/library/ubuntu:latest, ubuntu:latest",
    "library/ubuntu, docker.io/library/ubuntu:latest, ubuntu:latest",
    "grafana/loki:3, docker.io/grafana/loki:3, grafana/loki:3",
    "a/b/c, docker.io/a/b/c:latest, a/b/c:latest",
    "library/x/y, docker.io/library/x/y:latest, library/x/y:latest",
    "localhost, docker.io/library/localhost:latest, localhost:latest",
    "localhost:5000, docker.io/library/localhost:5000, localhost:5000",
    "localhost/app, localhost/app:latest, localhost/app:latest",
    "localhost:5000/app, localhost:5000/app:latest, localhost:5000/app:latest",
    "box:8080/app:1, box:8080/app:1, box:8080/app:1",
    "quay.io/podman/hello, quay.io/podman/hello:latest, quay.io/podman/hello:latest",
    "127.0.0.1:5000/a/b:c, 127.0.0.1:5000/a/b:c, 127.0.0.1:5000/a/b:c",
    "[::1]:5000/app, [::1]:5000/app:latest, [::1]:5000/app:latest",
    "[2001:db8::7]/app, [2001:db8::7]/app:latest, [2001:db8::7]/app:latest",
    "Registry/app, Registry/app:latest, Registry/app:latest",
    "EXAMPLE.com/app, EXAMPLE.com/app:latest, EXAMPLE.com/app:latest",
    "192.168.1.1, docker.io/library/192.168.1.1:latest, 192.168.1.1:latest",
    "a.b:c, docker.io/library/a.b:c, a.b:c",
    "under_score.com:1, docker.io/library/under_score.com:1, under_score.com:1",
    "a__b, docker.io/library/a__b:latest, a__b:latest",
    "a---b, docker.io/library/a---b:latest, a---b:latest",
    "a:TAG_x.y-z, docker.io/library/a:TAG_x.y-z, a:TAG_x.y-z",
    "xn--n3h.com/snow, xn--n3h.com/snow:latest, xn--n3h.com/snow:latest",
  })
  void isReadAsDockerReadsIt(String text, String full, String familiar) {
    var reference = ImageReference.of(text);
    assertThat(reference).hasToString(full);
    assertThat(reference.familiar()).isEqualTo(familiar);
    assertThat(ImageReference.of(full)).isEqualTo(reference);
    assertThat(ImageReference.of(familiar)).isEqualTo(reference);
  }

  @Test
  void keepsTagAndDigestAndLetsTheDigestDecide() {
    var reference = ImageReference.of("ghcr.io/a/b:1.2@sha256:" + HEX);
    assertThat(reference.tag()).isEqualTo("1.2");
    assertThat(reference.identifier()).isEqualTo("sha256:" + HEX);
    assertThat(reference).hasToString("ghcr.io/a/b:1.2@sha256:" + HEX);
  }

  @Test
  void addsNoTagToADigest() {
    var reference = ImageReference.of("alpine@sha256:" + HEX);
    assertThat(reference.tag()).isNull();
    assertThat(reference.familiar()).isEqualTo("alpine@sha256:" + HEX);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ":1", "@sha256:" + "0", "Ubuntu", "ubuntu:", "ubuntu:-x", "ubuntu:.x", "ubuntu:a/b/", "/ubuntu", "ubuntu/",
        "a//b", "a/../b", "../etc/passwd", "docker.io/", "docker.io", "-a.com/b", "a-.com/b", "foo_bar.com/x", "a..b",
        "a___b", "_a", "a_", "a.-b", "a b", "a\tb", "a%2fb", "a?b", "a#b", "http://a.b/c", "user@host/app", "ubuntu@",
        "ubuntu@sha256:abc", "ubuntu@md5:00112233445566778899aabbccddeeff", "ubuntu:ta g", "ubuntu:1:2", "[::1/app",
        "[::g]/app", "[::1]x/app", "localhost:/app", "localhost:http/app", "EXAMPLE.com/App", "docker.io/Library/x",
        "ubuntu:é", "übuntu", "[fe80::1%25eth0]/app", "a/b:c/d", "example.com:5000/a:b@",
      })
  void refusesWhatDockerRefuses(String text) {
    // "docker.io" alone is a name of one part to Docker, as "localhost" is: the only exception in this list.
    if (text.equals("docker.io")) {
      assertThat(ImageReference.of(text)).hasToString("docker.io/library/docker.io:latest");
      return;
    }
    assertThatThrownBy(() -> ImageReference.of(text))
        .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_ARGUMENT))
        .hasMessageStartingWith("invalid image reference ");
  }

  @Test
  void refusesAnImageId() {
    assertThatThrownBy(() -> ImageReference.of(HEX)).hasMessageContaining("an image ID, not a name");
  }

  @Test
  void boundsEveryPart() {
    assertThat(ImageReference.of("r.io/" + "a".repeat(255)).repository()).hasSize(255);
    assertThatThrownBy(() -> ImageReference.of("r.io/" + "a".repeat(256)))
        .hasMessageContaining("longer than 255");
    assertThat(ImageReference.of("a:" + "t".repeat(128)).tag()).hasSize(128);
    assertThatThrownBy(() -> ImageReference.of("a:" + "t".repeat(129)))
        .hasMessageContaining("longer than 128");
    assertThatThrownBy(() -> ImageReference.of("a.".repeat(200_000) + "a/b"))
        .hasMessageContaining("longer than 259")
        .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(500));
  }

  @Test
  void saysWhatIsWrongAndHidesControlCharacters() {
    assertThatThrownBy(() -> ImageReference.of("Foo"))
        .hasMessage("invalid image reference \"Foo\": the repository \"library/Foo\" must be in lower case");
    assertThatThrownBy(() -> ImageReference.of("a\u001b[31m"))
        .satisfies(e -> assertThat(String.valueOf(e.getMessage())).doesNotContain("\u001b"));
  }

  @Test
  void constructorHoldsTheSameLine() {
    assertThatThrownBy(() -> new ImageReference("evil.com/../x", "a", "b", null)).isInstanceOf(ImageException.class);
    assertThatThrownBy(() -> new ImageReference("a.com", "a/../b", "b", null)).isInstanceOf(ImageException.class);
    assertThatThrownBy(() -> new ImageReference("a.com", "a", "../b", null)).isInstanceOf(ImageException.class);
  }
}
