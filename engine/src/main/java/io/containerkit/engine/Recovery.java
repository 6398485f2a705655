package io.containerkit.engine;

import io.containerkit.linux.Child;
import io.containerkit.linux.EventLoop;
import io.containerkit.linux.FdInputStream;
import io.containerkit.linux.MountNamespace;
import io.containerkit.linux.Pipe;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Removes what owners left that died together with their lifeline: after a power cut, or when a whole cgroup was killed.
final class Recovery {

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofMillis(20);

  private Recovery() {}

  /// Recovers every dead owner that no lifeline takes care of.
  static void run(StateDirectory state, RuntimeAccess access) {
    for (Token dead : deadOwners(state)) {
      if (!hasLifeline(dead)) {
        recover(state, access, dead);
      }
    }
  }

  /// Takes an id. Where its last owner is dead, what that left is removed first.
  static Path reserve(StateDirectory state, RuntimeAccess access, String id) {
    try {
      return state.reserve(id);
    } catch (EngineException taken) {
      if (taken.kind() != ErrorKind.ALREADY_EXISTS) {
        throw taken;
      }
      Optional<Token> owner = state.owner(id).flatMap(Token::parse);
      if (owner.isPresent() && !owner.get().isAlive()) {
        awaitLifeline(owner.get());
        recover(state, access, owner.get());
      } else if (Files.exists(state.container(id))) {
        throw taken;
      }
      return state.reserve(id); // or else it went just now
    }
  }

  private static Set<Token> deadOwners(StateDirectory state) {
    Set<Token> dead = new HashSet<>();
    for (String owner : state.owners()) {
      Token.parse(owner).filter(token -> !token.isAlive()).ifPresent(dead::add);
    }
    return dead;
  }

  private static void recover(StateDirectory state, RuntimeAccess access, Token dead) {
    try (Pipe errors = Pipe.open();
        MountNamespace namespace = access.namespace()) {
      Child shell = Lifeline.recover(state.root(), dead.toString(), namespace, errors.writeEnd());
      errors.writeEnd().close();
      try (FdInputStream in = new FdInputStream(errors.readEnd(), EventLoop.shared())) {
        String said = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        if (shell.waitFor(DEADLINE).isEmpty() || !said.isEmpty()) {
          throw new EngineException(
              ErrorKind.BUSY, dead.toString(), "cannot remove what a killed process left in " + state.containers() + ": " + said, null);
        }
      }
    } catch (IOException e) {
      throw StateDirectory.failure(dead.toString(), "cannot recover " + state.containers(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(
          ErrorKind.CANCELLED, dead.toString(), "interrupted while removing what a killed process left in " + state.containers(), e);
    }
  }

  private static void awaitLifeline(Token dead) {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (hasLifeline(dead) && System.nanoTime() < deadline) {
      try {
        // The lifeline is no child of this process, so there is nothing to wait for but its end.
        Thread.sleep(PATIENCE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /// Whether a lifeline still has the token among its arguments.
  private static boolean hasLifeline(Token token) {
    String argument = "\0containerkit-lifeline\0" + token + "\0";
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (commandLine(process).contains(argument)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw StateDirectory.failure(token.toString(), "cannot list /proc", e);
    }
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      // It ended since it was listed.
      return "";
    }
  }
}
