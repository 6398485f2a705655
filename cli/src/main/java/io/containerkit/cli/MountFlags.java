package io.containerkit.cli;

import io.containerkit.engine.Volumes;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.Mount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the mounts that are asked for by `--volume`, `--mount` and `--tmpfs`.
final class MountFlags {

  private MountFlags() {}

  /// What the engine takes for a mount of a volume: its source is the volume's name, or empty for one of the container's own.
  private static final String VOLUME = "volume";

  /// Reads `[NAME|HOST:]DIR[:OPTIONS]`. As with docker, what has no slash is the name of a volume.
  static Mount volume(Arguments arguments, String text) {
    String[] parts = text.split(":", -1);
    if (parts.length == 1 && text.startsWith("/")) {
      return Mount.of(text, VOLUME, "");
    }
    if (parts.length < 2 || parts.length > 3 || parts[0].isEmpty() || !parts[1].startsWith("/")) {
      throw Values.wrong(arguments, "volume", text, "[NAME|HOST:]DIR[:OPTIONS], such as db:/data or /srv/data:/data:ro", null);
    }
    List<String> options = parts.length == 3 ? words(parts[2], ',') : List.of();
    return parts[0].indexOf('/') < 0
        ? volume(arguments, "volume", parts[0], parts[1], options)
        : bind(Values.path(arguments, "volume", parts[0]), parts[1], options);
  }

  private static Mount volume(Arguments arguments, String flag, String name, String destination, List<String> options) {
    try {
      return Mount.of(destination, VOLUME, name.isEmpty() ? name : Volumes.check(name), options.toArray(String[]::new));
    } catch (EngineException e) {
      throw arguments.mistake("--" + flag + ": " + e.getMessage() + "; a directory of the host is given with a slash");
    }
  }

  /// Reads `DIR[:OPTIONS]`.
  static Mount tmpfs(Arguments arguments, String text) {
    int colon = text.indexOf(':');
    String directory = colon < 0 ? text : text.substring(0, colon);
    if (!directory.startsWith("/")) {
      throw Values.wrong(arguments, "tmpfs", text, "DIR[:OPTIONS], such as /tmp:size=64m", null);
    }
    return tmpfs(directory, colon < 0 ? List.of() : words(text.substring(colon + 1), ','));
  }

  /// Reads `type=bind,src=HOST,dst=DIR[,ro]`, `type=volume[,src=NAME],dst=DIR[,ro]` and `type=tmpfs,dst=DIR[,tmpfs-size=SIZE]`.
  static Mount mount(Arguments arguments, String text) {
    String type = "bind";
    Optional<String> source = Optional.empty();
    Optional<String> destination = Optional.empty();
    List<String> options = new ArrayList<>();
    for (String word : words(text, ',')) {
      int equals = word.indexOf('=');
      String key = equals < 0 ? word : word.substring(0, equals);
      String value = equals < 0 ? "" : word.substring(equals + 1);
      switch (key) {
        case "type" -> type = value;
        case "src", "source" -> source = Optional.of(value);
        case "dst", "destination", "target" -> destination = Optional.of(value);
        case "ro", "readonly" -> options.add(value.equals("false") ? "rw" : "ro");
        case "bind-propagation" -> options.add(value);
        case "volume-nocopy" -> {
          if (!value.equals("false")) {
            options.add("nocopy");
          }
        }
        case "tmpfs-size" -> options.add("size=" + value);
        case "tmpfs-mode" -> options.add("mode=" + value);
        default ->
            throw Values.wrong(
                arguments, "mount", text, "understood: it has no key \"" + key + "\"; there are type, src, dst, ro, "
                    + "bind-propagation, volume-nocopy, tmpfs-size and tmpfs-mode", null);
      }
    }
    if (destination.isEmpty() || !destination.get().startsWith("/")) {
      throw Values.wrong(arguments, "mount", text, "complete: dst= must name an absolute path in the container", null);
    }
    return switch (type) {
      case "bind" -> {
        if (source.isEmpty()) {
          throw Values.wrong(arguments, "mount", text, "complete: src= must name a path on the host", null);
        }
        yield bind(Values.path(arguments, "mount", source.get()), destination.get(), options);
      }
      case "volume" -> volume(arguments, "mount", source.orElse(""), destination.get(), options);
      case "tmpfs" -> tmpfs(destination.get(), options);
      default -> throw Values.wrong(arguments, "mount", text, "possible: type must be bind, volume or tmpfs", null);
    };
  }

  private static Mount bind(Path source, String destination, List<String> options) {
    List<String> all = new ArrayList<>(options);
    if (!all.contains("bind") && !all.contains("rbind")) {
      all.addFirst("rbind");
    }
    return Mount.of(
        destination, "bind", source.toAbsolutePath().normalize().toString(), all.toArray(String[]::new));
  }

  private static Mount tmpfs(String destination, List<String> options) {
    List<String> all = new ArrayList<>(List.of("nosuid", "nodev"));
    all.addAll(options);
    return Mount.of(destination, "tmpfs", "tmpfs", all.toArray(String[]::new));
  }

  private static List<String> words(String text, char separator) {
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) == separator) {
        if (i > start) {
          words.add(text.substring(start, i));
        }
        start = i + 1;
      }
    }
    return words;
  }
}
