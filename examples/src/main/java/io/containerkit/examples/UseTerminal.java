package io.containerkit.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.containerkit.engine.Container;
import io.containerkit.engine.ContainerKit;
import io.containerkit.engine.Rootfs;
import io.containerkit.linux.Terminal;
import io.containerkit.runtime.Stdio;
import java.io.BufferedReader;
import java.io.InputStreamReader;

/// Gives a command a terminal of its own, types into it and changes the size of its window.
final class UseTerminal {

  static void main() throws Exception {
    try (ContainerKit kit = ContainerKit.open();
        Container shell =
            kit.container()
                .rootfs(Rootfs.host())
                .command("sh", "-c", "stty -echo; test -t 0 && echo a terminal; stty size; read line; stty size")
                .stdio(Stdio.terminal(new Terminal.Size(80, 24)))
                .run()) {
      BufferedReader screen = new BufferedReader(new InputStreamReader(shell.stdout(), UTF_8));
      IO.println(screen.readLine());
      IO.println(screen.readLine()); // rows and columns
      shell.terminal().orElseThrow().resize(new Terminal.Size(132, 43));
      shell.stdin().write("\n".getBytes(UTF_8));
      IO.println(screen.readLine());
    }
  }
}
