package io.containerkit.runtime;

import io.containerkit.linux.ExitStatus;
import io.containerkit.runtime.RuntimeProbe.Way;
import io.containerkit.spec.ContainerException;
import io.containerkit.spec.KernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Finds out whether a runtime really runs containers on this host, and how it has to be called, by trying.
final class RuntimeProbing {

  /// A runtime that works takes a fraction of a second. One that does not may hang for ever.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// What lets a sandbox run on hosts on which it does not by itself: without the host's network devices, which need a network
  /// that is set up; without control groups; with the platform that needs neither KVM nor a new kernel.
  private static final List<List<String>> SANDBOX_ARGS =
      List.of(
          List.of("--network=none"),
          List.of("--network=none", "--ignore-cgroups"),
          List.of("--network=none", "--ignore-cgroups", "--platform=ptrace"));

  private final Path directory;

  /// @param directory for bundles and states while they are needed
  RuntimeProbing(Path directory) {
    this.directory = directory;
  }

  /// Tries one binary.
  RuntimeProbe probe(Path binary) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Path work = Files.createTempDirectory(directory, "probe");
    try {
      String version;
      try {
        version = builder(binary, work).build().version().text();
      } catch (ContainerException e) {
        return new RuntimeProbe(binary, "", Optional.empty(), said(e));
      }
      String failure = "";
      for (Way way : ways(Dialect.of(version), !HybridCgroups.unifiedMounts().isEmpty())) {
        Optional<String> why = attempt(way, builder(binary, work).dialect(Dialect.of(version)), work);
        if (why.isEmpty()) {
          return new RuntimeProbe(binary, version, Optional.of(way), "");
        }
        // The first is the plainest, and the most telling.
        failure = failure.isEmpty() ? why.get() : failure;
      }
      return new RuntimeProbe(binary, version, Optional.empty(), failure);
    } finally {
      Trees.remove(work);
    }
  }

  private static OciRuntimeBuilder builder(Path binary, Path work) {
    return OciRuntime.builder(binary.toString())
        .root(work.resolve("state"))
        .workDirectory(work.resolve("work"))
        .deadline(PATIENCE);
  }

  /// The ways to try, the plainest first.
  ///
  /// @param hybrid whether the host has both cgroup versions mounted
  static List<Way> ways(Dialect dialect, boolean hybrid) {
    List<Way> ways = new ArrayList<>();
    ways.add(Way.PLAIN);
    if (dialect.is(Dialect.Trait.SANDBOXED)) {
      SANDBOX_ARGS.forEach(args -> ways.add(new Way(false, args)));
    }
    if (hybrid) {
      ways.add(new Way(true, List.of()));
    }
    return ways;
  }

  /// Runs one container.
  ///
  /// @return why that did not work; empty if it did
  private static Optional<String> attempt(Way way, OciRuntimeBuilder builder, Path work) throws IOException, InterruptedException {
    OciRuntime runtime;
    try {
      runtime = way.applyTo(builder).build();
    } catch (KernelException e) {
      return Optional.of(said(e)); // who is not root may make no mount namespace
    }
    try (HostBundle bundle = HostBundle.create(work, "true")) {
      Optional<String> failure = run(runtime, bundle);
      try {
        runtime.deleteForcibly(bundle.id());
        return failure;
      } catch (ContainerException e) {
        // One that cannot even delete fails for the reason for which it could not create.
        return failure.or(() -> Optional.of(said(e)));
      }
    }
  }

  private static Optional<String> run(OciRuntime runtime, HostBundle bundle) throws InterruptedException {
    try (ContainerProcess init = runtime.create(bundle.id(), bundle.directory(), Stdio.output())) {
      runtime.start(bundle.id());
      Optional<ExitStatus> status = init.waitFor(PATIENCE);
      return status.isPresent() && status.get().isSuccess()
          ? Optional.empty()
          : Optional.of("its container ran and did not end well: " + status.map(ExitStatus::toString).orElse("it hangs"));
    } catch (ContainerException e) {
      return Optional.of(said(e));
    }
  }

  private static String said(ContainerException e) {
    return Objects.requireNonNullElse(e.getMessage(), e.toString());
  }
}
