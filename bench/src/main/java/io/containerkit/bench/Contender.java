package io.containerkit.bench;

/// One way of doing what is compared.
///
/// @param name what the table calls it
/// @param work does it once and tells how long that took
record Contender(String name, Work work) {

  @FunctionalInterface
  interface Work {
    Iteration once() throws Exception;
  }
}
