package io.containerkit.spec;
import java.util.List;
final class SpecValidator {
  private SpecValidator() {}
  static List<Problem> validate(Spec spec) {
    return List.of();
  }
}
