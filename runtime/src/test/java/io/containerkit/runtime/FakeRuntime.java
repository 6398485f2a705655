package io.containerkit.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;

/// The shell script that behaves as a runtime, see `fake-runtime` in the resources.
final class FakeRuntime {

  private final Path binary;
  private final Path calls;

  FakeRuntime(Path directory) throws IOException {
    binary = directory.resolve("runc");
    calls = directory.resolve("calls");
    try (InputStream script = Objects.requireNonNull(FakeRuntime.class.getResourceAsStream("fake-runtime"))) {
      Files.copy(script, binary);
    }
    Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  Path binary() {
    return binary;
  }

  /// The commands that were run, each with its arguments.
  List<String> calls() throws IOException {
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  /// A builder of a runtime that does nothing wrong and writes down its calls.
  OciRuntimeBuilder builder() {
    return OciRuntime.builder(binary.toString()).environment(java.util.Map.of("PATH", "/usr/bin:/bin", "FAKE_CALLS", calls.toString()));
  }

  /// A builder of a runtime whose command goes wrong.
  OciRuntimeBuilder faulty(String command, String fault) {
    return OciRuntime.builder(binary.toString())
        .environment(
            java.util.Map.of("PATH", "/usr/bin:/bin", "FAKE_CALLS", calls.toString(), "FAULT", fault, "FAULT_ON", command));
  }
}
