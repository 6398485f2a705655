package io.containerkit.linux;

/// What an [EventLoop] holds for one descriptor that it watches.
abstract class Watch {

  final EventLoop loop;
  final Fd fd;
  /// Identifies the watch to the kernel. Never used twice, so a late event of a closed descriptor meets no other one.
  final long token;

  Watch(EventLoop loop, Fd fd) {
    this.loop = loop;
    this.fd = fd;
    this.token = loop.nextToken();
  }

  /// Takes an event, on the loop's thread. Must not block.
  abstract void ready(int events);

  /// Learns that the descriptor is being closed while its number is still valid. Wakes everyone who waits.
  abstract void closed();

  /// Learns that [#ready] threw. Wakes everyone who waits.
  abstract void failed(RuntimeException failure);
}
