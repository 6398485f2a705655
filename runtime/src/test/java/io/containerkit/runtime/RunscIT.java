package io.containerkit.runtime;

import io.containerkit.linux.ExitStatus;
import io.containerkit.linux.Signal;
import java.nio.file.Path;

/// The suite on gVisor's runsc, whose containers are processes of a sandbox.
class RunscIT extends OciRuntimeSuite {

  @Override
  OciRuntimeBuilder builder(Path directory) {
    // A platform that needs no hardware: kvm can hang for ever where it only seems to be there.
    return OciRuntime.builder("runsc").globalArgs("--platform=ptrace", "--network=none", "--ignore-cgroups");
  }

  @Override
  ExitStatus killedBy(Signal signal) {
    return new ExitStatus.Exited(128 + signal.number());
  }
}
