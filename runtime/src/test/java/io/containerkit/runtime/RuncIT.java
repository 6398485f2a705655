package io.containerkit.runtime;

import java.nio.file.Path;

/// The suite on runc.
class RuncIT extends OciRuntimeSuite {

  @Override
  OciRuntimeBuilder builder(Path directory) {
    return OciRuntime.builder("runc");
  }
}
