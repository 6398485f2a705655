package io.containerkit.runtime;

/// What a runtime says of itself.
///
/// @param name its own name, such as `runc`
/// @param version its version
/// @param text all that it prints for `--version`
public record RuntimeVersion(String name, String version, String text) {}
