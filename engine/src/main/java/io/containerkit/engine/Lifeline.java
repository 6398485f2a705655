package io.containerkit.engine;

import io.containerkit.linux.Child;
import io.containerkit.linux.Fd;
import io.containerkit.linux.MountNamespace;
import io.containerkit.linux.Pipe;
import io.containerkit.linux.Spawn;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A small process that outlives this one to remove its containers: a shell blocked on a pipe whose other end only this JVM holds. It
/// sees the end of the pipe when the JVM ends in any way, SIGKILL included, and then removes every container that carries the token.
///
/// Owned by its [ContainerKit]. Closing it lets go of the pipe, and the shell looks for what is left; when it was told that nothing is,
/// it just ends.
final class Lifeline implements AutoCloseable {

  private static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C");

  private static final byte[] DONE = "done\n".getBytes(StandardCharsets.US_ASCII);

  private final Fd pipe;

  private Lifeline(Fd pipe) {
    this.pipe = pipe;
  }

  /// Starts the process, before the first container exists.
  ///
  /// @param namespace where the runtime's commands see what they need to see
  static Lifeline start(Path state, String token, MountNamespace namespace) {
    try (Pipe pipe = Pipe.open()) {
      namespace.call(() -> command(state, token).descriptor(0, pipe.readEnd()).start());
      return new Lifeline(pipe.writeEnd().duplicate());
    }
  }

  /// Removes what a dead owner left, as its lifeline would have, had it not died too.
  static Child recover(Path state, String token, MountNamespace namespace, Fd errors) {
    return namespace.call(() -> command(state, token).descriptor(2, errors).start());
  }

  /// Tells the shell that there is nothing left to remove.
  void done() {
    pipe.write(DONE, 0, DONE.length);
  }

  /// Lets the shell go.
  @Override
  public void close() {
    pipe.close();
  }

  private static Spawn command(Path state, String token) {
    return Spawn.of(List.of("/bin/sh", "-c", LifelineScript.TEXT, "containerkit-lifeline", token, state.toString()))
        .environment(ENVIRONMENT)
        .directory(Path.of("/"))
        .newSession();
  }
}
