package io.containerkit.engine;

/// Something that a container was to have, and has otherwise because this host does not allow it. What a container has is never changed
/// without one of these.
///
/// @param pointer its place in the specification, as a JSON pointer, such as `/process/rlimits/0`; of an execution, in its process, such as `/rlimits/0`
/// @param what its name, such as `RLIMIT_NOFILE`
/// @param wanted what was asked for
/// @param given what the container has instead
/// @param reason why
public record Adjustment(String pointer, String what, String wanted, String given, String reason) {

  /// One line for people.
  public String message() {
    return what + " is " + given + " and not " + wanted + ": " + reason;
  }
}
