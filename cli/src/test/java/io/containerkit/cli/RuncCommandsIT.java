package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.spec.Json;
import org.junit.jupiter.api.Test;

class RuncCommandsIT extends NativeCommandsSuite {

  @Override
  String runtime() {
    return "runc";
  }

  @Test
  void featuresAreADocument() {
    assertThat(Json.readObject(inside.run("features").out()).get("ociVersionMin")).isNotNull();
  }
}
