package io.containerkit.engine;

class RuncVolumeIT extends VolumeSuite {

  @Override
  String runtime() {
    return "runc";
  }
}
