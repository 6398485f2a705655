package io.containerkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CgroupsTest {

  private static final String HYBRID =
      """
      31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
      32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
      35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:1 master:2 - cgroup cgroup rw,memory
      40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,release_agent=/lib/agent,name=systemd
      41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate
      42 31 0:38 / /elsewhere rw,relatime - cgroup2 cgroup2 rw,nsdelegate
      """;

  @Test
  void tellsTheModeFromWhatIsMounted() {
    assertThat(Cgroups.parse(HYBRID).mode()).isEqualTo(Cgroups.Mode.HYBRID);
    assertThat(Cgroups.parse("35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n").mode()).isEqualTo(Cgroups.Mode.V1);
    assertThat(Cgroups.parse("24 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n").mode()).isEqualTo(Cgroups.Mode.V2);
    assertThat(Cgroups.parse("23 1 0:26 / /proc rw - proc proc rw\n").mode()).isEqualTo(Cgroups.Mode.NONE);
  }

  @Test
  void findsTheDirectoriesOfAPath() {
    assertThat(Cgroups.parse(HYBRID).at(Path.of("/a/../web")))
        .isEqualTo(
            new Cgroup(
                Map.of(
                    "cpu", Path.of("/sys/fs/cgroup/cpu,cpuacct/web"),
                    "cpuacct", Path.of("/sys/fs/cgroup/cpu,cpuacct/web"),
                    "memory", Path.of("/sys/fs/cgroup/memory/web"),
                    "name=systemd", Path.of("/sys/fs/cgroup/systemd/web")),
                Path.of("/sys/fs/cgroup/unified/web")));
  }

  @Test
  void findsTheDirectoriesOfAProcessWithoutRoots() {
    Cgroup cgroup = Cgroups.parse(HYBRID).of("4:memory:/a:b\n3:cpuacct,cpu:/c\n2:pids:/not-mounted\n1:name=systemd:/\n0::/\n");
    assertThat(cgroup)
        .isEqualTo(
            new Cgroup(
                Map.of(
                    "memory", Path.of("/sys/fs/cgroup/memory/a:b"),
                    "cpu", Path.of("/sys/fs/cgroup/cpu,cpuacct/c"),
                    "cpuacct", Path.of("/sys/fs/cgroup/cpu,cpuacct/c")),
                null));
  }

  @Test
  void leavesOutWhatAProcessSharesWithAnother() {
    Cgroup own =
        Cgroups.parse(HYBRID).of("4:memory:/a\n3:cpuacct,cpu:/c\n0::/u\n").without(Cgroups.parse(HYBRID).of("4:memory:/a\n3:cpuacct,cpu:/\n0::/u\n"));
    assertThat(own.v1()).containsOnlyKeys("cpu", "cpuacct");
    assertThat(own.unified()).isNull();
  }

  @Test
  void seesThroughAMountThatShowsPartOfAHierarchy() {
    Cgroups inContainer = Cgroups.parse("35 31 0:32 /docker/x /sys/fs/cgroup/with\\040blank rw - cgroup2 cgroup rw\n");
    assertThat(inContainer.at(Path.of("/docker/x/web")).unified()).isEqualTo(Path.of("/sys/fs/cgroup/with blank/web"));
    assertThat(inContainer.at(Path.of("/docker/x")).unified()).isEqualTo(Path.of("/sys/fs/cgroup/with blank"));
    assertThat(inContainer.at(Path.of("/other")).unified()).isNull();
  }

  @Test
  void refusesTheRootAndRelativePaths() {
    Cgroups cgroups = Cgroups.parse(HYBRID);
    assertThatIllegalArgumentException().isThrownBy(() -> cgroups.at(Path.of("/")));
    assertThatIllegalArgumentException().isThrownBy(() -> cgroups.at(Path.of("/a/..")));
    assertThatIllegalArgumentException().isThrownBy(() -> cgroups.at(Path.of("web")));
  }

  @Test
  void findsWhereThisProcessIs() {
    Cgroups host = Cgroups.host();
    assertThat(host.mode()).isNotEqualTo(Cgroups.Mode.NONE);
    Cgroup own = host.ofProcess((int) ProcessHandle.current().pid());
    assertThat(own.exists()).isEqualTo(!own.v1().isEmpty() || own.unified() != null);
  }
}
