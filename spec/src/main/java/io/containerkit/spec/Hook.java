package io.containerkit.spec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A command that the runtime runs at some point in the life of a container. It gets the state on its standard input.
///
/// @param path the executable: an absolute path, on the host unless the hook runs in the container
/// @param args the arguments, the first being the name of the command
/// @param env the environment, each entry `NAME=value`
/// @param timeout after how many seconds it is killed, or null for never
/// @param extra the members that the components do not say
public record Hook(
    String path,
    List<String> args,
    List<String> env,
    @Nullable Integer timeout,
    JsonObject extra)
    implements SpecPart {

  /// Copies the collections.
  public Hook {
    args = List.copyOf(args);
    env = List.copyOf(env);
  }

  /// A hook without a timeout.
  public static Hook of(String path, List<String> args, List<String> env) {
    return new Hook(path, args, env, null, JsonObject.EMPTY);
  }

  /// This hook with a timeout in seconds; null for none.
  public Hook withTimeout(@Nullable Integer timeout) {
    return new Hook(path, args, env, timeout, extra);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static Hook of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static Hook read(ObjectReader in) {
    return new Hook(
        in.requiredString("path"),
        in.strings("args"),
        in.strings("env"),
        in.int32("timeout"),
        in.rest());
  }

  static List<Hook> readAll(List<ObjectReader> all) {
    List<Hook> parts = new ArrayList<>(all.size());
    for (ObjectReader in : all) {
      parts.add(read(in));
    }
    return parts;
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .required("path", path)
        .strings("args", args)
        .strings("env", env)
        .optional("timeout", timeout)
        .end(extra);
  }
}
