package io.containerkit.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Says what the numbers were measured on, and finds what is installed there.
final class Machine {

  private Machine() {}

  /// Returns one line on the processor, the kernel, the JDK and the runtimes.
  static String describe(List<String> runtimes) throws IOException {
    List<String> parts = new ArrayList<>(List.of(
        "%d × %s".formatted(Runtime.getRuntime().availableProcessors(), field(Path.of("/proc/cpuinfo"), "model name")),
        "Linux " + System.getProperty("os.version"),
        "JDK " + Runtime.version()));
    for (String runtime : runtimes) {
      parts.add(Shell.run(find(runtime).toString(), "--version").lines().findFirst().orElse(runtime).replace(" version", ""));
    }
    parts.add("load " + ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    return String.join(", ", parts);
  }

  /// Returns the value in the first line `NAME: VALUE` of a file in /proc.
  static String field(Path file, String name) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElseThrow(() -> new BenchException("no %s in %s".formatted(name, file)));
  }

  static boolean has(String program) {
    return candidates(program).stream().anyMatch(Files::isExecutable);
  }

  /// Finds a program on PATH, or takes the path that it is.
  static Path find(String program) {
    return candidates(program).stream()
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new BenchException("%s is not installed: no such program on PATH".formatted(program)));
  }

  private static List<Path> candidates(String program) {
    if (program.contains("/")) {
      return List.of(Path.of(program).toAbsolutePath());
    }
    String path = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    return Arrays.stream(path.split(":", -1)).map(directory -> Path.of(directory, program)).toList();
  }
}
