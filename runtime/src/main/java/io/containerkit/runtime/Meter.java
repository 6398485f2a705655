package io.containerkit.runtime;

import io.containerkit.linux.MemoryEvents;
import io.containerkit.spec.CommandException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.JsonLimits;
import io.containerkit.spec.Json;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonValue;
import io.containerkit.spec.Linux;
import io.containerkit.spec.LinuxResources;
import io.containerkit.spec.Spec;
import io.containerkit.spec.SpecException;
import io.containerkit.spec.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Measures containers and changes their limits: at the kernel, where the runtime only passes on what that says, and through the
/// runtime where it alone knows, which is in a sandbox.
final class Meter {

  private static final String NOT_RUNNING = "the container is not running";

  private final OciRuntime runtime;
  private final Settings settings;
  private final Dialect dialect;
  private final Commands commands;

  Meter(OciRuntime runtime, Settings settings, Dialect dialect, Commands commands) {
    this.runtime = runtime;
    this.settings = settings;
    this.dialect = dialect;
    this.commands = commands;
  }

  ContainerStats stats(String id) {
    return dialect.is(Dialect.Trait.SANDBOXED) ? printed(id) : new CgroupStatsReader(live(id)).read();
  }

  /// What the runtime's own command says.
  ContainerStats printed(String id) {
    List<String> args = new ArrayList<>(new Args(dialect, "events").flag("stats", true).list());
    args.add(id);
    try {
      return commands.read("events", id, args, Meter::statistics);
    } catch (CommandException e) {
      // runsc fails without a word when the sandbox has ended.
      if (runtime.state(id).status() == State.Status.STOPPED) {
        throw Failure.of(ErrorKind.NOT_RUNNING, what("stats", id), NOT_RUNNING, e.argv(), null, e.log(), e.stderrTail(), e);
      }
      throw e;
    }
  }

  private static ContainerStats statistics(byte[] documents) {
    for (JsonValue document : Json.readSequence(documents, JsonLimits.DEFAULT)) {
      if (document instanceof JsonObject event
          && RuntimeEvents.event(event, Instant.now()).orElse(null) instanceof ContainerEvent.Stats(var stats)) {
        return stats;
      }
    }
    throw new SpecException("", "there are no statistics in it");
  }

  LinuxResources limits(String id) {
    return new CgroupLimits(live(id)).read();
  }

  ContainerEvents events(String id, @Nullable Duration interval) {
    ContainerProcess init = runtime.load(id).orElseThrow(() -> notRunning("events", id));
    ContainerEvents events;
    try {
      events = events(init, interval);
    } catch (RuntimeException e) {
      init.close();
      throw e;
    }
    events.own(init::close);
    return events;
  }

  /// Listens with no command at all: the process is at hand, and the kernel knows the rest.
  ContainerEvents events(ContainerProcess init, @Nullable Duration interval) {
    String id = init.containerId();
    Controllers at = Controllers.of(init.pid());
    if (!init.isAlive()) {
      // The pid may have come to another process before its groups were read.
      throw notRunning("events", id);
    }
    CgroupStatsReader reader = new CgroupStatsReader(at);
    Supplier<ContainerStats> stats = dialect.is(Dialect.Trait.SANDBOXED) ? () -> printed(id) : reader::read;
    ContainerEvents events = new ContainerEvents(stats, reader::oomKills, interval);
    CgroupFiles memory = at.either("memory");
    // In the unified hierarchy the count is there only where the controller is enabled.
    if (memory != null && reader.oomKills().isPresent()) {
      MemoryEvents notices = MemoryEvents.listen(memory.directory(), settings.loop(), events::outOfMemory);
      events.own(notices::close);
    }
    var _ = init.onExit().thenRun(events::ended);
    return events;
  }

  void update(String id, LinuxResources change, UpdateOptions options) {
    LinuxResources resources = options.merge() ? withLimitsInForce(id, change) : change;
    commands.run(
        "update",
        id,
        command -> {
          Path file = command.file("resources.json");
          Json.write(resources.toJson(), file);
          List<String> args = new ArrayList<>(options.args(dialect, file));
          args.add(id);
          return args;
        },
        List.of(),
        options.deadline().orElse(settings.deadline()));
  }

  private LinuxResources withLimitsInForce(String id, LinuxResources change) {
    State state = runtime.state(id);
    Set<String> unified = new LinkedHashSet<>(change.unified().keySet());
    unified.addAll(configuredUnified(Path.of(state.bundle())));
    return new CgroupLimits(Controllers.of(state.pid())).resetByOmission(unified).merge(change);
  }

  /// The files of v2 that the container was created with.
  private static Set<String> configuredUnified(Path bundle) {
    try {
      Linux linux = Spec.read(bundle.resolve("config.json")).linux();
      LinuxResources resources = linux == null ? null : linux.resources();
      return resources == null ? Set.of() : resources.unified().keySet();
    } catch (SpecException e) {
      if (e.kind() == ErrorKind.NOT_FOUND) {
        return Set.of(); // a bundle is not needed any more once the container has been created
      }
      throw e;
    }
  }

  private Controllers live(String id) {
    State state = runtime.state(id);
    if (state.status() == State.Status.STOPPED || state.pid() <= 0) {
      throw notRunning("stats", id);
    }
    return Controllers.of(state.pid());
  }

  private CommandException notRunning(String command, String id) {
    return failure(ErrorKind.NOT_RUNNING, command, id, NOT_RUNNING);
  }

  private String what(String command, String id) {
    return settings.name() + " " + command + " \"" + id + "\"";
  }

  private CommandException failure(ErrorKind kind, String command, String id, String why) {
    return Failure.of(kind, what(command, id), why, List.of(), null, List.of(), "", null);
  }
}
