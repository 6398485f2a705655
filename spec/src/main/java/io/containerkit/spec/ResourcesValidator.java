package io.containerkit.spec;
final class ResourcesValidator {
  private ResourcesValidator() {}
  static void validate(LinuxResources resources, Problems problems) {}
}
