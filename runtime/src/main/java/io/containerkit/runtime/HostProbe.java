package io.containerkit.runtime;

import io.containerkit.runtime.Finding.Grade;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Everything that decides whether and how containers run on this host, looked at now.
///
/// @param host what was found of the kernel, its control groups and this process' rights
/// @param runtimes what was found of each runtime that is installed, by running a container with it
public record HostProbe(List<Finding> host, List<RuntimeProbe> runtimes) {

  /// Copies the lists.
  public HostProbe {
    host = List.copyOf(host);
    runtimes = List.copyOf(runtimes);
  }

  /// Looks at the host and tries each runtime that the finder looks for. Takes about a second.
  public static HostProbe of(RuntimeFinder finder) throws InterruptedException {
    try {
      return new HostProbe(HostFindings.all(), finder.probeAll());
    } catch (IOException e) {
      throw new EngineException(ErrorKind.IO, "/proc", "the host cannot be looked at: " + e, e);
    }
  }

  /// Whether containers run here.
  public boolean works() {
    return host.stream().noneMatch(finding -> finding.grade() == Grade.BAD) && runtimes.stream().anyMatch(RuntimeProbe::works);
  }

  /// All of it in words, the host first.
  ///
  /// @param names the runtimes to speak of, also those that are not installed; such as [RuntimeFinder#NAMES]
  public List<Finding> findings(List<String> names) {
    List<Finding> findings = new ArrayList<>(host);
    // One that works is enough: what another lacks is no more than a limit then.
    Grade failure = runtimes.stream().anyMatch(RuntimeProbe::works) ? Grade.LIMITED : Grade.BAD;
    for (String name : names) {
      findings.add(
          runtimes.stream()
              .filter(probe -> probe.isNamed(name))
              .findFirst()
              .map(probe -> finding(name, probe, failure))
              .orElseGet(() -> new Finding(name, failure, "not installed", "`apt-get install " + name + "` where Debian has it")));
    }
    return findings;
  }

  private static Finding finding(String name, RuntimeProbe probe, Grade failure) {
    String what = probe.versionText().isEmpty() ? probe.binary().toString() : probe.dialect() + " at " + probe.binary();
    Optional<RuntimeProbe.Way> way = probe.way();
    return way.isPresent()
        ? Finding.good(name, what + " runs containers" + way.get().described())
        : new Finding(name, failure, what + " runs no container", probe.failure());
  }
}
