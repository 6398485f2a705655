package io.containerkit.runtime;

import io.containerkit.linux.MountNamespace;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonBoolean;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonString;
import io.containerkit.spec.JsonValue;
import io.containerkit.spec.ObjectReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What was found out about one runtime binary on this host, by running a container with it.
///
/// @param binary the file that was run
/// @param versionText what it prints for `--version`; empty if it could not be run
/// @param way how it has to be called here; empty if no way works
/// @param failure why it does not work, in its own words; empty if it does
public record RuntimeProbe(Path binary, String versionText, Optional<Way> way, String failure) {

  /// How a runtime has to be called on this host.
  ///
  /// @param privateCgroupView its commands run in a mount namespace of their own in which `/sys/fs/cgroup/unified` is not mounted:
  ///     some runtimes refuse a host on which both cgroup versions are mounted
  /// @param globalArgs further words before each command
  public record Way(boolean privateCgroupView, List<String> globalArgs) {

    /// Like on any other host.
    public static final Way PLAIN = new Way(false, List.of());

    /// Copies the list.
    public Way {
      globalArgs = List.copyOf(globalArgs);
    }

    /// What is special about it, to be read after "runs containers".
    String described() {
      return (privateCgroupView ? ", in a mount namespace without the unified control groups" : "")
          + (globalArgs.isEmpty() ? "" : ", with " + String.join(" ", globalArgs));
    }

    /// Has a runtime called in this way: in a mount namespace that all such runtimes of this JVM share, if it needs one.
    ///
    /// That namespace does not see what is mounted later on a host whose mounts are private. A container whose root file system is
    /// such a mount needs a namespace of its own, see [#prepare].
    OciRuntimeBuilder applyTo(OciRuntimeBuilder builder) {
      builder.globalArgs(globalArgs);
      return privateCgroupView ? builder.mountNamespace(HybridCgroups.sharedView()) : builder;
    }

    /// Prepares a mount namespace of the caller's for a runtime that is to run in it.
    public void prepare(MountNamespace namespace) {
      if (privateCgroupView) {
        HybridCgroups.hideUnified(namespace);
      }
    }
  }

  /// Whether it really runs containers here.
  public boolean works() {
    return way.isPresent();
  }

  /// Whether it is the runtime that somebody calls by this name or path.
  boolean isNamed(String name) {
    return name.contains("/") ? binary.equals(Path.of(name).toAbsolutePath()) : binary.endsWith(name);
  }

  /// Its dialect, as far as it told.
  public Dialect dialect() {
    return Dialect.of(versionText);
  }

  /// Starts from this runtime, called in the way that works.
  ///
  /// @throws java.util.NoSuchElementException if none does
  public OciRuntimeBuilder builder() {
    return way.orElseThrow().applyTo(OciRuntime.builder(binary.toString()).dialect(dialect()));
  }

  static RuntimeProbe of(ObjectReader in) {
    ObjectReader way = in.object("way");
    return new RuntimeProbe(
        Path.of(in.requiredString("binary")),
        in.string("version"),
        way == null ? Optional.empty() : Optional.of(new Way(way.flag("privateCgroupView"), way.strings("globalArgs"))),
        in.string("failure"));
  }

  JsonObject toJson() {
    JsonObject json = JsonObject.EMPTY.with("binary", binary.toString()).with("version", versionText).with("failure", failure);
    if (way.isEmpty()) {
      return json;
    }
    List<JsonValue> args = new ArrayList<>();
    way.get().globalArgs().forEach(arg -> args.add(new JsonString(arg)));
    return json.with(
        "way",
        JsonObject.EMPTY
            .with("privateCgroupView", JsonBoolean.of(way.get().privateCgroupView()))
            .with("globalArgs", new JsonArray(args)));
  }
}
