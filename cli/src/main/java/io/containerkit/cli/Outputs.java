package io.containerkit.cli;

import io.containerkit.linux.EventLoop;
import io.containerkit.linux.Fd;
import io.containerkit.linux.FdOutputStream;
import io.containerkit.linux.Terminal;
import io.containerkit.runtime.Stdio;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where a process without a terminal prints to: ckit's standard output and error.
///
/// Standard output is handed over where that can be. Standard error passes through ckit, for until there is a process, the runtime
/// writes its own complaint there, and ckit tells it in its own words. A terminal is never handed over: the container could read from
/// it what is typed. Where both are one file they share a pipe, so that their order stays.
///
/// @param relayed whether standard output passes through ckit
/// @param merged whether standard error goes the way of standard output
record Outputs(boolean relayed, boolean merged) {

  private static final int BUFFER = 64 * 1024;

  /// Looks at what ckit itself was given.
  static Outputs own() {
    String stdout = file(1);
    boolean merged = !stdout.isEmpty() && stdout.equals(file(2));
    return new Outputs(merged || Terminal.isTerminal(Fd.borrow(1)), merged);
  }

  /// What a descriptor of ckit's refers to; empty if it was not given one.
  private static String file(int number) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(number))).toString();
    } catch (IOException closed) {
      return "";
    }
  }

  /// The streams of a process that reads from `input`.
  Stdio stdio(Stdio.Stream input) {
    return Stdio.of(
        input,
        relayed ? new Stdio.Stream.Pipe() : new Stdio.Stream.Inherit(),
        merged ? new Stdio.Stream.Merged() : new Stdio.Stream.Pipe());
  }

  /// Starts to pass on what a process prints.
  ///
  /// @return what ends when all of it is passed on, which is some time after the end of the process
  List<Thread> relay(Attached process) {
    List<Thread> relays = new ArrayList<>();
    if (relayed) {
      relays.add(relay("ckit-output", process.stdout(), 1));
    }
    if (!merged) {
      relays.add(relay("ckit-errors", process.stderr(), 2));
    }
    return relays;
  }

  private static Thread relay(String name, InputStream from, int number) {
    Thread thread = new Thread(() -> copy(from, new FdOutputStream(Fd.borrow(number), EventLoop.shared())), name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void copy(InputStream from, OutputStream to) {
    byte[] buffer = new byte[BUFFER];
    try (from) {
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        to.write(buffer, 0, count);
      }
    } catch (IOException unread) {
      // Nobody reads any more. The pipe is closed now, and the process finds that when it prints.
      return;
    }
  }
}
