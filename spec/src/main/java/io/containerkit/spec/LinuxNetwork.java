package io.containerkit.spec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How network packets of a container are marked (cgroup v1).
///
/// @param classId the class, or null
/// @param priorities the priorities by interface
/// @param extra the members that the components do not say
public record LinuxNetwork(
    @Nullable Long classId,
    List<Priority> priorities,
    JsonObject extra)
    implements SpecPart {

  /// Copies the collections and refuses numbers out of range.
  public LinuxNetwork {
    Components.uint32("classID", classId);
    priorities = List.copyOf(priorities);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static LinuxNetwork of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static LinuxNetwork read(ObjectReader in) {
    return new LinuxNetwork(in.uint32("classID"), Priority.readAll(in.objects("priorities")), in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter().optional("classID", classId).objects("priorities", priorities).end(extra);
  }

  /// The priority of packets that leave by one interface.
  ///
  /// @param name the interface
  /// @param priority the priority
  /// @param extra the members that the components do not say
  public record Priority(String name, long priority, JsonObject extra) implements SpecPart {

    /// Refuses numbers out of range.
    public Priority {
      Components.uint32("priority", priority);
    }

    /// Reads the part.
    ///
    /// @throws SpecException if a member has another type than it must
    public static Priority of(JsonObject document) {
      return read(ObjectReader.of(document));
    }

    static Priority read(ObjectReader in) {
      return new Priority(in.requiredString("name"), in.requiredUint32("priority"), in.rest());
    }

    static List<Priority> readAll(List<ObjectReader> all) {
      List<Priority> parts = new ArrayList<>(all.size());
      for (ObjectReader in : all) {
        parts.add(read(in));
      }
      return parts;
    }

    @Override
    public JsonObject toJson() {
      return new ObjectWriter().required("name", name).required("priority", priority).end(extra);
    }
  }
}
