package io.containerkit.engine;

class CrunEngineIT extends EngineSuite {

  @Override
  String runtime() {
    return "crun";
  }
}
