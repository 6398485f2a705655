package io.containerkit.engine;

import io.containerkit.image.Image;
import io.containerkit.image.ImageReference;
import io.containerkit.image.Images;
import io.containerkit.image.Lease;
import io.containerkit.image.PullOptions;
import io.containerkit.image.PullPolicy;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.util.Optional;

/// Which image a container is made of, and how it is had.
///
/// @param text what its user calls it
/// @param found the image itself, if that was given
record ImageChoice(String text, Optional<Image> found, PullOptions options) {

  private static final PullOptions IF_MISSING = PullOptions.defaults().withPolicy(PullPolicy.MISSING);

  static ImageChoice of(String text) {
    return new ImageChoice(text, Optional.empty(), IF_MISSING);
  }

  static ImageChoice of(Image image) {
    return new ImageChoice(image.name(), Optional.of(image), IF_MISSING);
  }

  ImageChoice with(PullOptions how) {
    return new ImageChoice(text, found, how);
  }

  /// An image with all its layers unpacked, which nobody removes before this is closed.
  record Held(Images images, Image image, Lease lease) implements AutoCloseable {
    @Override
    public void close() {
      lease.close();
    }
  }

  /// Has the image here and unpacked.
  ///
  /// @param id the container that it is for
  Held have(String id, Images images) {
    Lease lease = images.store().lease();
    try {
      Image image = image(images, lease);
      lease.keep(image.target().digest());
      lease.keep(image.descriptor().digest());
      return new Held(images, image, lease);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      lease.close();
      throw new EngineException(ErrorKind.CANCELLED, id, "container \"" + id + "\": interrupted while image " + text + " was pulled", e);
    } catch (Throwable failure) {
      Closing.suppressing(failure, lease::close);
      throw failure;
    }
  }

  private Image image(Images images, Lease lease) throws InterruptedException {
    Optional<Image> here = found.isPresent() ? found : withoutReference(images);
    if (here.isEmpty()) {
      return images.pull(ImageReference.of(text), options);
    }
    Image image = here.get();
    images.snapshots().unpack(lease, image.manifest(), image.config(), (blob, _) -> {
      throw new ImageException(
          ErrorKind.NOT_FOUND, text, "image " + text + " is not whole: " + blob.digest() + " is not here; pull or load it again", null);
    });
    return image;
  }

  /// An image that is here and that no registry can be asked for: it is called by its ID, or by a name that is no reference.
  private Optional<Image> withoutReference(Images images) {
    boolean asks = options.policy() == PullPolicy.ALWAYS || options.policy() == PullPolicy.NEWER;
    return asks || options.platform().isPresent() ? Optional.empty() : images.find(text).filter(image -> !image.name().equals(reference()));
  }

  private String reference() {
    try {
      return ImageReference.of(text).toString();
    } catch (ImageException notReference) {
      return "";
    }
  }
}
