package io.containerkit.examples;

import io.containerkit.engine.Container;
import io.containerkit.engine.ContainerKit;
import io.containerkit.engine.Rootfs;
import io.containerkit.linux.ExitStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Runs twenty containers at the same time, each on a virtual thread.
final class ManyAtOnce {

  static void main() throws Exception {
    try (ContainerKit kit = ContainerKit.open();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ExitStatus>> statuses = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String code = Integer.toString(i);
        statuses.add(threads.submit(() -> exit(kit, code)));
      }
      int sum = 0;
      for (Future<ExitStatus> status : statuses) {
        sum += status.get().shellCode();
      }
      IO.println("0 + 1 + … + 19 = " + sum);
    }
  }

  private static ExitStatus exit(ContainerKit kit, String code) throws InterruptedException {
    try (Container container = kit.container().rootfs(Rootfs.host()).command("sh", "-c", "exit " + code).run()) {
      return container.waitFor();
    }
  }
}
