package io.containerkit.engine;

import io.containerkit.image.ConfigChanges;
import io.containerkit.image.Descriptor;
import io.containerkit.image.Image;
import io.containerkit.image.ImageBuilder;
import io.containerkit.image.ImageConfig.Defaults;
import io.containerkit.image.ImageReference;
import io.containerkit.image.Images;
import io.containerkit.image.LayerChange;
import io.containerkit.image.LayerChanges;
import io.containerkit.image.LayerSource;
import io.containerkit.image.Lease;
import io.containerkit.linux.Fd;
import io.containerkit.linux.MountNamespace;
import io.containerkit.linux.Mounts;
import io.containerkit.linux.Overlay;
import io.containerkit.runtime.OciRuntime;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.Mount;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a container has changed, whatever the container is doing and whoever made it (docs/decisions/0007).
record WritableLayer(Images images, OciRuntime runtime, Bundle bundle, ContainerImage image) {

  static WritableLayer of(Images images, OciRuntime runtime, Bundle bundle) {
    return new WritableLayer(images, runtime, bundle, bundle.image().orElseThrow(() -> withoutImage(bundle.id())));
  }

  private static EngineException withoutImage(String id) {
    return new EngineException(
        ErrorKind.UNSUPPORTED, id, "what container \"" + id + "\" has changed cannot be told: it is not made of an image", null);
  }

  List<LayerChange> changes() throws InterruptedException {
    if (image.copied()) {
      try (UnchangedCopy before = UnchangedCopy.of(images, bundle.id(), image)) {
        return LayerChanges.ofCopy(image.files(), before.directory(), mountedOn());
      }
    }
    try (Lease lease = images.store().lease()) {
      List<Path> lower = images.snapshots().lower(lease, image.config().diffIds());
      if (lower.size() == 1) {
        return LayerChanges.of(image.files(), lower.getFirst(), mountedOn());
      }
      try (Fd below = together(lower)) {
        return LayerChanges.of(image.files(), below.path(), mountedOn());
      }
    }
  }

  /// Writes all files of the container's root, without what is mounted in it.
  void export(OutputStream out) throws InterruptedException, IOException {
    if (image.copied()) {
      try (Freeze _ = Freeze.of(runtime, bundle.id(), true)) {
        LayerSource.of(image.files()).writeTo(out);
      }
      return;
    }
    try (Lease lease = images.store().lease()) {
      List<Path> layers = new ArrayList<>(images.snapshots().lower(lease, image.config().diffIds()));
      layers.addFirst(image.files());
      try (Freeze _ = Freeze.of(runtime, bundle.id(), true);
          Fd whole = together(layers)) {
        LayerSource.of(whole.path()).writeTo(out);
      }
    }
  }

  /// Lays layers over each other. The descriptor leads to the mount from outside of its namespace, too, and keeps it.
  private Fd together(List<Path> layers) {
    Path place = Storage.place(image.files());
    try (MountNamespace namespace = MountNamespace.copyOfHost()) {
      return namespace.call(
          () -> {
            Mounts.overlay(Overlay.readOnly(layers), place);
            return Fd.openPath(place);
          });
    }
  }

  private Set<String> mountedOn() {
    Set<String> places = new HashSet<>();
    for (Mount mount : bundle.spec().mounts()) {
      places.add(ContainerPath.of(mount.destination()).toString());
    }
    return places;
  }

  Image commit(CommitOptions options) throws InterruptedException {
    Defaults told = image.config().defaults();
    Defaults defaults = ConfigChanges.apply(told, options.changes());
    try (Lease lease = images.store().lease()) {
      ImageBuilder builder =
          ImageBuilder.from(lease, image.manifest(), image.config().platform())
              .created(Instant.now().truncatedTo(ChronoUnit.SECONDS))
              .comment(options.comment())
              .defaults(_ -> defaults);
      if (!options.author().isEmpty()) {
        builder.author(options.author());
      }
      Descriptor made = withChanges(builder, createdBy(told), options.pause());
      String name = options.name().map(ImageReference::toString).orElseGet(() -> made.digest().toString());
      lease.tag(name, made);
      return images.get(name);
    }
  }

  private Descriptor withChanges(ImageBuilder builder, String createdBy, boolean pause) throws InterruptedException {
    if (!image.copied()) {
      try (Freeze _ = Freeze.of(runtime, bundle.id(), pause)) {
        return builder.layer(LayerSource.ofUpper(image.files()), createdBy).build();
      }
    }
    try (UnchangedCopy before = UnchangedCopy.of(images, bundle.id(), image);
        Freeze _ = Freeze.of(runtime, bundle.id(), pause)) {
      return builder.layer(LayerSource.ofCopy(image.files(), before.directory()), createdBy).build();
    }
  }

  /// The history shows what the container has run.
  private static String createdBy(Defaults told) {
    return String.join(" ", Inheritance.arguments(told, Choices.NONE));
  }
}
