package io.containerkit.cli;

import io.containerkit.linux.EventLoop;
import io.containerkit.spec.ContainerException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// The command `ckit`.
///
/// On the way of a cold `run` no class is loaded that this run does not need: see docs/decisions/0003-command-line.md.
public final class Main {

  /// The exit code of every failure of ckit's own, as podman and docker have it.
  static final int FAILED = 125;

  /// The exit code of a shell for a command that SIGINT ended.
  private static final int INTERRUPTED = 130;

  private Main() {}

  /// Runs one command and exits with its code.
  ///
  /// @param words the command line
  public static void main(String[] words) {
    // To link the first system call takes as long as to read the command line, so the one is done beside the other.
    Thread.ofPlatform().daemon().name("ckit-warm-up").start(EventLoop::shared);
    int code = run(new Session(utf8(FileDescriptor.out), utf8(FileDescriptor.err)), words);
    // Everything is closed, and there are no shutdown hooks to be run: System.exit would look for loggers to tell of the exit, and the
    // JVM wait for the loop.
    EventLoop.leaveKernel();
    Runtime.getRuntime().halt(code);
  }

  /// UTF-8 in every locale: in the C locale `System.out` would print question marks for what is not ASCII.
  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new BufferedOutputStream(new FileOutputStream(descriptor)), false, StandardCharsets.UTF_8);
  }

  /// Runs one command.
  ///
  /// @return its exit code
  static int run(Session session, String... words) {
    try (session) {
      Invocation invocation = Invocation.read(words);
      session.flags(invocation.flags());
      int code = invocation.command().run(session);
      session.finish();
      return code;
    } catch (UsageException e) {
      session.complain(String.valueOf(e.getMessage()));
      return FAILED;
    } catch (ContainerException e) {
      session.complain(e);
      return Session.exitCode(e);
    } catch (InterruptedException e) {
      session.complain("interrupted");
      return INTERRUPTED;
    } catch (RuntimeException | Error e) {
      session.complainOfDefect(e);
      return FAILED;
    }
  }
}
