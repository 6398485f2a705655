package io.containerkit.engine;

class CrunVolumeIT extends VolumeSuite {

  @Override
  String runtime() {
    return "crun";
  }
}
