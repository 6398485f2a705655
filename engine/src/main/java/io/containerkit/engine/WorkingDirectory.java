package io.containerkit.engine;

import io.containerkit.linux.Fd;
import io.containerkit.linux.FileAt;
import io.containerkit.linux.Openat2;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.KernelException;
import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the process of an image's container starts. The runtime goes there when it has directories of the host open, so a path that leads
/// to its descriptors leads out of the container (CVE-2024-21626): as it stands, or by links of the image.
final class WorkingDirectory {

  private static final List<ContainerPath> DESCRIPTORS = List.of(ContainerPath.of("/proc"), ContainerPath.of("/dev/fd"));

  private WorkingDirectory() {}

  /// Makes the directory if it is missing, and looks where it is.
  ///
  /// @param root the root as it is seen here, before anything is mounted in it
  /// @return the specification with the directory by a path without `..`, so that it means to the runtime what it means here
  /// @throws ImageException of kind `INVALID_CONFIG` if it is no directory, or none that a process may start in
  static Spec prepared(Path root, Spec spec) {
    ProcessSpec process = spec.process();
    if (process == null) {
      return spec;
    }
    ContainerPath wanted = ContainerPath.of(process.cwd());
    refuseDescriptors(wanted, wanted);
    if (!isMounted(wanted, spec)) {
      try (RootDirectories directories = new RootDirectories(root)) {
        directories.make(wanted.toString()).close();
      }
      refuseDescriptors(wanted, resolved(root, wanted));
    }
    return spec.toBuilder().process(process.toBuilder().cwd(wanted.toString()).build()).build();
  }

  /// Whether what will be there is not the image's. A volume is filled with what the image has.
  private static boolean isMounted(ContainerPath place, Spec spec) {
    return spec.mounts().stream().anyMatch(mount -> !mount.type().equals(VolumeMounts.TYPE) && place.isWithin(ContainerPath.of(mount.destination())));
  }

  /// The same place without links.
  private static ContainerPath resolved(Path root, ContainerPath wanted) {
    try (Fd top = FileAt.openDirectory(root);
        Fd place = Openat2.openPath(top, Path.of(wanted.toString()))) {
      Path above = Files.readSymbolicLink(top.path());
      Path below = Files.readSymbolicLink(place.path());
      if (!below.startsWith(above)) {
        throw refused(wanted, "is not in the root", null);
      }
      return ContainerPath.of(above.relativize(below).toString());
    } catch (KernelException e) {
      throw refused(wanted, "cannot be opened: " + e.getMessage(), e);
    } catch (IOException e) {
      throw refused(wanted, "cannot be found again: " + e.getMessage(), e);
    }
  }

  private static void refuseDescriptors(ContainerPath wanted, ContainerPath place) {
    if (DESCRIPTORS.stream().anyMatch(place::isWithin)) {
      throw refused(wanted, place.equals(wanted) ? "lies where descriptors of the host can be" : "leads to " + place + ", where descriptors of the host can be", null);
    }
  }

  private static ImageException refused(ContainerPath wanted, String why, @Nullable Throwable cause) {
    return new ImageException(ErrorKind.INVALID_CONFIG, wanted.toString(), "the working directory \"" + wanted + "\" " + why, cause);
  }
}
