package io.containerkit.cli;

import org.junit.jupiter.api.Test;

class CrunCommandsIT extends NativeCommandsSuite {

  @Override
  String runtime() {
    return "crun";
  }

  @Test
  void featuresThatItCannotTellAreAFailureThatNamesIt() {
    Ckit.Result features = inside.run("features");
    // From 1.8.6 on it can.
    if (features.code() != 0) {
      assertFails(features, 125, "crun 1.", "another runtime may be able to");
    }
  }
}
