package io.containerkit.spec;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The configuration of a container: `config.json` (OCI runtime-spec 1.3, config.md).
///
/// Immutable. The members of other platforms (`vm`, `windows`, `solaris`, `zos`, `freebsd`) are kept in `extra` as they came.
///
/// @param ociVersion the version of the specification that the document follows, such as `1.0.2`
/// @param process what is started in the container, or null
/// @param root the root file system, or null
/// @param hostname the host name; needs a UTS namespace of the container's own
/// @param domainname the NIS domain name; needs a UTS namespace of the container's own
/// @param mounts what is mounted over the root, in order
/// @param hooks the commands run around the life of the container, or null
/// @param annotations free metadata by name
/// @param linux what is particular to Linux, or null
/// @param extra the members that the components do not say
public record Spec(
    String ociVersion,
    @Nullable ProcessSpec process,
    @Nullable Root root,
    String hostname,
    String domainname,
    List<Mount> mounts,
    @Nullable Hooks hooks,
    Map<String, String> annotations,
    @Nullable Linux linux,
    JsonObject extra)
    implements SpecPart {

  /// Copies the collections.
  public Spec {
    mounts = List.copyOf(mounts);
    annotations = Components.copy(annotations);
  }

  /// The version that documents made here carry: old enough for every runtime in use, which ignore what they do not know.
  public static final String VERSION = "1.0.2";

  /// The configuration that the common engines start from: their capabilities, mounts, namespaces, masked and read-only paths.
  ///
  /// It has no filter of system calls: [Seccomp#defaults] is theirs, and costs a runtime 11 to 13 ms at each start.
  public static Spec defaults() {
    return Defaults.spec();
  }

  /// Reads a `config.json` of at most 4 MiB.
  ///
  /// @throws SpecException if it cannot be read or is not such a document; the message names the file and the place
  public static Spec read(Path file) {
    return read(ObjectReader.of(Json.readObject(file), file.toString()));
  }

  /// Reads a document of at most 4 MiB from UTF-8.
  public static Spec read(byte[] document) {
    return of(Json.readObject(document));
  }

  /// Reads a document.
  public static Spec read(String document) {
    return of(Json.readObject(document));
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static Spec of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static Spec read(ObjectReader in) {
    ObjectReader process = in.object("process");
    ObjectReader root = in.object("root");
    ObjectReader hooks = in.object("hooks");
    ObjectReader linux = in.object("linux");
    return new Spec(
        in.requiredString("ociVersion"),
        process == null ? null : ProcessSpec.read(process),
        root == null ? null : Root.read(root),
        in.string("hostname"),
        in.string("domainname"),
        Mount.readAll(in.objects("mounts")),
        hooks == null ? null : Hooks.read(hooks),
        in.stringMap("annotations"),
        linux == null ? null : Linux.read(linux),
        in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .required("ociVersion", ociVersion)
        .object("process", process)
        .object("root", root)
        .string("hostname", hostname)
        .string("domainname", domainname)
        .objects("mounts", mounts)
        .object("hooks", hooks)
        .stringMap("annotations", annotations)
        .object("linux", linux)
        .end(extra);
  }

  /// Writes the document to a file, which is replaced.
  ///
  /// @throws SpecException if the file cannot be written
  public void write(Path file) {
    Json.write(toJson(), file);
  }

  /// What a runtime would refuse or misread in this configuration, each with its place; empty if it is in order.
  public List<Problem> validate() {
    return SpecValidator.validate(this);
  }

  /// This configuration, if it is in order.
  ///
  /// @throws SpecException at the first problem; the message tells all of them
  public Spec requireValid() {
    Problems.requireNone(validate());
    return this;
  }

  /// The document, without white space.
  @Override
  public String toString() {
    return toJson().toString();
  }

  /// A builder with what must be there.
  public static Builder builder(String ociVersion) {
    return new Builder(ociVersion);
  }

  /// A builder that starts from this part.
  public Builder toBuilder() {
    return new Builder(this);
  }

  /// Builds a [Spec]; each method replaces what was there. Not thread-safe.
  public static final class Builder {

    private String ociVersion;
    private @Nullable ProcessSpec process;
    private @Nullable Root root;
    private String hostname = "";
    private String domainname = "";
    private List<Mount> mounts = List.of();
    private @Nullable Hooks hooks;
    private Map<String, String> annotations = Map.of();
    private @Nullable Linux linux;
    private JsonObject extra = JsonObject.EMPTY;

    private Builder(String ociVersion) {
      this.ociVersion = ociVersion;
    }

    private Builder(Spec from) {
      ociVersion = from.ociVersion;
      process = from.process;
      root = from.root;
      hostname = from.hostname;
      domainname = from.domainname;
      mounts = from.mounts;
      hooks = from.hooks;
      annotations = from.annotations;
      linux = from.linux;
      extra = from.extra;
    }

    /// Sets the version of the specification that the document follows, such as `1.0.2`.
    public Builder ociVersion(String value) {
      ociVersion = value;
      return this;
    }

    /// Sets what is started in the container, or null.
    public Builder process(@Nullable ProcessSpec value) {
      process = value;
      return this;
    }

    /// Sets the root file system, or null.
    public Builder root(@Nullable Root value) {
      root = value;
      return this;
    }

    /// Sets the host name; needs a UTS namespace of the container's own.
    public Builder hostname(String value) {
      hostname = value;
      return this;
    }

    /// Sets the NIS domain name; needs a UTS namespace of the container's own.
    public Builder domainname(String value) {
      domainname = value;
      return this;
    }

    /// Sets what is mounted over the root, in order.
    public Builder mounts(List<Mount> value) {
      mounts = value;
      return this;
    }

    /// Sets the commands run around the life of the container, or null.
    public Builder hooks(@Nullable Hooks value) {
      hooks = value;
      return this;
    }

    /// Sets free metadata by name.
    public Builder annotations(Map<String, String> value) {
      annotations = value;
      return this;
    }

    /// Sets what is particular to Linux, or null.
    public Builder linux(@Nullable Linux value) {
      linux = value;
      return this;
    }

    /// Sets the members that the components do not say.
    public Builder extra(JsonObject value) {
      extra = value;
      return this;
    }

    /// The part.
    public Spec build() {
      return new Spec(ociVersion, process, root, hostname, domainname, mounts, hooks, annotations, linux, extra);
    }
  }
}
