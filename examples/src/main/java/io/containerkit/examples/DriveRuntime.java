package io.containerkit.examples;

import io.containerkit.linux.ExitStatus;
import io.containerkit.runtime.ContainerProcess;
import io.containerkit.runtime.ExecCommand;
import io.containerkit.runtime.ExecOptions;
import io.containerkit.runtime.OciRuntime;
import io.containerkit.runtime.Stdio;
import io.containerkit.runtime.StopOptions;
import java.nio.file.Files;
import java.nio.file.Path;

/// Drives an OCI runtime itself, a command at a time, without the engine. Nothing is removed but what this removes.
final class DriveRuntime {

  static void main() throws Exception {
    OciRuntime runtime = OciRuntime.find(); // or OciRuntime.builder("/usr/local/bin/runc").root(…).build()
    Path bundle = UseBundle.write(Files.createTempDirectory("bundle"), "/bin/sleep", "60");
    String id = bundle.getFileName().toString();
    try (ContainerProcess init = runtime.create(id, bundle, Stdio.none())) {
      IO.println(runtime.state(id).status());
      runtime.start(id);
      IO.println(runtime.state(id).status());
      ExecOptions options = ExecOptions.builder().stdio(Stdio.inherit()).build();
      try (ContainerProcess echo = runtime.exec(id, ExecCommand.of("/bin/echo", "a further process"), options)) {
        IO.println(echo.waitFor());
      }
      ExitStatus status = runtime.stop(init, StopOptions.defaults().withGrace(java.time.Duration.ZERO));
      IO.println(status);
    } finally {
      runtime.deleteForcibly(id);
      UseBundle.remove(bundle);
    }
  }
}
