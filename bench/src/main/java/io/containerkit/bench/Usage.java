package io.containerkit.bench;

/// What a contender took besides time.
///
/// @param processorTime in nanoseconds
/// @param memory the largest resident memory of a process, in bytes
record Usage(long processorTime, long memory) {}
