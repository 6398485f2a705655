package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class UpdateOptionsTest {

  private static final Path FILE = Path.of("/tmp/limits.json");

  @Test
  void namesTheFileWithTheLimits() {
    assertThat(UpdateOptions.defaults().args(Dialect.of("runc version 1.1.5"), FILE))
        .containsExactly("--resources", "/tmp/limits.json");
    assertThat(
            UpdateOptions.defaults()
                .withExtraArgs("--l3-cache-schema", "L3:0=f")
                .args(Dialect.of("crun version 1.8.1"), FILE))
        .containsExactly("--resources", "/tmp/limits.json", "--l3-cache-schema", "L3:0=f");
  }

  @Test
  void refusesARuntimeWithoutTheCommand() {
    assertThatThrownBy(() -> UpdateOptions.defaults().args(Dialect.of("runsc version release-20221212.0"), FILE))
        .isInstanceOfSatisfying(CommandException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED))
        .hasMessageContaining("update");
  }
}
