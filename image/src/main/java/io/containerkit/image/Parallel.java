package io.containerkit.image;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// Does one thing for each of several, some at once, on virtual threads. The first failure interrupts the rest.
final class Parallel {

  /// What is done.
  interface Task<T> {
    void run(T item) throws Exception;
  }

  private Parallel() {}

  /// Returns when all are done.
  ///
  /// @param most how many are done at once
  /// @throws ExecutionException with the first failure; by then no task is running
  static <T> void forEach(List<T> items, int most, Task<T> task) throws InterruptedException, ExecutionException {
    var permits = new Semaphore(most);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var done = new ExecutorCompletionService<Void>(threads);
      try {
        for (var item : items) {
          var _ = done.submit(bounded(permits, task, item));
        }
        for (var left = items.size(); left > 0; left--) {
          var _ = done.take().get();
        }
      } catch (InterruptedException | ExecutionException e) {
        threads.shutdownNow();
        throw e;
      }
    }
  }

  private static <T> Callable<Void> bounded(Semaphore permits, Task<T> task, T item) {
    return () -> {
      permits.acquire();
      try {
        task.run(item);
        return null;
      } finally {
        permits.release();
      }
    };
  }
}
