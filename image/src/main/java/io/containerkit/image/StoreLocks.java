package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Locks by name that exclude both the other threads of this process and other processes. The kernel lets go of a process' locks
/// when it ends, however it ends.
///
/// They are record locks on one file, each on the byte at the hash of its name: nothing has to be made or removed for a lock. POSIX
/// drops *all* locks of a process on a file when it closes *any* descriptor of it, so a process has only one for each file, however
/// often the store is opened, and nothing else may ever open it. Record locks do not exclude the threads of one process; a table does.
///
/// Waiting for another process is by asking again: the blocking call looks for cycles of waiting *processes*, and two pulls that each
/// have one layer and wait for the other's would be told EDEADLK though no thread of theirs waits in a circle.
final class StoreLocks implements AutoCloseable {

  private static final Map<Object, StoreLocks> OPEN = new HashMap<>();
  private static final long FIRST_PAUSE = 1;
  private static final long LONGEST_PAUSE = 20;

  private final Object key;
  private final FileChannel channel;
  private final Map<Long, State> states = new HashMap<>();
  private int users = 1;

  /// Who in this process has a lock, or is getting it.
  private static final class State {
    int readers;
    boolean exclusive;
    int waiting;
    @Nullable FileLock lock;

    boolean allows(boolean shared) {
      return !exclusive && (shared || readers == 0);
    }
  }

  /// A lock that is held, by whoever has this object.
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  private StoreLocks(Object key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  /// @param file made if it does not exist
  static StoreLocks open(Path file) throws IOException {
    synchronized (OPEN) {
      if (!Files.exists(file)) {
        Directories.createFile(file);
      }
      Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      StoreLocks known = OPEN.get(key);
      if (known != null) {
        known.users++;
        return known;
      }
      var locks = new StoreLocks(key, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
      OPEN.put(key, locks);
      return locks;
    }
  }

  /// Waits for a lock that nobody else has then.
  Held exclusive(String name) throws InterruptedException {
    return acquire(position(name), false, Long.MAX_VALUE).orElseThrow();
  }

  /// Waits for a lock that others may have at the same time, if they too share it.
  Held shared(String name) throws InterruptedException {
    return acquire(position(name), true, Long.MAX_VALUE).orElseThrow();
  }

  /// Takes a lock if nobody has it.
  Optional<Held> tryExclusive(String name) {
    try {
      return acquire(position(name), false, 0);
    } catch (InterruptedException e) {
      throw new AssertionError("without waiting nothing is interrupted", e);
    }
  }

  private static long position(String name) {
    byte[] hash = Digest.sha256(name.getBytes(StandardCharsets.UTF_8)).hex().getBytes(StandardCharsets.US_ASCII);
    return Long.parseUnsignedLong(new String(hash, 0, 16, StandardCharsets.US_ASCII), 16) >>> 2;
  }

  private Optional<Held> acquire(long position, boolean shared, long attempts) throws InterruptedException {
    State state = enter(position, shared, attempts > 0);
    if (state == null) {
      return Optional.empty();
    }
    boolean locked = false;
    try {
      locked = state.lock != null || lockFile(state, position, shared, attempts);
    } finally {
      if (shared) {
        settle(position, state, locked);
      } else if (!locked) {
        leave(position, state, false);
      }
    }
    return locked ? Optional.of(once(() -> leave(position, state, shared))) : Optional.empty();
  }

  /// Takes the place of the one thread that deals with the file; a reader that finds the lock held shared needs no more.
  private synchronized @Nullable State enter(long position, boolean shared, boolean wait) throws InterruptedException {
    State state = states.computeIfAbsent(position, _ -> new State());
    state.waiting++;
    try {
      while (!state.allows(shared)) {
        if (!wait) {
          return null;
        }
        wait();
      }
      if (shared && state.readers > 0) {
        state.readers++;
      } else {
        state.exclusive = true;
      }
      return state;
    } finally {
      state.waiting--;
      forgetIfUnused(position, state);
    }
  }

  /// Makes the first reader one of several, or gives its place up.
  private synchronized void settle(long position, State state, boolean locked) {
    if (state.exclusive) {
      state.exclusive = false;
      state.readers += locked ? 1 : 0;
    }
    forgetIfUnused(position, state);
    notifyAll();
  }

  private boolean lockFile(State state, long position, boolean shared, long attempts) throws InterruptedException {
    long pause = FIRST_PAUSE;
    for (long attempt = 0; ; attempt++) {
      try {
        state.lock = channel.tryLock(position, 1, shared);
      } catch (IOException e) {
        throw failure("lock", e);
      }
      if (state.lock != null) {
        return true;
      }
      if (attempt >= attempts) {
        return false;
      }
      Thread.sleep(pause);
      pause = Math.min(LONGEST_PAUSE, pause * 2);
    }
  }

  private synchronized void leave(long position, State state, boolean shared) {
    if (shared) {
      state.readers--;
    } else {
      state.exclusive = false;
    }
    FileLock lock = state.lock;
    if (state.readers == 0 && lock != null) {
      state.lock = null;
      try {
        // Not valid any more if the file was closed meanwhile, which lets go of all its locks.
        if (lock.isValid()) {
          lock.release();
        }
      } catch (IOException e) {
        throw failure("unlock", e);
      }
    }
    forgetIfUnused(position, state);
    notifyAll();
  }

  private void forgetIfUnused(long position, State state) {
    if (state.waiting == 0 && state.readers == 0 && !state.exclusive) {
      states.remove(position, state);
    }
  }

  private ImageException failure(String what, IOException cause) {
    String file = key.toString();
    return new ImageException(ErrorKind.IO, file, "cannot " + what + " the store's file " + file + ": " + cause.getMessage(), cause);
  }

  private static Held once(Runnable release) {
    var done = new AtomicBoolean();
    return () -> {
      if (!done.getAndSet(true)) {
        release.run();
      }
    };
  }

  /// Lets go of the file when the last user in this process does.
  @Override
  public void close() {
    synchronized (OPEN) {
      if (--users > 0) {
        return;
      }
      OPEN.remove(key);
      try {
        channel.close();
      } catch (IOException e) {
        throw failure("close", e);
      }
    }
  }
}
