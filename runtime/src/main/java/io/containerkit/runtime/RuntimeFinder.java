package io.containerkit.runtime;

import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds a runtime that works on this host: not one that is merely installed, but the first that runs a container.
///
/// Trying takes some tens of milliseconds for each runtime, so what was found is remembered in a file, until the binary changes or
/// the host is booted anew. Thread-safe.
public final class RuntimeFinder {

  /// The runtimes that are looked for, the quickest first.
  public static final List<String> NAMES = List.of("crun", "runc", "youki", "runsc");

  private final Path directory;
  private final List<String> names;
  private final String searchPath;

  /// Looks for the [usual runtimes][#NAMES].
  ///
  /// @param directory where results are kept, and what is needed for a moment to try; made if it is missing
  public RuntimeFinder(Path directory) {
    this(directory, NAMES);
  }

  /// Looks for these runtimes, the preferred first.
  ///
  /// @param names each a name that is looked up on the PATH, or a path
  public RuntimeFinder(Path directory, List<String> names) {
    this(directory, names, System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"));
  }

  RuntimeFinder(Path directory, List<String> names, String searchPath) {
    this.directory = directory.toAbsolutePath();
    this.names = List.copyOf(names);
    this.searchPath = searchPath;
  }

  /// The first runtime that runs containers here.
  ///
  /// @throws EngineException of kind `RUNTIME_NOT_FOUND` if there is none; the message says why not, of each
  public RuntimeProbe find() throws InterruptedException {
    List<Path> binaries = binaries();
    try {
      RuntimeCache cache = RuntimeCache.in(directory);
      for (Path binary : binaries) {
        Optional<RuntimeProbe> known = cache.find(binary);
        RuntimeProbe probe = known.isPresent() ? known.get() : probe(binary, cache);
        if (probe.works()) {
          return probe;
        }
      }
    } catch (IOException e) {
      throw failed(e);
    }
    // What did not work when it was tried last may do so now, and the messages are worth being fresh.
    List<RuntimeProbe> probes = probeAll();
    return probes.stream().filter(RuntimeProbe::works).findFirst().orElseThrow(() -> none(probes));
  }

  /// Tries every runtime that is installed, whatever is remembered of it.
  public List<RuntimeProbe> probeAll() throws InterruptedException {
    List<RuntimeProbe> probes = new ArrayList<>();
    try {
      RuntimeCache cache = RuntimeCache.in(directory);
      for (Path binary : binaries()) {
        probes.add(probe(binary, cache));
      }
    } catch (IOException e) {
      throw failed(e);
    }
    return probes;
  }

  private RuntimeProbe probe(Path binary, RuntimeCache cache) throws IOException, InterruptedException {
    RuntimeProbe probe = new RuntimeProbing(directory).probe(binary);
    if (Files.exists(binary)) {
      cache.put(probe);
    }
    return probe;
  }

  /// Where the runtimes are that are installed.
  private List<Path> binaries() {
    List<Path> binaries = new ArrayList<>();
    for (String name : names) {
      if (name.contains("/")) {
        binaries.add(Path.of(name).toAbsolutePath());
        continue;
      }
      for (String place : searchPath.split(File.pathSeparator, -1)) {
        Path candidate = Path.of(place, name).toAbsolutePath();
        if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
          binaries.add(candidate);
          break;
        }
      }
    }
    return binaries;
  }

  private EngineException failed(IOException e) {
    String reason =
        e instanceof AccessDeniedException
            ? "permission denied; be root, or name a state directory that you may write"
            : String.valueOf(e.getMessage());
    return new EngineException(ErrorKind.IO, directory.toString(), "runtimes cannot be tried in " + directory + ": " + reason, e);
  }

  private EngineException none(List<RuntimeProbe> probes) {
    String subject = String.join(", ", names);
    StringBuilder message = new StringBuilder("no runtime works on this host");
    if (probes.isEmpty()) {
      message.append(names.size() == 1 ? ": \"" + subject + "\" is not installed" : ": none of " + subject + " is installed");
      message.append("; Debian has crun and runc as packages of these names");
    }
    for (RuntimeProbe probe : probes) {
      message.append("; ").append(probe.binary()).append(": ").append(probe.failure());
    }
    return new EngineException(ErrorKind.RUNTIME_NOT_FOUND, subject, message.toString(), null);
  }
}
