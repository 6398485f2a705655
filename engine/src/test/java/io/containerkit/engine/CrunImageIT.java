package io.containerkit.engine;

class CrunImageIT extends ImageSuite {

  @Override
  String runtime() {
    return "crun";
  }
}
