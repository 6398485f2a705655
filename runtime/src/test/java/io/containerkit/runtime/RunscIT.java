package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Signal;
import io.containerkit.spec.ErrorKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
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

  @Test
  void whatACheckpointSavedGoesOnWhereItWas() throws Exception {
    Path image = directory.resolve("image");
    Path output = directory.resolve("output");
    Stdio stdio = Stdio.of(new Stdio.Stream.Null(), new Stdio.Stream.File(output, true), new Stdio.Stream.Null());
    Path bundle = bundles.script("counts", "i=0; while :; do i=$((i+1)); echo $i; sleep 0.05; done");
    try (ContainerProcess counting = runtime.create("counts", bundle, stdio)) {
      runtime.start("counts");
      awaitLines(output, 3);
      runtime.checkpoint("counts", CheckpointOptions.builder(image).build());
      counting.waitFor();
      runtime.delete("counts");
    }
    int counted = Files.readAllLines(output).size();
    try (ContainerProcess again = runtime.restore("again", bundle, RestoreOptions.builder(image).stdio(stdio).build())) {
      awaitLines(output, counted + 3);
      runtime.deleteForcibly("again");
      again.waitFor();
    }
    List<String> lines = Files.readAllLines(output);
    assertThat(lines).isEqualTo(IntStream.rangeClosed(1, lines.size()).mapToObj(Integer::toString).toList());
  }

  private static void awaitLines(Path file, int count) throws Exception {
    while (Files.readAllLines(file).size() < count) {
      LockSupport.parkNanos(5_000_000);
    }
  }
}
