package io.containerkit.spec;

import java.util.List;

/// The capability sets of a process, by names such as `CAP_NET_RAW` (capabilities(7)).
///
/// @param bounding what `execve` can ever give
/// @param effective what the kernel checks
/// @param inheritable what is kept over `execve` of a file that asks for it
/// @param permitted what the process may make effective
/// @param ambient what is kept over `execve` of any file
/// @param extra the members that the components do not say
public record Capabilities(
    List<String> bounding,
    List<String> effective,
    List<String> inheritable,
    List<String> permitted,
    List<String> ambient,
    JsonObject extra)
    implements SpecPart {

  /// Copies the collections.
  public Capabilities {
    bounding = List.copyOf(bounding);
    effective = List.copyOf(effective);
    inheritable = List.copyOf(inheritable);
    permitted = List.copyOf(permitted);
    ambient = List.copyOf(ambient);
  }

  /// No capability in any set.
  public static final Capabilities NONE =
      new Capabilities(List.of(), List.of(), List.of(), List.of(), List.of(), JsonObject.EMPTY);

  /// These in the bounding, effective and permitted set: root in the container has them, nothing is inherited.
  public static Capabilities of(List<String> names) {
    return new Capabilities(names, names, List.of(), names, List.of(), JsonObject.EMPTY);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static Capabilities of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static Capabilities read(ObjectReader in) {
    return new Capabilities(
        in.strings("bounding"),
        in.strings("effective"),
        in.strings("inheritable"),
        in.strings("permitted"),
        in.strings("ambient"),
        in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .strings("bounding", bounding)
        .strings("effective", effective)
        .strings("inheritable", inheritable)
        .strings("permitted", permitted)
        .strings("ambient", ambient)
        .end(extra);
  }
}
