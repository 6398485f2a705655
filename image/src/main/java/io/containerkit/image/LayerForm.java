package io.containerkit.image;

/// How an unpacked layer says that it hides what is below it.
enum LayerForm {
  /// As overlay does it: a character device 0:0 hides a name, the attribute `trusted.overlay.opaque` all of a directory.
  OVERLAY,
  /// As the archive does it, by files `.wh.NAME` and `.wh..wh..opq`: where devices and trusted attributes cannot be had.
  MARKERS
}
