package io.containerkit.spec;

import java.time.Instant;
import java.util.Optional;

/// One entry of a runtime's JSON log.
///
/// @param level `error`, `warning`, `info` or `debug`, as the runtime wrote it
/// @param message the text
/// @param time when, if the entry said so
public record LogEntry(String level, String message, Optional<Instant> time) {}
