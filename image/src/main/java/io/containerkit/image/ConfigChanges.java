package io.containerkit.image;

import io.containerkit.image.ImageConfig.Defaults;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.Json;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonString;
import io.containerkit.spec.JsonValue;
import io.containerkit.spec.SpecException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Changes what containers of an image run with by instructions of a Dockerfile, as `docker commit --change` takes them: `CMD`,
/// `ENTRYPOINT`, `ENV`, `EXPOSE`, `LABEL`, `STOPSIGNAL`, `USER`, `VOLUME` and `WORKDIR`.
public final class ConfigChanges {

  private Defaults defaults;
  /// Whether an instruction has set the command: an entry point that follows leaves it alone then.
  private boolean commandSet;

  private ConfigChanges(Defaults defaults) {
    this.defaults = defaults;
  }

  /// Applies instructions in their order.
  ///
  /// @param instructions such as `ENV DEBUG=true` or `CMD ["serve", "--all"]`
  /// @throws ImageException of kind `INVALID_ARGUMENT` if one is not understood
  public static Defaults apply(Defaults defaults, List<String> instructions) {
    var changes = new ConfigChanges(defaults);
    instructions.forEach(changes::apply);
    return changes.defaults;
  }

  private void apply(String instruction) {
    String[] parts = instruction.strip().split("\\s+", 2);
    String value = parts.length < 2 ? "" : parts[1];
    if (value.isEmpty()) {
      throw refused(instruction, "it has no value", null);
    }
    switch (parts[0].toUpperCase(Locale.ROOT)) {
      case "CMD" -> {
        defaults = defaults.withCmd(command(instruction, value));
        commandSet = true;
      }
      case "ENTRYPOINT" -> {
        defaults = defaults.withEntrypoint(command(instruction, value));
        if (!commandSet) {
          // What is there was made for another entry point.
          defaults = defaults.withCmd(List.of());
        }
      }
      case "ENV" -> defaults = defaults.withEnv(environment(assignments(instruction, value)));
      case "EXPOSE" -> defaults = defaults.withExposedPorts(with(defaults.exposedPorts(), ports(instruction, value)));
      case "LABEL" -> {
        Map<String, String> labels = new LinkedHashMap<>(defaults.labels());
        labels.putAll(assignments(instruction, value));
        defaults = defaults.withLabels(labels);
      }
      case "STOPSIGNAL" -> defaults = defaults.withStopSignal(value);
      case "USER" -> defaults = defaults.withUser(value);
      case "VOLUME" -> defaults = defaults.withVolumes(with(defaults.volumes(), isArray(value) ? array(instruction, value) : words(instruction, value)));
      case "WORKDIR" -> defaults = defaults.withWorkingDir(directory(value));
      default -> throw refused(instruction, "there are CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, VOLUME and WORKDIR", null);
    }
  }

  /// A command line: the words of a JSON array, or text for a shell.
  private static List<String> command(String instruction, String value) {
    return isArray(value) ? array(instruction, value) : List.of("/bin/sh", "-c", value);
  }

  private static boolean isArray(String value) {
    return value.startsWith("[") && value.endsWith("]");
  }

  private static List<String> array(String instruction, String value) {
    try {
      var words = new ArrayList<String>();
      for (JsonValue word : ((JsonArray) Json.read(value)).values()) {
        if (!(word instanceof JsonString(String text))) {
          throw refused(instruction, "its array has something else than texts", null);
        }
        words.add(text);
      }
      return words;
    } catch (SpecException e) {
      throw refused(instruction, "its array is no JSON", e);
    }
  }

  private List<String> environment(Map<String, String> changes) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String variable : defaults.env()) {
      variables.put(variable.substring(0, Math.max(0, variable.indexOf('='))), variable);
    }
    changes.forEach((name, value) -> variables.put(name, name + "=" + value));
    return List.copyOf(variables.values());
  }

  /// `NAME=VALUE …`, or one `NAME VALUE`, which is all of the rest.
  private static Map<String, String> assignments(String instruction, String value) {
    List<String> words = words(instruction, value);
    Map<String, String> assignments = new LinkedHashMap<>();
    if (words.size() > 1 && words.getFirst().indexOf('=') < 0) {
      assignments.put(words.getFirst(), value.split("\\s+", 2)[1]);
      return assignments;
    }
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 1) {
        throw refused(instruction, Quoted.of(word) + " is not NAME=VALUE", null);
      }
      assignments.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return assignments;
  }

  private static List<String> ports(String instruction, String value) {
    var ports = new ArrayList<String>();
    for (String word : words(instruction, value)) {
      String port = word.indexOf('/') < 0 ? word + "/tcp" : word;
      if (!port.matches("[0-9]{1,5}(-[0-9]{1,5})?/(tcp|udp|sctp)")) {
        throw refused(instruction, Quoted.of(word) + " is no port such as 80 or 53/udp", null);
      }
      ports.add(port);
    }
    return ports;
  }

  private static List<String> with(List<String> there, List<String> more) {
    Set<String> all = new LinkedHashSet<>(there);
    all.addAll(more);
    return List.copyOf(all);
  }

  private String directory(String value) {
    String current = defaults.workingDir();
    return value.startsWith("/") ? value : current + (current.endsWith("/") ? "" : "/") + value;
  }

  /// Words apart by spaces, as a shell has them: quotes keep words together, a backslash takes the next character as it is.
  private static List<String> words(String instruction, String value) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    char quote = 0;
    boolean inWord = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' && quote != '\'' && i + 1 < value.length()) {
        word.append(value.charAt(++i));
        inWord = true;
      } else if (quote != 0 && c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
        inWord = true;
      } else if (quote == 0 && Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (quote != 0) {
      throw refused(instruction, "a quote is not closed", null);
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }

  private static ImageException refused(String instruction, String why, @Nullable Throwable cause) {
    return new ImageException(
        ErrorKind.INVALID_ARGUMENT, instruction, "the change " + Quoted.of(instruction) + " is not understood: " + why, cause);
  }
}
