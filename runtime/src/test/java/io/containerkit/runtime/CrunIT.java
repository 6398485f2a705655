package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.containerkit.linux.Cgroups;
import io.containerkit.linux.MountNamespace;
import io.containerkit.linux.Mounts;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.Linux;
import io.containerkit.spec.LinuxCpu;
import io.containerkit.spec.LinuxResources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The suite on crun, in a mount namespace that looks as crun wants it.
class CrunIT extends OciRuntimeSuite {

  @SuppressWarnings("NullAway.Init") // made before all tests
  private static MountNamespace mounts;

  @BeforeAll
  static void openNamespace() {
    mounts = crunNamespace();
  }

  @AfterAll
  static void closeNamespace() {
    mounts.close();
  }

  @Override
  OciRuntimeBuilder builder(Path directory) {
    return OciRuntime.builder("crun").mountNamespace(mounts);
  }

  /// crun gives up in the middle of the hierarchies, and says why.
  @Test
  void aCreateThatFailsAtTheControlGroupsLeavesNone() {
    Path bundle =
        bundles.bundle(
            "refused",
            spec -> {
              Linux linux = Objects.requireNonNull(spec.build().linux());
              LinuxCpu cpu = LinuxCpu.builder().period(1L).quota(5000L).build();
              return spec.linux(linux.toBuilder().resources(LinuxResources.builder().cpu(cpu).build()).build());
            },
            process -> process.args("true"));
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(() -> runtime.create("refused", bundle, Stdio.none()))
        .withMessageContaining("Invalid argument");
    assertThat(Cgroups.host().at(Path.of(Bundles.CGROUP, "refused")).exists()).isFalse();
  }

  /// Hides what makes crun refuse a host: version 2 of the control groups beside version 1 ("hybrid").
  static MountNamespace crunNamespace() {
    Path unified = Path.of("/sys/fs/cgroup/unified");
    MountNamespace own = MountNamespace.copyOfHost();
    if (Files.isDirectory(unified)) {
      own.call(
          () -> {
            Mounts.unmountLazily(unified);
            return unified;
          });
    }
    return own;
  }
}
