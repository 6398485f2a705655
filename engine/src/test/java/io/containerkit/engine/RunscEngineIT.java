package io.containerkit.engine;

class RunscEngineIT extends EngineSuite {

  @Override
  String runtime() {
    return "runsc";
  }
}
