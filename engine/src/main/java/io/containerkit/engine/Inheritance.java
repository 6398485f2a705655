package io.containerkit.engine;

import io.containerkit.image.ImageConfig.Defaults;
import io.containerkit.linux.Signal;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.Mount;
import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.Spec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a container inherits from its image. Pure.
///
/// An image is input from somebody else: it says what runs in its containers, and nothing about how the engine or the runtime does its
/// work. Its labels in particular never become annotations, by which runtimes are steered.
final class Inheritance {

  /// Where the image-spec ("Conversion to OCI Runtime Configuration") puts the signal that asks a container to stop.
  static final String STOP_SIGNAL = "org.opencontainers.image.stopSignal";

  private static final ContainerPath PROC = ContainerPath.of("/proc");

  private Inheritance() {}

  /// The specification that a container of an image starts from: with the image's environment, working directory and stop signal.
  ///
  /// @throws ImageException of kind `INVALID_CONFIG` if the image asks for what no container can have
  static Spec applied(Spec base, Defaults image) {
    ProcessSpec process = Objects.requireNonNull(base.process(), "the base has no process");
    Spec.Builder to = base.toBuilder();
    to.process(process.toBuilder().env(environment(process.env(), image.env())).cwd(workingDirectory(image.workingDir())).build());
    if (!image.stopSignal().isEmpty()) {
      Map<String, String> annotations = new LinkedHashMap<>(base.annotations());
      annotations.put(STOP_SIGNAL, Integer.toString(signal(image.stopSignal()).number()));
      to.annotations(annotations);
    }
    return to.build();
  }

  /// Adds a volume of the container's own for each `VOLUME` of the image, unless something else is mounted there.
  ///
  /// @param spec with all mounts of the user's
  /// @throws ImageException of kind `INVALID_CONFIG` if one of them cannot be mounted
  static Spec withVolumes(Spec spec, Defaults image) {
    if (image.volumes().isEmpty()) {
      return spec;
    }
    List<Mount> mounts = new ArrayList<>(spec.mounts());
    for (String volume : image.volumes()) {
      ContainerPath place = volume.indexOf('\0') < 0 ? ContainerPath.of(volume) : PROC;
      if (place.parts().isEmpty() || place.isWithin(PROC)) {
        throw refused("Volumes", volume, "is no place for a volume", null);
      }
      add(mounts, place);
    }
    return spec.toBuilder().mounts(mounts).build();
  }

  /// Adds a volume before the first mount below it, which it would hide.
  private static void add(List<Mount> mounts, ContainerPath place) {
    int at = mounts.size();
    for (int i = mounts.size() - 1; i >= 0; i--) {
      ContainerPath other = ContainerPath.of(mounts.get(i).destination());
      if (other.equals(place)) {
        return;
      }
      if (other.isWithin(place)) {
        at = i;
      }
    }
    mounts.add(at, Mount.of(place.toString(), VolumeMounts.TYPE, ""));
  }

  /// What a container runs. As Docker has it, an entry point of one's own also replaces the image's command, which was made for the
  /// image's entry point.
  ///
  /// @return empty if nobody says what to run
  static List<String> arguments(Defaults image, Choices choices) {
    List<String> arguments = new ArrayList<>(entrypoint(image, choices));
    arguments.addAll(command(image, choices));
    return arguments;
  }

  /// What a container of an image was told to be, in the form of an image's configuration: what an image that is made of it says.
  ///
  /// @param spec with all changes, without what a container has of its own such as its host name
  static Defaults effective(Defaults image, Choices choices, Spec spec) {
    ProcessSpec process = Objects.requireNonNull(spec.process(), "the specification has no process");
    Map<String, String> labels = new LinkedHashMap<>(image.labels());
    labels.putAll(choices.labels());
    return new Defaults(
        choices.user() == null ? image.user() : choices.user(),
        image.exposedPorts(),
        process.env(),
        entrypoint(image, choices),
        command(image, choices),
        image.volumes(),
        process.cwd(),
        labels,
        image.stopSignal(),
        image.extra());
  }

  private static List<String> entrypoint(Defaults image, Choices choices) {
    return choices.entrypoint() == null ? image.entrypoint() : choices.entrypoint();
  }

  private static List<String> command(Defaults image, Choices choices) {
    if (choices.command() != null) {
      return choices.command();
    }
    return choices.entrypoint() == null ? image.cmd() : List.of();
  }

  /// Variables by name, the image's before those of the base. What is no assignment says nothing and is left out.
  private static List<String> environment(List<String> base, List<String> image) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (List<String> list : List.of(base, image)) {
      for (String variable : list) {
        int equals = variable.indexOf('=');
        if (equals > 0) {
          variables.put(variable.substring(0, equals), variable);
        }
      }
    }
    return List.copyOf(variables.values());
  }

  /// The working directory, where a relative one starts at the root. Below /proc it could be a directory of the host's that the
  /// runtime has open (CVE-2024-21626).
  private static String workingDirectory(String image) {
    if (image.indexOf('\0') >= 0) {
      throw refused("WorkingDir", image, "is no path", null);
    }
    ContainerPath directory = ContainerPath.of(image);
    if (directory.isWithin(PROC)) {
      throw refused("WorkingDir", image, "lies below /proc", null);
    }
    return directory.toString();
  }

  private static Signal signal(String image) {
    try {
      return Signal.of(image);
    } catch (IllegalArgumentException e) {
      throw refused("StopSignal", image, "names no signal", e);
    }
  }

  private static ImageException refused(String member, String value, String why, @Nullable Throwable cause) {
    return new ImageException(
        ErrorKind.INVALID_CONFIG, value, "the image's configuration cannot be used: its " + member + " \"" + value + "\" " + why, cause);
  }
}
