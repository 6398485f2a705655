package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessCgroupsTest {

  @TempDir Path root;
  private String mounts = "";

  @BeforeEach
  void makeHierarchies() throws IOException {
    for (String group : new String[] {"memory/pod/web", "cpu/web", "unified/web"}) {
      Files.createDirectories(root.resolve(group));
    }
    mounts =
        """
        24 30 0:23 / /proc rw - proc proc rw
        30 29 0:26 / ROOT/unified rw shared:8 - cgroup2 cgroup2 rw,nsdelegate
        31 29 0:27 / ROOT/memory rw shared:9 - cgroup cgroup rw,memory
        32 29 0:28 / ROOT/cpu rw - cgroup cgroup rw,cpu,cpuacct
        33 29 0:29 / ROOT/systemd rw - cgroup cgroup rw,xattr,name=systemd
        """
            .replace("ROOT", root.toString());
  }

  @Test
  void findsEachControllerInItsHierarchy() {
    Controllers found =
        ProcessCgroups.of(
            "5:name=systemd:/web\n4:memory:/pod/web\n3:cpu,cpuacct:/web\n2:rdma:/web\n0::/web\n", "4:memory:/\n0::/\n", mounts);

    CgroupFiles cpu = new CgroupFiles(root.resolve("cpu/web"));
    assertThat(found.v1())
        .isEqualTo(Map.of("memory", new CgroupFiles(root.resolve("memory/pod/web")), "cpu", cpu, "cpuacct", cpu));
    assertThat(Objects.requireNonNull(found.unified()).directory()).isEqualTo(root.resolve("unified/web"));
  }

  @Test
  void leavesOutGroupsThatTheContainerSharesWithUs() {
    Controllers found =
        ProcessCgroups.of("4:memory:/pod/web\n3:cpu,cpuacct:/web\n0::/\n", "4:memory:/pod/web\n3:cpu,cpuacct:/\n0::/\n", mounts);

    assertThat(found.v1()).containsOnlyKeys("cpu", "cpuacct");
    assertThat(found.unified()).isNull();
  }

  @Test
  void findsGroupsBelowTheRootOfAMount() {
    // As in a container, which sees its own part of the hierarchy only.
    String part = mounts.replace("0:27 / ", "0:27 /pod ").replace("memory rw", "memory/pod rw");

    assertThat(ProcessCgroups.of("4:memory:/pod/web\n", "", part).v1())
        .isEqualTo(Map.of("memory", new CgroupFiles(root.resolve("memory/pod/web"))));
    assertThat(ProcessCgroups.of("4:memory:/other/web\n", "", part).none()).isTrue();
  }

  @Test
  void findsNothingOfAProcessThatIsGoneOrOurs() {
    assertThat(ProcessCgroups.of((int) ProcessHandle.current().pid()).none()).isTrue();
    assertThat(ProcessCgroups.of(Integer.MAX_VALUE).none()).isTrue();
  }
}
