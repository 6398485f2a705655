package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KernelFeatureTest {

  /// True of the kernel that this is tested on (6.18, as root), and so a test of the questions: a wrong one would find them missing.
  @ParameterizedTest
  @EnumSource
  void isFoundOnThisKernel(KernelFeature feature) throws InterruptedException {
    assertThat(feature.missing()).as("%s, Linux %s, needed %s", feature, feature.since(), feature.purpose()).isEmpty();
  }
}
