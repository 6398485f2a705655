package io.containerkit.engine;

import io.containerkit.linux.Signal;
import io.containerkit.runtime.ContainerProcess;
import io.containerkit.runtime.OciRuntime;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import java.time.Duration;
import java.util.Optional;

/// Ends every process of a container and has the runtime forget it. Every step can be repeated.
record Ending(Bundle bundle, OciRuntime runtime, Optional<ContainerProcess> init) {

  private static final Duration KILL_DEADLINE = Duration.ofSeconds(1);

  void run() {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          runOnce();
          return;
        } catch (InterruptedException e) {
          // Removal is not to be left half done; the caller learns of the interrupt afterwards.
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void runOnce() throws InterruptedException {
    String id = bundle.id();
    if (init.isPresent() && init.get().isAlive()) {
      // Far cheaper than `delete --force`, which polls for the end at 100 ms (runc).
      init.get().signal(Signal.KILL);
      if (init.get().waitFor(KILL_DEADLINE).isEmpty()) {
        // A frozen process dies only once it thaws, and a sandbox that was never started only with its runtime's help.
        thaw();
        runtime.deleteForcibly(id);
      }
    }
    bundle.endStrays();
    try {
      runtime.delete(id);
    } catch (CommandException e) {
      if (e.kind() != ErrorKind.NOT_FOUND) {
        // It knows better what is still there than we do.
        runtime.deleteForcibly(id);
      }
    }
  }

  private void thaw() {
    try {
      runtime.resume(bundle.id());
    } catch (CommandException notPaused) {
      // What else keeps it alive, the removal that follows will tell.
      System.getLogger(Ending.class.getName()).log(System.Logger.Level.DEBUG, "resume before removal", notPaused);
    }
  }
}
