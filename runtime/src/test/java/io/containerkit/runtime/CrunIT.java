package io.containerkit.runtime;

import io.containerkit.linux.MountNamespace;
import io.containerkit.linux.Mounts;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

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
