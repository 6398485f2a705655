package io.containerkit.runtime;

import io.containerkit.linux.PidFd;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A process that a command started.
///
/// @param pidFd null if it had ended and was reaped before it could be held
/// @param innerPid its pid inside of a sandbox
record Held(int pid, @Nullable PidFd pidFd, OptionalInt innerPid) {}
