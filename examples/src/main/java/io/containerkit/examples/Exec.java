package io.containerkit.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.containerkit.engine.Container;
import io.containerkit.engine.ContainerKit;
import io.containerkit.engine.Execution;
import io.containerkit.engine.Rootfs;
import io.containerkit.linux.Signal;

/// Runs a further command in a container. The README shows this one.
final class Exec {

  static void main() throws Exception {
    try (ContainerKit kit = ContainerKit.open();
        Container web = kit.container("web").rootfs(Rootfs.host()).command("sleep", "60").run()) {
      try (Execution uname = web.exec("uname", "-sm")) {
        System.out.print(new String(uname.stdout().readAllBytes(), UTF_8));
        System.out.println(uname.waitFor());          // Exited[code=0]
      }
      web.signal(Signal.KILL);                        // a first process ignores SIGTERM unless it handles it
      System.out.println(web.waitFor());              // ended by signal 9, and that is told apart from exit code 137
    } // whatever still runs is killed, and nothing is left: no process, cgroup, mount, file
  }
}
