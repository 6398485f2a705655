package io.containerkit.engine;

import io.containerkit.linux.KernelFeature;
import io.containerkit.linux.ProcessStat;
import io.containerkit.linux.Subreaper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A program on an old kernel that is the parent of its containers' orphans, and has children by [ProcessBuilder] at the same time.
/// Prints how everything ended.
final class Reaping {

  private static final int COUNT = 10;

  private Reaping() {}

  /// Takes the binary of the runtime and the state directory.
  public static void main(String[] args) throws Throwable {
    OldKernel.pretend();
    System.out.println("PIDFD_GET_INFO " + KernelFeature.PIDFD_GET_INFO.missing().map(_ -> "missing").orElse("there"));
    try (Subreaper _ = Subreaper.enable();
        ContainerKit kit = ContainerKit.builder().runtime(args[0]).state(Path.of(args[1])).open()) {
      List<Process> children = new ArrayList<>();
      for (int i = 0; i < COUNT; i++) {
        children.add(new ProcessBuilder("/bin/sh", "-c", "read line; exit " + (100 + i)).start());
      }
      for (int i = 0; i < COUNT; i++) {
        try (Container container = kit.container().rootfs(Rootfs.host()).command("sh", "-c", "read line; exit " + (50 + i)).run();
            Execution execution = container.exec("sh", "-c", "exit " + (10 + i))) {
          boolean ours = ProcessStat.of(container.pid()).orElseThrow().parent() == ProcessHandle.current().pid();
          System.out.println("parent " + (ours ? "this program" : "another"));
          children.get(i).getOutputStream().close();
          System.out.println("execution " + execution.waitFor());
          container.stdin().close();
          System.out.println("container " + container.waitFor());
        }
        System.out.println("child " + children.get(i).waitFor());
      }
    }
  }
}
