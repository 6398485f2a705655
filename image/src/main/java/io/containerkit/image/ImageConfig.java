package io.containerkit.image;

import io.containerkit.spec.Json;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.ObjectReader;
import io.containerkit.spec.ObjectWriter;
import io.containerkit.spec.SpecException;
import io.containerkit.spec.SpecPart;
import java.util.List;
import java.util.Map;

/// The configuration of an image: what it runs on, what a container of it runs, and which layers it has (image-spec, "Image
/// Configuration"). The SHA-256 digest of its bytes is what Docker calls the image ID.
///
/// @param created when it was made, as RFC 3339 text, or empty
/// @param author who made it, or empty
/// @param platform what it runs on
/// @param defaults what a container runs with unless told otherwise: the member `config`
/// @param diffIds the digests of the layers' plain tars, the lowest first
/// @param history how the layers came about, the lowest first
/// @param extra the members that are not known here
public record ImageConfig(
    String created,
    String author,
    Platform platform,
    Defaults defaults,
    List<Digest> diffIds,
    List<History> history,
    JsonObject extra)
    implements SpecPart {

  public ImageConfig {
    diffIds = List.copyOf(diffIds);
    history = List.copyOf(history);
  }

  /// A configuration with what each must have.
  public static ImageConfig of(Platform platform, Defaults defaults, List<Digest> diffIds) {
    return new ImageConfig("", "", platform, defaults, diffIds, List.of(), JsonObject.EMPTY);
  }

  /// Reads a configuration.
  ///
  /// @throws SpecException if it is not one
  public static ImageConfig parse(byte[] bytes) {
    return of(Json.readObject(bytes));
  }

  /// Reads a configuration.
  ///
  /// @throws SpecException if it is not one
  public static ImageConfig of(JsonObject json) {
    var in = ObjectReader.of(json);
    var created = in.string("created");
    var author = in.string("author");
    var platform =
        new Platform(
            in.requiredString("os"),
            in.requiredString("architecture"),
            in.string("variant"),
            in.string("os.version"),
            in.strings("os.features"),
            JsonObject.EMPTY);
    var defaults = in.object("config");
    var rootfs = in.object("rootfs");
    if (rootfs == null) {
      throw in.problem("rootfs", "is missing");
    }
    return new ImageConfig(
        created,
        author,
        platform,
        defaults == null ? Defaults.NONE : Defaults.of(defaults),
        diffIds(rootfs),
        in.objects("history").stream().map(History::of).toList(),
        in.rest());
  }

  private static List<Digest> diffIds(ObjectReader rootfs) {
    var type = rootfs.requiredString("type");
    if (!type.equals("layers")) {
      throw rootfs.problem("type", "is " + Quoted.of(type) + ", not \"layers\"");
    }
    return Parts.digests(rootfs, "diff_ids");
  }

  /// This configuration with other defaults.
  public ImageConfig withDefaults(Defaults newDefaults) {
    return new ImageConfig(created, author, platform, newDefaults, diffIds, history, extra);
  }

  /// This configuration with other layers and the history of them.
  public ImageConfig withLayers(List<Digest> newDiffIds, List<History> newHistory) {
    return new ImageConfig(created, author, platform, defaults, newDiffIds, newHistory, extra);
  }

  /// This configuration made at another time, by another author.
  public ImageConfig withOrigin(String newCreated, String newAuthor) {
    return new ImageConfig(newCreated, newAuthor, platform, defaults, diffIds, history, extra);
  }

  /// The configuration as JSON.
  @Override
  public JsonObject toJson() {
    var rootfs = JsonObject.EMPTY.with("type", "layers").with("diff_ids", Parts.texts(diffIds));
    return new ObjectWriter()
        .string("created", created)
        .string("author", author)
        .required("architecture", platform.architecture())
        .required("os", platform.os())
        .string("os.version", platform.osVersion())
        .strings("os.features", platform.osFeatures())
        .string("variant", platform.variant())
        .nonEmpty("config", defaults)
        .object("rootfs", rootfs)
        .objects("history", history)
        .end(extra);
  }

  /// The configuration as it is pushed.
  public byte[] toBytes() {
    return Json.writeBytes(toJson());
  }

  /// How a layer came about.
  ///
  /// @param created when, as RFC 3339 text, or empty
  /// @param createdBy the command that made it, or empty
  /// @param author who made it, or empty
  /// @param comment a remark, or empty
  /// @param emptyLayer whether no layer belongs to this entry
  /// @param extra the members that are not known here
  public record History(
      String created,
      String createdBy,
      String author,
      String comment,
      boolean emptyLayer,
      JsonObject extra)
      implements SpecPart {

    static History of(ObjectReader in) {
      return new History(
          in.string("created"),
          in.string("created_by"),
          in.string("author"),
          in.string("comment"),
          in.flag("empty_layer"),
          in.rest());
    }

    @Override
    public JsonObject toJson() {
      return new ObjectWriter()
          .string("created", created)
          .string("created_by", createdBy)
          .string("author", author)
          .string("comment", comment)
          .flag("empty_layer", emptyLayer)
          .end(extra);
    }
  }

  /// What a container of the image runs with unless told otherwise. `Healthcheck`, `Shell`, `OnBuild` and whatever else Docker
  /// writes are in `extra`.
  ///
  /// @param user `uid`, `uid:gid`, or names in their place; empty is root
  /// @param exposedPorts such as `80/tcp`
  /// @param env `NAME=value` each
  /// @param entrypoint the command that is always run
  /// @param cmd its default arguments, or the command where there is no entry point
  /// @param volumes paths that hold data of their own
  /// @param workingDir where the command starts, or empty
  /// @param labels notes by name
  /// @param stopSignal what asks the container to stop, or empty
  /// @param extra the members that are not known here
  public record Defaults(
      String user,
      List<String> exposedPorts,
      List<String> env,
      List<String> entrypoint,
      List<String> cmd,
      List<String> volumes,
      String workingDir,
      Map<String, String> labels,
      String stopSignal,
      JsonObject extra)
      implements SpecPart {

    /// Nothing is said.
    public static final Defaults NONE =
        new Defaults(
            "", List.of(), List.of(), List.of(), List.of(), List.of(), "", Map.of(), "",
            JsonObject.EMPTY);

    public Defaults {
      exposedPorts = List.copyOf(exposedPorts);
      env = List.copyOf(env);
      entrypoint = List.copyOf(entrypoint);
      cmd = List.copyOf(cmd);
      volumes = List.copyOf(volumes);
      labels = Parts.copy(labels);
    }

    static Defaults of(ObjectReader in) {
      return new Defaults(
          in.string("User"),
          Parts.nameSet(in, "ExposedPorts"),
          in.strings("Env"),
          in.strings("Entrypoint"),
          in.strings("Cmd"),
          Parts.nameSet(in, "Volumes"),
          in.string("WorkingDir"),
          in.stringMap("Labels"),
          in.string("StopSignal"),
          in.rest());
    }

    /// The same with another user.
    public Defaults withUser(String newUser) {
      return new Defaults(newUser, exposedPorts, env, entrypoint, cmd, volumes, workingDir, labels, stopSignal, extra);
    }

    /// The same with other ports.
    public Defaults withExposedPorts(List<String> newExposedPorts) {
      return new Defaults(user, newExposedPorts, env, entrypoint, cmd, volumes, workingDir, labels, stopSignal, extra);
    }

    /// The same with other variables.
    public Defaults withEnv(List<String> newEnv) {
      return new Defaults(user, exposedPorts, newEnv, entrypoint, cmd, volumes, workingDir, labels, stopSignal, extra);
    }

    /// The same with another entry point.
    public Defaults withEntrypoint(List<String> newEntrypoint) {
      return new Defaults(user, exposedPorts, env, newEntrypoint, cmd, volumes, workingDir, labels, stopSignal, extra);
    }

    /// The same with another command.
    public Defaults withCmd(List<String> newCmd) {
      return new Defaults(user, exposedPorts, env, entrypoint, newCmd, volumes, workingDir, labels, stopSignal, extra);
    }

    /// The same with other volumes.
    public Defaults withVolumes(List<String> newVolumes) {
      return new Defaults(user, exposedPorts, env, entrypoint, cmd, newVolumes, workingDir, labels, stopSignal, extra);
    }

    /// The same with another working directory.
    public Defaults withWorkingDir(String newWorkingDir) {
      return new Defaults(user, exposedPorts, env, entrypoint, cmd, volumes, newWorkingDir, labels, stopSignal, extra);
    }

    /// The same with other labels.
    public Defaults withLabels(Map<String, String> newLabels) {
      return new Defaults(user, exposedPorts, env, entrypoint, cmd, volumes, workingDir, newLabels, stopSignal, extra);
    }

    /// The same with another stop signal.
    public Defaults withStopSignal(String newStopSignal) {
      return new Defaults(user, exposedPorts, env, entrypoint, cmd, volumes, workingDir, labels, newStopSignal, extra);
    }

    @Override
    public JsonObject toJson() {
      return new ObjectWriter()
          .string("User", user)
          .object("ExposedPorts", Parts.nameSet(exposedPorts))
          .strings("Env", env)
          .strings("Entrypoint", entrypoint)
          .strings("Cmd", cmd)
          .object("Volumes", Parts.nameSet(volumes))
          .string("WorkingDir", workingDir)
          .stringMap("Labels", labels)
          .string("StopSignal", stopSignal)
          .end(extra);
    }
  }
}
