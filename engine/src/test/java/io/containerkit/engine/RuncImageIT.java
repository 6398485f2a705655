package io.containerkit.engine;

class RuncImageIT extends ImageSuite {

  @Override
  String runtime() {
    return "runc";
  }
}
