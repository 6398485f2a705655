package io.containerkit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.linux.Fd;
import io.containerkit.spec.KernelException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Leaves this JVM only so many descriptors, until it is closed.
final class ScarceDescriptors implements AutoCloseable {

  private static final int ROOM = 60;

  private final String before;
  private final List<Fd> taken = new ArrayList<>();

  private ScarceDescriptors() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/limits"))) {
      String[] limit = lines.filter(line -> line.startsWith("Max open files")).findFirst().orElseThrow().split(" {2,}", -1);
      before = limit[1] + ":" + limit[2];
    }
    int highest =
        Arrays.stream(Objects.requireNonNull(new File("/proc/self/fd").list())).mapToInt(Integer::parseInt).max().orElseThrow();
    limit((highest + ROOM) + ":" + before.substring(before.indexOf(':') + 1));
  }

  /// Has no more than these left.
  static ScarceDescriptors leaving(int count) throws IOException {
    ScarceDescriptors scarce = new ScarceDescriptors();
    try {
      while (true) {
        scarce.taken.add(Fd.openNull());
      }
    } catch (KernelException full) {
      assertThat(full.errnoName()).isEqualTo("EMFILE");
    }
    for (int i = 0; i < count; i++) {
      scarce.taken.removeLast().close();
    }
    return scarce;
  }

  /// Loads all classes of containerkit: one that cannot be read from its file the first time is missing for ever.
  static void loadClasses() throws Exception {
    for (Class<?> module : List.of(OciRuntime.class, Fd.class, KernelException.class)) {
      Path classes = directory(module);
      try (Stream<Path> files = Files.walk(classes)) {
        for (Path file : files.map(classes::relativize).filter(name -> name.toString().endsWith(".class")).toList()) {
          String name = file.toString().replace('/', '.').replaceFirst("\\.class$", "");
          if (!name.endsWith("-info")) {
            Class.forName(name, false, module.getClassLoader());
          }
        }
      }
    }
  }

  private static Path directory(Class<?> of) throws URISyntaxException {
    return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static void limit(String softAndHard) throws IOException {
    String pid = Long.toString(ProcessHandle.current().pid());
    try {
      int status = new ProcessBuilder("prlimit", "--pid", pid, "--nofile=" + softAndHard).inheritIO().start().waitFor();
      assertThat(status).isZero();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    taken.forEach(Fd::close);
    try {
      limit(before);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
