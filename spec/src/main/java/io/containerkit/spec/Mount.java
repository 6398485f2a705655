package io.containerkit.spec;

import java.util.ArrayList;
import java.util.List;

/// Something mounted in a container.
///
/// @param destination where: an absolute path in the container
/// @param type the file system type; `bind` or empty for a bind mount
/// @param source the device, or the path on the host, absolute or relative to the bundle
/// @param options the options, as mount(8) writes them
/// @param uidMappings how user ids on the mounted file system appear, if it is id-mapped
/// @param gidMappings how group ids on the mounted file system appear, if it is id-mapped
/// @param extra the members that the components do not say
public record Mount(
    String destination,
    String type,
    String source,
    List<String> options,
    List<IdMapping> uidMappings,
    List<IdMapping> gidMappings,
    JsonObject extra)
    implements SpecPart {

  /// Copies the collections.
  public Mount {
    options = List.copyOf(options);
    uidMappings = List.copyOf(uidMappings);
    gidMappings = List.copyOf(gidMappings);
  }

  /// A mount of any type.
  public static Mount of(String destination, String type, String source, String... options) {
    return new Mount(destination, type, source, List.of(options), List.of(), List.of(), JsonObject.EMPTY);
  }

  /// A bind mount of a path of the host with all that is mounted below it.
  ///
  /// @param options further options, such as `ro`, `nosuid`
  public static Mount bind(String source, String destination, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addFirst("rbind");
    return new Mount(destination, "bind", source, all, List.of(), List.of(), JsonObject.EMPTY);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static Mount of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static Mount read(ObjectReader in) {
    return new Mount(
        in.requiredString("destination"),
        in.string("type"),
        in.string("source"),
        in.strings("options"),
        IdMapping.readAll(in.objects("uidMappings")),
        IdMapping.readAll(in.objects("gidMappings")),
        in.rest());
  }

  static List<Mount> readAll(List<ObjectReader> all) {
    List<Mount> parts = new ArrayList<>(all.size());
    for (ObjectReader in : all) {
      parts.add(read(in));
    }
    return parts;
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .required("destination", destination)
        .string("type", type)
        .string("source", source)
        .strings("options", options)
        .objects("uidMappings", uidMappings)
        .objects("gidMappings", gidMappings)
        .end(extra);
  }

  /// A builder with what must be there.
  public static Builder builder(String destination) {
    return new Builder(destination);
  }

  /// A builder that starts from this part.
  public Builder toBuilder() {
    return new Builder(this);
  }

  /// Builds a [Mount]; each method replaces what was there. Not thread-safe.
  public static final class Builder {

    private String destination;
    private String type = "";
    private String source = "";
    private List<String> options = List.of();
    private List<IdMapping> uidMappings = List.of();
    private List<IdMapping> gidMappings = List.of();
    private JsonObject extra = JsonObject.EMPTY;

    private Builder(String destination) {
      this.destination = destination;
    }

    private Builder(Mount from) {
      destination = from.destination;
      type = from.type;
      source = from.source;
      options = from.options;
      uidMappings = from.uidMappings;
      gidMappings = from.gidMappings;
      extra = from.extra;
    }

    /// Sets where: an absolute path in the container.
    public Builder destination(String value) {
      destination = value;
      return this;
    }

    /// Sets the file system type; `bind` or empty for a bind mount.
    public Builder type(String value) {
      type = value;
      return this;
    }

    /// Sets the device, or the path on the host, absolute or relative to the bundle.
    public Builder source(String value) {
      source = value;
      return this;
    }

    /// Sets the options, as mount(8) writes them.
    public Builder options(List<String> value) {
      options = value;
      return this;
    }

    /// Sets `options`.
    public Builder options(String... values) {
      options = List.of(values);
      return this;
    }

    /// Sets how user ids on the mounted file system appear, if it is id-mapped.
    public Builder uidMappings(List<IdMapping> value) {
      uidMappings = value;
      return this;
    }

    /// Sets how group ids on the mounted file system appear, if it is id-mapped.
    public Builder gidMappings(List<IdMapping> value) {
      gidMappings = value;
      return this;
    }

    /// Sets the members that the components do not say.
    public Builder extra(JsonObject value) {
      extra = value;
      return this;
    }

    /// The part.
    public Mount build() {
      return new Mount(destination, type, source, options, uidMappings, gidMappings, extra);
    }
  }
}
