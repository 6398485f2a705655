package io.containerkit.bench;

import io.containerkit.image.ImageReference;
import io.containerkit.image.Images;
import io.containerkit.image.RegistryConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// An image pulled from a local registry and unpacked, into a store that has nothing of it, by a new process each time.
final class Pull {

  private static final String CKIT = "ckit pull";
  private static final double INFLATE_LIMIT = 1.25;
  private static final double AGAIN_LIMIT_MILLIS = 50;
  private static final int AGAIN_ROUNDS = 20;

  private final Bench bench;
  private final Registry registry;
  private final Peer starter;
  private final Path scratch;
  private final Map<String, List<Usage>> usages = new HashMap<>();

  private Pull(Bench bench, Registry registry, Peer starter, Path scratch) {
    this.bench = bench;
    this.registry = registry;
    this.starter = starter;
    this.scratch = scratch;
  }

  static void run(Bench bench) throws Exception {
    if (!Registry.isInstalled()) {
      bench.say("pull is left out: docker-registry is not installed\n");
      return;
    }
    try (Registry registry = Registry.start(bench.workspace());
        Peer starter = Peer.start(bench.options().peers().resolve("c-loop"), "/", "/", "/")) {
      Pull pull = new Pull(bench, registry, starter, bench.workspace().directory("pull"));
      for (PullImage image : PullImage.values()) {
        pull.compare(image);
      }
      pull.again(PullImage.MANY_LAYERS);
    }
  }

  private void compare(PullImage image) throws Exception {
    PullImage.Pushed pushed = image.push(registry, scratch, bench.options().imagePercent());
    String reference = image.reference(registry);
    usages.clear();
    List<Contender> contenders = new ArrayList<>(List.of(ckit(reference)));
    if (image.isReadByUmoci() && has("skopeo", "umoci")) {
      contenders.add(umoci(reference));
    }
    if (has("podman")) {
      contenders.add(podman(reference));
    }
    if (Containerd.isInstalled()) {
      try (Containerd containerd = Containerd.start(bench.workspace())) {
        contenders.add(ctr(containerd, reference));
        compare(image, contenders, pushed);
      }
    } else {
      bench.say("containerd is left out: it is not installed\n");
      compare(image, contenders, pushed);
    }
  }

  private boolean has(String... programs) {
    for (String program : programs) {
      if (!Machine.has(program)) {
        bench.say(program + " is left out: it is not installed\n");
        return false;
      }
    }
    return true;
  }

  private void compare(PullImage image, List<Contender> contenders, PullImage.Pushed pushed) throws InterruptedException {
    Comparison comparison = new Interleave(1, bench.options().pullRounds()).run(image.title(), List.of("pull"), contenders);
    Table table = new Table(List.of(image.title(), "seconds", "min", "ratio", "MB/s", "CPU seconds", "peak MiB"));
    for (Comparison.Row row : comparison.rows()) {
      double median = row.totals().median();
      List<Usage> used = usages.getOrDefault(row.name(), List.of());
      table.add(List.of(
          row.name(),
          seconds(median),
          seconds(row.totals().min()),
          Comparison.ratio(comparison.ratioOfMedians(row)),
          number("%.0f", pushed.bytes() / (median / 1e9) / 1e6),
          seconds(Samples.of(used.stream().map(Usage::processorTime).toList()).median()),
          number("%.0f", Samples.of(used.stream().map(Usage::memory).toList()).max() / (1 << 20))));
      if (!row.name().equals(CKIT)) {
        bench.promise(new Target(image.title() + " ÷ " + row.name(), 1 / comparison.ratioOfMedians(row), 1, "×"));
      }
    }
    bench.say(table.draw());
    if (image == PullImage.ONE_LAYER) {
      double ours = comparison.row(CKIT).totals().median();
      bench.promise(new Target(image.title() + " ÷ its inflation by one thread", ours / pushed.inflation(), INFLATE_LIMIT, "×"));
    }
  }

  private Contender ckit(String reference) {
    Path root = scratch.resolve("ckit");
    List<String> command =
        List.of(bench.options().ckit().toString(), "--images", root.toString(), "pull", "--quiet", "--tls-verify", "false", reference);
    return contender(CKIT, command, () -> Workspace.deleteTree(root));
  }

  private Contender umoci(String reference) throws IOException {
    Path directory = bench.workspace().directory("umoci");
    String script =
        "skopeo copy --quiet --src-tls-verify=false docker://%1$s oci:%2$s/layout:1 && umoci unpack --image %2$s/layout:1 %2$s/bundle"
            .formatted(reference, directory);
    return contender("skopeo + umoci", List.of("/bin/sh", "-c", script), () -> {
      Workspace.deleteTree(directory.resolve("layout"));
      Workspace.deleteTree(directory.resolve("bundle"));
    });
  }

  /// The directory of its run-time state has a short name: it refuses one of more than 50 characters.
  private Contender podman(String reference) throws IOException {
    List<String> podman =
        List.of(
            Machine.find("podman").toString(), "--root", bench.workspace().directory("podman").toString(),
            "--runroot", bench.workspace().directory("pod").toString(), "--storage-driver", "overlay");
    return contender(
        "podman pull",
        with(podman, "pull", "--quiet", "--tls-verify=false", reference),
        () -> Shell.run(with(podman, "rmi", "--force", reference).toArray(String[]::new)));
  }

  /// The work is done by the daemon, whose needs are added.
  private Contender ctr(Containerd containerd, String reference) {
    List<Usage> client = new ArrayList<>();
    return new Contender("ctr images pull", () -> {
      long before = containerd.daemon().processorTime();
      Iteration iteration = starter.run(containerd.pull(reference), client::add);
      Usage used = client.getLast();
      long daemon = containerd.daemon().processorTime() - before;
      note("ctr images pull", new Usage(used.processorTime() + daemon, used.memory() + containerd.daemon().peakMemory()));
      containerd.remove(reference);
      return iteration;
    });
  }

  /// What makes the next pull start with nothing.
  private interface CleanUp {
    void run() throws IOException;
  }

  private Contender contender(String name, List<String> command, CleanUp cleanUp) {
    return new Contender(name, () -> {
      Iteration iteration = starter.run(command, used -> note(name, used));
      cleanUp.run();
      return iteration;
    });
  }

  private void note(String contender, Usage used) {
    usages.computeIfAbsent(contender, _ -> new ArrayList<>()).add(used);
  }

  /// The second pull of an image that has not changed, by a program that runs already.
  private void again(PullImage image) throws InterruptedException, IOException {
    Path root = scratch.resolve("again");
    ImageReference reference = ImageReference.of(image.reference(registry));
    List<Long> times = new ArrayList<>();
    try (Images images = Images.builder().root(root).registries(RegistryConfig.NONE.withInsecure(registry.host())).open()) {
      images.pull(reference);
      for (int i = 0; i < AGAIN_ROUNDS; i++) {
        long begin = System.nanoTime();
        images.pull(reference);
        times.add(System.nanoTime() - begin);
      }
    }
    Workspace.deleteTree(root);
    bench.promise(new Target("second pull, median", Samples.of(times).median() / 1e6, AGAIN_LIMIT_MILLIS, "ms"));
  }

  private static List<String> with(List<String> command, String... words) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(words));
    return all;
  }

  private static String seconds(double nanos) {
    return number("%.2f", nanos / 1e9);
  }

  private static String number(String format, double number) {
    return String.format(Locale.ROOT, format, number);
  }
}
