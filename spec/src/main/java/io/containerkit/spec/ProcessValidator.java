package io.containerkit.spec;
final class ProcessValidator {
  private ProcessValidator() {}
  static void validate(ProcessSpec process, Problems problems) {}
}
