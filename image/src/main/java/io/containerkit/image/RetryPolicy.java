package io.containerkit.image;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// How often and after which pauses a request is made again when a registry is busy, failing or out of reach.
///
/// @param attempts how often a request is made at most
/// @param firstDelay the pause after the first failure; each further one is twice as long
/// @param longestDelay the longest pause of our own choice
/// @param longestWait the longest pause that a registry may ask for (`Retry-After`); a longer one is a failure at once
public record RetryPolicy(int attempts, Duration firstDelay, Duration longestDelay, Duration longestWait) {

  /// Five attempts, from 250 ms up to 10 s apart; two minutes where the registry asks for it.
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(5, Duration.ofMillis(250), Duration.ofSeconds(10), Duration.ofMinutes(2));

  public RetryPolicy {
    if (attempts < 1 || firstDelay.isNegative() || longestDelay.isNegative() || longestWait.isNegative()) {
      throw new IllegalArgumentException("attempts below 1 or a negative pause: " + attempts + ", " + firstDelay);
    }
  }

  /// The pause after the failure number `failures`, from 1: at random between half of the pause and all of it, so that many
  /// clients do not come back at the same moment.
  Duration delay(int failures) {
    var doubled = firstDelay.multipliedBy(1L << Math.min(failures - 1, 30));
    var longest = Math.min(doubled.toMillis(), longestDelay.toMillis());
    return Duration.ofMillis(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
  }
}
