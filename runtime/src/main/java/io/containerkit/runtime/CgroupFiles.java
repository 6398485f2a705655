package io.containerkit.runtime;

import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The interface files of one control group in one hierarchy. A file that does not exist is an empty answer: which files there
/// are depends on the kernel and on the controllers. A file that is there and cannot be understood is an error.
///
/// @param directory the control group's directory
record CgroupFiles(Path directory) {

  /// Says whether the control group exists (still).
  boolean exists() {
    return Files.isDirectory(directory);
  }

  /// The whole content, without the line end.
  Optional<String> text(String file) {
    Path path = directory.resolve(file);
    try {
      return Optional.of(Files.readString(path).strip());
    } catch (IOException e) {
      // A file that was opened just before its control group went away fails with ENODEV.
      if (!Files.exists(path)) {
        return Optional.empty();
      }
      throw new EngineException(ErrorKind.IO, path.toString(), "cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  /// The lines; none if there is no such file.
  List<String> lines(String file) {
    return text(file).map(text -> text.lines().toList()).orElse(List.of());
  }

  /// The names of the files that start and end so, sorted; none if the control group is gone.
  List<String> names(String prefix, String suffix) {
    String[] all = directory.toFile().list((_, name) -> name.startsWith(prefix) && name.endsWith(suffix));
    return all == null ? List.of() : Arrays.stream(all).sorted().toList();
  }

  /// A file that holds one unsigned number.
  OptionalLong number(String file) {
    Optional<String> text = text(file);
    return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(unsigned(file, text.get()));
  }

  /// A file that holds one limit, in the form of either version; unknown if there is no such file.
  Limit limit(String file) {
    return text(file).map(text -> limit(file, text)).orElse(Limit.unknown());
  }

  /// A limit as part of a file.
  Limit limit(String file, String text) {
    try {
      return Limit.parse(text).orUnlimitedIfHuge();
    } catch (NumberFormatException e) {
      throw malformed(file, text, e);
    }
  }

  /// A file of lines `key number`, in its order; empty if there is no such file.
  Map<String, Long> table(String file) {
    Map<String, Long> table = new LinkedHashMap<>();
    for (String line : lines(file)) {
      int space = line.indexOf(' ');
      if (space < 0) {
        throw malformed(file, line, null);
      }
      table.put(line.substring(0, space), unsigned(file, line.substring(space + 1)));
    }
    return table;
  }

  /// A file of lines `name key=value key=value …`, in its order; empty if there is no such file.
  Map<String, Map<String, String>> nestedTable(String file) {
    Map<String, Map<String, String>> table = new LinkedHashMap<>();
    for (String line : lines(file)) {
      // A device without counters is followed by a space all the same.
      String[] words = line.strip().split(" +", -1);
      Map<String, String> row = table.computeIfAbsent(words[0], _ -> new LinkedHashMap<>());
      for (int i = 1; i < words.length; i++) {
        int equals = words[i].indexOf('=');
        if (equals < 0) {
          throw malformed(file, line, null);
        }
        row.put(words[i].substring(0, equals), words[i].substring(equals + 1));
      }
    }
    return table;
  }

  /// An unsigned number as part of a file.
  long unsigned(String file, String text) {
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw malformed(file, text, e);
    }
  }

  /// A signed number as part of a file.
  long signed(String file, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw malformed(file, text, e);
    }
  }

  /// The error for content that this class does not understand.
  EngineException malformed(String file, String text, @Nullable Throwable cause) {
    Path path = directory.resolve(file);
    return new EngineException(
        ErrorKind.IO, path.toString(), path + ": unexpected content \"" + text + "\"", cause);
  }
}
