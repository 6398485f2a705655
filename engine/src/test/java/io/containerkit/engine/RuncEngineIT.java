package io.containerkit.engine;

class RuncEngineIT extends EngineSuite {

  @Override
  String runtime() {
    return "runc";
  }
}
