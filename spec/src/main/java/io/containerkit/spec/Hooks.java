package io.containerkit.spec;

import java.util.List;

/// The commands that the runtime runs in the life of a container, in this order (config.md, POSIX-platform Hooks).
///
/// @param prestart deprecated: after `create`, before the process starts, in the namespaces of the runtime
/// @param createRuntime during `create`, once the namespaces exist, in those of the runtime
/// @param createContainer during `create`, before the root is changed, in the namespaces of the container
/// @param startContainer during `start`, before the process runs, in the namespaces of the container
/// @param poststart after the process started, in the namespaces of the runtime
/// @param poststop after the container was deleted, in the namespaces of the runtime
/// @param extra the members that the components do not say
public record Hooks(
    List<Hook> prestart,
    List<Hook> createRuntime,
    List<Hook> createContainer,
    List<Hook> startContainer,
    List<Hook> poststart,
    List<Hook> poststop,
    JsonObject extra)
    implements SpecPart {

  /// Copies the collections.
  public Hooks {
    prestart = List.copyOf(prestart);
    createRuntime = List.copyOf(createRuntime);
    createContainer = List.copyOf(createContainer);
    startContainer = List.copyOf(startContainer);
    poststart = List.copyOf(poststart);
    poststop = List.copyOf(poststop);
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static Hooks of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static Hooks read(ObjectReader in) {
    return new Hooks(
        Hook.readAll(in.objects("prestart")),
        Hook.readAll(in.objects("createRuntime")),
        Hook.readAll(in.objects("createContainer")),
        Hook.readAll(in.objects("startContainer")),
        Hook.readAll(in.objects("poststart")),
        Hook.readAll(in.objects("poststop")),
        in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .objects("prestart", prestart)
        .objects("createRuntime", createRuntime)
        .objects("createContainer", createContainer)
        .objects("startContainer", startContainer)
        .objects("poststart", poststart)
        .objects("poststop", poststop)
        .end(extra);
  }

  /// A builder of a part that says nothing yet.
  public static Builder builder() {
    return new Builder();
  }

  /// A builder that starts from this part.
  public Builder toBuilder() {
    return new Builder(this);
  }

  /// Builds a [Hooks]; each method replaces what was there. Not thread-safe.
  public static final class Builder {

    private List<Hook> prestart = List.of();
    private List<Hook> createRuntime = List.of();
    private List<Hook> createContainer = List.of();
    private List<Hook> startContainer = List.of();
    private List<Hook> poststart = List.of();
    private List<Hook> poststop = List.of();
    private JsonObject extra = JsonObject.EMPTY;

    private Builder() {}

    private Builder(Hooks from) {
      prestart = from.prestart;
      createRuntime = from.createRuntime;
      createContainer = from.createContainer;
      startContainer = from.startContainer;
      poststart = from.poststart;
      poststop = from.poststop;
      extra = from.extra;
    }

    /// Sets deprecated: after `create`, before the process starts, in the namespaces of the runtime.
    public Builder prestart(List<Hook> value) {
      prestart = value;
      return this;
    }

    /// Sets during `create`, once the namespaces exist, in those of the runtime.
    public Builder createRuntime(List<Hook> value) {
      createRuntime = value;
      return this;
    }

    /// Sets during `create`, before the root is changed, in the namespaces of the container.
    public Builder createContainer(List<Hook> value) {
      createContainer = value;
      return this;
    }

    /// Sets during `start`, before the process runs, in the namespaces of the container.
    public Builder startContainer(List<Hook> value) {
      startContainer = value;
      return this;
    }

    /// Sets after the process started, in the namespaces of the runtime.
    public Builder poststart(List<Hook> value) {
      poststart = value;
      return this;
    }

    /// Sets after the container was deleted, in the namespaces of the runtime.
    public Builder poststop(List<Hook> value) {
      poststop = value;
      return this;
    }

    /// Sets the members that the components do not say.
    public Builder extra(JsonObject value) {
      extra = value;
      return this;
    }

    /// The part.
    public Hooks build() {
      return new Hooks(prestart, createRuntime, createContainer, startContainer, poststart, poststop, extra);
    }
  }
}
