package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Signal;
import io.containerkit.spec.ErrorKind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The suite on gVisor's runsc, whose containers are processes of a sandbox.
class RunscIT extends OciRuntimeSuite {

  @Override
  OciRuntimeBuilder builder(Path directory) {
    // A platform that needs no hardware: kvm can hang for ever where it only seems to be there.
    return OciRuntime.builder("runsc").globalArgs("--platform=ptrace", "--network=none");
  }

  @Override
  ExitStatus killedBy(Signal signal) {
    return new ExitStatus.Exited(128 + signal.number());
  }

  @Override
  @Test
  void aRealTimeSignalArrivesByItsNumber() throws Exception {
    ContainerProcess init = running("realtime", "sleep 1000");
    // gVisor's table of signals ends before them.
    assertFails(ErrorKind.INVALID_ARGUMENT, () -> runtime.kill("realtime", Signal.of("RTMIN+3")));
    stopAndDelete(init);
  }

  @Override
  @Test
  void anInitThatDiesBeforeItsStartIsKnownToBeDead() throws Exception {
    // The sandbox takes a signal before the start and keeps running; only its deletion ends it.
    try (ContainerProcess process = runtime.create("early", bundles.script("early", "true"), Stdio.none())) {
      runtime.deleteForcibly("early");
      assertThat(process.waitFor().isSuccess()).isFalse();
      assertThat(process.isAlive()).isFalse();
    }
  }
}
