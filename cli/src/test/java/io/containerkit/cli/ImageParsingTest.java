package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.image.Credential;
import io.containerkit.image.ImageReference;
import io.containerkit.image.Platform;
import io.containerkit.image.PullPolicy;
import io.containerkit.spec.ImageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageParsingTest {

  @Test
  void pullTakesDockersAndPodmansFlags() {
    PullCommand command =
        Reading.read(PullCommand.class, "pull -q --platform arm64 --policy missing --creds me:a:b --tls-verify=false --authfile f alpine quay.io/x/y:2");
    assertThat(command.references()).containsExactly(ImageReference.of("alpine"), ImageReference.of("quay.io/x/y:2"));
    assertThat(command.platform()).contains(Platform.of("linux/arm64"));
    assertThat(command.policy()).isEqualTo(PullPolicy.MISSING);
    assertThat(command.quiet()).isTrue();
    assertThat(command.registry()).isEqualTo(new RegistryFlags(Optional.of(new Credential.Password("me", "a:b")), Optional.of(Path.of("f")), false));
    assertThat(Reading.read(PullCommand.class, "pull alpine").registry().areUsual()).isTrue();
  }

  @Test
  void theCommandsBelowImageAreThoseOfCkit() {
    assertThat(Reading.read("image", "rm", "-f", "a")).isEqualTo(new RmiCommand(List.of("a"), false, true, false));
    assertThat(Reading.read("image", "pull", "a")).isEqualTo(Reading.read("pull", "a"));
    assertThat(Reading.read("image", "prune", "-a", "-f")).isEqualTo(new ImagePruneCommand(true, true));
    assertThat(Reading.read("image", "prune", "--filter", "dangling=false")).isEqualTo(new ImagePruneCommand(true, false));
    assertThat(Reading.read("image", "check", "--repair")).isEqualTo(new ImageCheckCommand(true));
    assertThat(Reading.read("image", "prune", "--help")).isInstanceOf(HelpCommand.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      textBlock =
          """
          login => docker.io
          login https://index.docker.io/v1/ => docker.io
          login registry.example:5000 => registry.example:5000
          login http://localhost:5000/v2/ => localhost:5000
          """)
  void theRegistryOfALoginMayBeWrittenAsAUrl(String line, String registry) {
    assertThat(Reading.read(LoginCommand.class, line).registry()).isEqualTo(registry);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      textBlock =
          """
          pull => pull: an operand is missing; usage: ckit pull [flags] IMAGE…
          pull --policy sometimes a => pull: --policy: "sometimes" is not one of always, missing, newer, never
          pull --creds secret a => pull: --creds: write USER:PASSWORD
          pull --tls-verify=no a => pull: --tls-verify: "no" is not one of true, false
          push a b c => push: "c" is one operand too many; usage: ckit push [flags] IMAGE [NAME]
          rmi => rmi: which image? Name it, or give --all
          rmi -a x => rmi: --all and names exclude each other
          tag a => tag: operands are missing; usage: ckit tag [flags] IMAGE NAME…
          images --filter before=x => images: --filter: "before=x" is not dangling=true|false, label=NAME[=VALUE] or reference=PATTERN
          images --filter reference=[ => images: --filter: "reference=[" is not dangling=true|false, label=NAME[=VALUE] or reference=PATTERN
          save --format oci-dir a => save: --format oci-dir needs --output, the directory
          save --format tar a => save: --format: "tar" is not one of docker-archive, oci-archive, oci-dir
          login -p a --password-stdin x => login: --password and --password-stdin exclude each other
          login --password-stdin x => login: --password-stdin needs --username
          image frob => image: unknown command "frob" (ckit image --help lists all)
          image => image: an operand is missing; usage: ckit image [flags] COMMAND …
          """)
  void mistakesAreAnsweredByOneLine(String line, String message) {
    Reading.assertRefused(line, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      textBlock =
          """
          pull UPPER => invalid image reference "UPPER": the repository "library/UPPER" must be in lower case
          pull a:b:c => invalid image reference "a:b:c": "a:b" is not a part of a repository: letters and digits, joined by one of . _ __ or -
          push x :1 => invalid image reference ":1": it names no repository
          pull --platform linux/ a => invalid platform "linux/": write os/architecture[/variant], such as linux/arm64
          tag a b@sha256:12 => invalid image reference "b@sha256:12": invalid digest "sha256:12": sha256 has 64 hexadecimal digits, not 2
          login bad_host => "bad_host" is not a host name
          """)
  void namesThatAreNoneAreRefused(String line, String message) {
    assertThatThrownBy(() -> Reading.read(line.split(" ", -1))).isInstanceOf(ImageException.class).hasMessage(message);
  }
}
