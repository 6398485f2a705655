package io.containerkit.bench;

import io.containerkit.spec.Root;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// `/bin/true` on the host's own tree under a throw-away writable layer, by a new process of each engine's command each time.
///
/// The C loop starts every contender and measures from the spawn to the exit. Only ckit mounts the tree itself: the others find it
/// mounted. `java -version` and `ckit version` show how much of `ckit run` is the JVM and the command before it does anything.
final class Cold {

  private static final String CKIT = "ckit run";
  private static final int LIMIT_TIMES = 2;
  private static final int LIMIT_MORE_MILLIS = 60;

  private Cold() {}

  static void run(Bench bench) throws Exception {
    for (String name : bench.options().runtimes()) {
      Path runtime = Machine.find(name);
      try (HostTree tree = HostTree.mount(bench.workspace());
          Peer starter = Peer.start(bench.options().peers().resolve("c-loop"), runtime.toString(), "/", "/")) {
        List<Contender> contenders = new ArrayList<>(ours(bench, starter, runtime, tree));
        if (Machine.has("podman")) {
          contenders.add(process("podman run", starter, podman(runtime, tree)));
        } else {
          bench.say("podman is left out: it is not installed\n");
        }
        compareWithContainerd(bench, starter, runtime, tree, contenders);
      }
    }
  }

  private static List<Contender> ours(Bench bench, Peer starter, Path runtime, HostTree tree) throws IOException {
    String ckit = bench.options().ckit().toString();
    return List.of(
        raw(bench.workspace(), starter, runtime, tree),
        process(CKIT, starter, List.of(ckit, "--runtime", runtime.toString(), "run", "--rootfs", "/", "--", "/bin/true")),
        process("ckit version", starter, List.of(ckit, "version")),
        process("java -version", starter, List.of(System.getProperty("java.home") + "/bin/java", "-XX:+UseSerialGC", "-version")));
  }

  private static void compareWithContainerd(Bench bench, Peer starter, Path runtime, HostTree tree, List<Contender> contenders)
      throws IOException, InterruptedException {
    if (!Containerd.isInstalled()) {
      bench.say("containerd is left out: it is not installed\n");
      compare(bench, runtime, contenders);
      return;
    }
    try (Containerd containerd = Containerd.start(bench.workspace())) {
      contenders.add(process("ctr run", starter, containerd.run(runtime, tree.root())));
      compare(bench, runtime, contenders);
    }
  }

  private static void compare(Bench bench, Path runtime, List<Contender> contenders) throws InterruptedException {
    String title = "cold run on " + runtime.getFileName();
    Comparison comparison = bench.compareCold(title, List.of("process"), contenders);
    bench.say(comparison.draw());
    double raw = comparison.rows().getFirst().totals().median() / 1e6;
    double ours = comparison.row(CKIT).totals().median() / 1e6;
    bench.promise(new Target(title, ours, LIMIT_TIMES * raw + LIMIT_MORE_MILLIS, "ms"));
  }

  private static Contender process(String name, Peer starter, List<String> command) {
    List<String> fields = new ArrayList<>(List.of("run"));
    fields.addAll(command);
    return new Contender(name, () -> starter.ask(fields.toArray(String[]::new)));
  }

  /// Each container has an id of its own: the cgroup of one that has just ended is busy until process 1 has reaped what was in it.
  private static Contender raw(Workspace workspace, Peer starter, Path runtime, HostTree tree) throws IOException {
    String bundle = workspace.bundle(Root.of(tree.root().toString(), false), "/bin/true").toString();
    String root = workspace.directory("root-raw").toString();
    AtomicInteger ids = new AtomicInteger();
    return new Contender(
        "raw " + runtime.getFileName(),
        () -> starter.ask("run", runtime.toString(), "--root", root, "run", "--bundle", bundle, "bench-raw" + ids.incrementAndGet()));
  }

  // Its default limits of files and processes are above the hard limits of many a virtual machine.
  private static List<String> podman(Path runtime, HostTree tree) {
    return List.of(
        Machine.find("podman").toString(), "--runtime", runtime.toString(),
        "run", "--rm", "--network", "none", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024",
        "--rootfs", tree.root().toString(), "/bin/true");
  }
}
