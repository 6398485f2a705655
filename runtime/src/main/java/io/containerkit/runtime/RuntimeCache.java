package io.containerkit.runtime;

import io.containerkit.spec.Json;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonValue;
import io.containerkit.spec.ObjectReader;
import io.containerkit.spec.SpecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Remembers what probing found, in a file. It holds for one boot of one kernel, and for each binary as long as its size and time of
/// change stay. After an upgrade or a reboot nothing is known, nor from a file that is not there or does not make sense.
///
/// Several processes may share the file. It is replaced as a whole; when two write at once, one result is lost, to be found again.
final class RuntimeCache {

  private final Path file;
  private final String host;

  /// @param host tells this boot of this kernel from others
  RuntimeCache(Path file, String host) {
    this.file = file;
    this.host = host;
  }

  /// The cache of the host as it runs now.
  static RuntimeCache in(Path directory) throws IOException {
    String release = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
    String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    return new RuntimeCache(directory.resolve("runtimes.json"), release + " " + boot);
  }

  /// What is known of a binary.
  Optional<RuntimeProbe> find(Path binary) throws IOException {
    for (JsonObject entry : entries()) {
      ObjectReader in = ObjectReader.of(entry);
      RuntimeProbe probe = RuntimeProbe.of(in);
      if (probe.binary().equals(binary) && Files.exists(binary) && stamp(binary).equals(in.string("stamp"))) {
        return Optional.of(probe);
      }
    }
    return Optional.empty();
  }

  /// Keeps what was found, in the place of what was known of this binary.
  void put(RuntimeProbe probe) throws IOException {
    List<JsonValue> entries = new ArrayList<>();
    for (JsonObject entry : entries()) {
      if (!RuntimeProbe.of(ObjectReader.of(entry)).binary().equals(probe.binary())) {
        entries.add(entry);
      }
    }
    entries.add(probe.toJson().with("stamp", stamp(probe.binary())));
    JsonObject document = JsonObject.EMPTY.with("host", host).with("runtimes", new JsonArray(entries));
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), "runtimes", ".tmp");
    try {
      Files.write(fresh, Json.writePretty(document));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private List<JsonObject> entries() {
    List<JsonObject> entries = new ArrayList<>();
    try {
      ObjectReader document = ObjectReader.of(Json.readObject(file));
      if (document.string("host").equals(host)) {
        for (ObjectReader entry : document.objects("runtimes")) {
          JsonObject whole = entry.rest();
          RuntimeProbe.of(entry);
          entries.add(whole);
        }
      }
    } catch (SpecException _) {
      // No file yet, or one of another version: nothing is known. The next put replaces it.
      return List.of();
    }
    return entries;
  }

  /// What changes when another file takes the binary's place.
  private static String stamp(Path binary) throws IOException {
    return Files.size(binary) + " " + Files.getLastModifiedTime(binary);
  }
}
