package io.containerkit.runtime;

import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import java.io.IOException;

/// Makes a failure with a kind of one that the JDK tells.
final class IoFailure {

  private IoFailure() {}

  /// @param subject what it was about, such as a file
  /// @param what what could not be done, on what
  static EngineException of(Object subject, String what, IOException cause) {
    return new EngineException(ErrorKind.IO, subject.toString(), what + ": " + cause, cause);
  }
}
