package io.containerkit.spec;

import java.util.ArrayList;
import java.util.List;

/// A namespace of a container (namespaces(7)).
///
/// @param type the type, one of the constants here
/// @param path the file of an existing namespace to join; empty to make a new one
/// @param extra the members that the components do not say
public record LinuxNamespace(String type, String path, JsonObject extra) implements SpecPart {

  /// Process ids.
  public static final String PID = "pid";
  /// Network devices, addresses, ports.
  public static final String NETWORK = "network";
  /// Mount points.
  public static final String MOUNT = "mount";
  /// System V IPC and POSIX message queues.
  public static final String IPC = "ipc";
  /// Host name and NIS domain name.
  public static final String UTS = "uts";
  /// User and group ids, capabilities.
  public static final String USER = "user";
  /// The root of the cgroup tree.
  public static final String CGROUP = "cgroup";
  /// Clocks.
  public static final String TIME = "time";

  /// A new namespace.
  public static LinuxNamespace of(String type) {
    return new LinuxNamespace(type, "", JsonObject.EMPTY);
  }

  /// An existing namespace.
  ///
  /// @param path its file, such as `/run/netns/web`
  public static LinuxNamespace at(String type, String path) {
    return new LinuxNamespace(type, path, JsonObject.EMPTY);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static LinuxNamespace of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static LinuxNamespace read(ObjectReader in) {
    return new LinuxNamespace(in.requiredString("type"), in.string("path"), in.rest());
  }

  static List<LinuxNamespace> readAll(List<ObjectReader> all) {
    List<LinuxNamespace> parts = new ArrayList<>(all.size());
    for (ObjectReader in : all) {
      parts.add(read(in));
    }
    return parts;
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter().required("type", type).string("path", path).end(extra);
  }
}
