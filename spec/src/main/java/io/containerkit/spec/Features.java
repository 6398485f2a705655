package io.containerkit.spec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a runtime can do: the output of `features` (features.md). A list that is empty, an object or a flag that is null says
/// "unknown", never "none".
///
/// @param ociVersionMin the oldest version of the specification that the runtime takes
/// @param ociVersionMax the newest version of the specification that the runtime takes
/// @param hooks the hooks that it runs, such as `createRuntime`
/// @param mountOptions the mount options that it knows, such as `ro`
/// @param annotations what is particular to the runtime, such as its version
/// @param potentiallyUnsafeConfigAnnotations the annotations of a configuration that can change what the runtime does; one
/// ending in `.` is a prefix
/// @param linux what is particular to Linux, or null
/// @param extra the members that the components do not say
public record Features(
    String ociVersionMin,
    String ociVersionMax,
    List<String> hooks,
    List<String> mountOptions,
    Map<String, String> annotations,
    List<String> potentiallyUnsafeConfigAnnotations,
    @Nullable LinuxFeatures linux,
    JsonObject extra)
    implements SpecPart {

  /// Copies the collections.
  public Features {
    hooks = List.copyOf(hooks);
    mountOptions = List.copyOf(mountOptions);
    annotations = Components.copy(annotations);
    potentiallyUnsafeConfigAnnotations = List.copyOf(potentiallyUnsafeConfigAnnotations);
  }

  /// Reads a document.
  public static Features read(String document) {
    return of(Json.readObject(document));
  }

  /// Reads a document from UTF-8.
  public static Features read(byte[] document) {
    return of(Json.readObject(document));
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static Features of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static Features read(ObjectReader in) {
    ObjectReader linux = in.object("linux");
    return new Features(
        in.requiredString("ociVersionMin"),
        in.requiredString("ociVersionMax"),
        in.strings("hooks"),
        in.strings("mountOptions"),
        in.stringMap("annotations"),
        in.strings("potentiallyUnsafeConfigAnnotations"),
        linux == null ? null : LinuxFeatures.read(linux),
        in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .required("ociVersionMin", ociVersionMin)
        .required("ociVersionMax", ociVersionMax)
        .strings("hooks", hooks)
        .strings("mountOptions", mountOptions)
        .stringMap("annotations", annotations)
        .strings("potentiallyUnsafeConfigAnnotations", potentiallyUnsafeConfigAnnotations)
        .object("linux", linux)
        .end(extra);
  }

  /// The document, without white space.
  @Override
  public String toString() {
    return toJson().toString();
  }
}
