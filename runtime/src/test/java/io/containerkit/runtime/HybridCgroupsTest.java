package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class HybridCgroupsTest {

  private static final String V1 =
      "32 29 0:27 / /sys/fs/cgroup/memory rw,nosuid shared:9 - cgroup cgroup rw,memory\n";
  private static final String UNIFIED =
      "31 29 0:26 / /sys/fs/cgroup/unified rw,nosuid shared:8 - cgroup2 cgroup2 rw,nsdelegate\n";
  private static final String OTHER =
      """
      24 30 0:23 / /proc rw,relatime - proc proc rw
      29 24 0:25 / /sys/fs/cgroup ro,nosuid shared:7 master:2 - tmpfs tmpfs ro,mode=755
      """;

  @Test
  void findsTheUnifiedHierarchyBesideVersionOne() {
    assertThat(HybridCgroups.unifiedMounts(OTHER + UNIFIED + V1)).containsExactly(Path.of("/sys/fs/cgroup/unified"));
  }

  @Test
  void findsNothingWhereOneVersionIsAlone() {
    assertThat(HybridCgroups.unifiedMounts(OTHER + UNIFIED)).isEmpty();
    assertThat(HybridCgroups.unifiedMounts(OTHER + V1)).isEmpty();
    assertThat(HybridCgroups.unifiedMounts("")).isEmpty();
  }

  @Test
  void hidesItInTheViewAndNowhereElse() {
    List<Path> before = HybridCgroups.unifiedMounts();

    List<Path> inside = HybridCgroups.sharedView().call(() -> HybridCgroups.unifiedMounts());
    assertThat(inside).isEmpty();
    assertThat(HybridCgroups.unifiedMounts()).isEqualTo(before);
  }
}
