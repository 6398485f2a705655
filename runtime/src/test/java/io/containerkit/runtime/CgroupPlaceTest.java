package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Where the runtimes make control groups.
class CgroupPlaceTest {

  private static final Dialect RUNC = Dialect.of("runc version 1.1.5");
  private static final Dialect CRUN = Dialect.of("crun version 1.8.1");
  private static final Dialect RUNSC = Dialect.of("runsc version release-20240109.0");

  private static CgroupPlace root(String path) {
    return new CgroupPlace(true, Path.of(path));
  }

  private static CgroupPlace own(String path) {
    return new CgroupPlace(false, Path.of(path));
  }

  @Test
  void anAbsolutePathIsTheSameForAll() {
    for (Dialect dialect : new Dialect[] {RUNC, CRUN, RUNSC}) {
      assertThat(CgroupPlace.of(dialect, false, "web", "/a/b")).containsExactly(root("a/b"));
      assertThat(CgroupPlace.of(dialect, false, "web", "/../a/./b")).containsExactly(root("a/b"));
    }
  }

  @Test
  void aRelativePathCountsFromTheRootOrFromTheRuntimesOwnGroup() {
    assertThat(CgroupPlace.of(RUNC, false, "web", "a/b")).containsExactly(own("a/b"));
    assertThat(CgroupPlace.of(RUNSC, false, "web", "a/b")).containsExactly(own("a/b"));
    assertThat(CgroupPlace.of(CRUN, false, "web", "a/b")).containsExactly(root("a/b"));
    assertThat(CgroupPlace.of(RUNC, false, "web", "../../b")).containsExactly(own("b"));
  }

  @Test
  void withoutAPathTheIdIsOne() {
    assertThat(CgroupPlace.of(RUNC, false, "web", "")).containsExactly(own("web"));
    assertThat(CgroupPlace.of(RUNSC, false, "web", "")).containsExactly(root("web"));
    assertThat(CgroupPlace.of(CRUN, false, "web", "")).containsExactly(root("web"));
  }

  @Test
  void systemdPutsAScopeIntoASlice() {
    assertThat(CgroupPlace.of(RUNC, true, "web", "machine-a.slice:libpod:x"))
        .containsExactly(root("machine.slice/machine-a.slice/libpod-x.scope"));
    assertThat(CgroupPlace.of(RUNC, true, "web", "")).containsExactly(root("system.slice/runc-web.scope"), root("user.slice/runc-web.scope"));
    assertThat(CgroupPlace.of(CRUN, true, "web", ":crun:web"))
        .containsExactly(root("system.slice/crun-web.scope"), root("user.slice/crun-web.scope"));
    assertThat(CgroupPlace.of(RUNC, true, "web", "a.slice:x:b.slice")).containsExactly(root("a.slice/b.slice"));
  }
}
