package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.PidFd;
import io.containerkit.linux.Signal;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.Linux;
import io.containerkit.spec.LinuxNamespace;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// The suite on runc.
class RuncIT extends OciRuntimeSuite {

  @Override
  OciRuntimeBuilder builder(Path directory) {
    return OciRuntime.builder("runc");
  }

  @Test
  void aHalfMadeContainerIsNotFoundAndGoneAfterItsDelete() throws Exception {
    Path half = Files.createDirectory(runtime.root().resolve("half"));
    assertFails(ErrorKind.NOT_FOUND, () -> runtime.delete("half"));
    assertThat(half).doesNotExist();
  }

  @Test
  void whatInitLeavesInASharedPidNamespaceIsStoppedWithIt() throws Exception {
    Path bundle =
        bundles.bundle(
            "shared",
            spec -> {
              Linux linux = Objects.requireNonNull(spec.build().linux());
              return spec.linux(
                  linux.toBuilder()
                      .namespaces(linux.namespaces().stream().filter(kind -> !kind.type().equals(LinuxNamespace.PID)).toList())
                      .build());
            },
            process -> process.args("/bin/sh", "-c", "sleep 1000 >/dev/null 2>&1 & echo $!; exec sleep 1000"));
    try (ContainerProcess init = runtime.create("shared", bundle, Stdio.output())) {
      runtime.start("shared");
      var lines = new BufferedReader(new InputStreamReader(init.stdout(), StandardCharsets.US_ASCII));
      try (PidFd left = PidFd.open(Integer.parseInt(lines.readLine()))) {
        StopOptions options = StopOptions.defaults().withGrace(Duration.ofSeconds(10)).withAll(true);
        assertThat(runtime.stop(init, options)).isEqualTo(new ExitStatus.Signaled(Signal.TERM, false));
        while (left.isAlive()) {
          Thread.onSpinWait();
        }
      }
      runtime.delete("shared");
    }
  }
}
