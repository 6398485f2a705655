package io.containerkit.examples;

import io.containerkit.engine.ContainerKit;
import io.containerkit.runtime.HostProbe;

/// Asks which runtimes work on this machine, and what else would be better.
final class Probe {

  static void main() throws Exception {
    HostProbe probe = ContainerKit.builder().probe();
    probe.runtimes().forEach(runtime -> IO.println(runtime.binary() + ": " + (runtime.works() ? "works" : runtime.failure())));
    probe.host().forEach(finding -> IO.println(finding.subject() + ": " + finding.grade() + ", " + finding.found()));
  }
}
