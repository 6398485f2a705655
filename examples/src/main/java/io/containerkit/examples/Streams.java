package io.containerkit.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.containerkit.engine.Container;
import io.containerkit.engine.ContainerKit;
import io.containerkit.engine.Rootfs;
import io.containerkit.runtime.Stdio;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes to a command and reads from it as it runs; then has one write to a file with no stream in between.
final class Streams {

  static void main() throws Exception {
    try (ContainerKit kit = ContainerKit.open()) {
      try (Container sort = kit.container().rootfs(Rootfs.host()).command("sort").run()) {
        try (PrintStream in = new PrintStream(sort.stdin(), true, UTF_8)) {
          in.println("pear");
          in.println("apple");
        } // the end of its input: only now it can sort
        sort.stdout().transferTo(System.out);
      }

      Path log = Files.createTempFile("streams", ".log");
      Stdio.Stream file = new Stdio.Stream.File(log, true);
      Stdio toFile = Stdio.of(new Stdio.Stream.Null(), file, file);
      try (Container both = kit.container().rootfs(Rootfs.host()).command("sh", "-c", "echo out; echo err >&2").stdio(toFile).run()) {
        both.waitFor();
      }
      IO.print(Files.readString(log));
      Files.delete(log);
    }
  }
}
