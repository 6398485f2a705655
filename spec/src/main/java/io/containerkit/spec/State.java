package io.containerkit.spec;

import java.util.Map;

/// What a runtime says about a container: the output of `state`, the input of hooks (runtime.md, State).
///
/// @param ociVersion the version of the specification that the document follows
/// @param id the container
/// @param status where it is in its life
/// @param pid the process id of its init as the host sees it; 0 where there is none
/// @param bundle the bundle, an absolute path
/// @param annotations the annotations of the configuration
/// @param extra the members that the components do not say
public record State(
    String ociVersion,
    String id,
    Status status,
    int pid,
    String bundle,
    Map<String, String> annotations,
    JsonObject extra)
    implements SpecPart {

  /// Copies the collections.
  public State {
    annotations = Components.copy(annotations);
  }

  /// Where a container is in its life.
  public enum Status {
    /// Being created.
    CREATING,
    /// Created: its init waits for `start`.
    CREATED,
    /// Running.
    RUNNING,
    /// Its init has exited.
    STOPPED,
    /// Frozen; not in the specification, but in every runtime.
    PAUSED,
    /// Something else that the runtime said; its own word stays in [State#extra()].
    UNKNOWN;

    /// The status as documents write it, such as `running`.
    public String text() {
      return switch (this) {
        case CREATING -> "creating";
        case CREATED -> "created";
        case RUNNING -> "running";
        case STOPPED -> "stopped";
        case PAUSED -> "paused";
        case UNKNOWN -> "unknown";
      };
    }

    private static Status take(ObjectReader in) {
      String text = in.peekRequiredString("status");
      for (Status status : values()) {
        if (status != UNKNOWN && status.text().equals(text)) {
          in.value("status");
          return status;
        }
      }
      return UNKNOWN;
    }
  }

  /// Reads a document.
  public static State read(String document) {
    return of(Json.readObject(document));
  }

  /// Reads a document from UTF-8.
  public static State read(byte[] document) {
    return of(Json.readObject(document));
  }

  /// Reads the part.
  ///
  /// @throws SpecException if a member has another type than it must
  public static State of(JsonObject document) {
    return read(ObjectReader.of(document));
  }

  static State read(ObjectReader in) {
    return new State(
        in.string("ociVersion"),
        in.requiredString("id"),
        Status.take(in),
        in.int32OrZero("pid"),
        in.string("bundle"),
        in.stringMap("annotations"),
        in.rest());
  }

  @Override
  public JsonObject toJson() {
    return new ObjectWriter()
        .string("ociVersion", ociVersion)
        .required("id", id)
        .string("status", status == Status.UNKNOWN ? "" : status.text())
        .nonZero("pid", pid)
        .string("bundle", bundle)
        .stringMap("annotations", annotations)
        .end(extra);
  }

  /// The document, without white space.
  @Override
  public String toString() {
    return toJson().toString();
  }
}
