package io.containerkit.image;

import io.containerkit.image.ContentStore.Reference;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.Json;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.ObjectReader;
import io.containerkit.spec.SpecException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The names of a store: one file each, called by the hash of the name, since a name may be longer than a file's.
final class References {

  private final Path directory;
  private final Supplier<Path> temporary;

  References(Path directory, Supplier<Path> temporary) {
    this.directory = directory;
    this.temporary = temporary;
  }

  Optional<Reference> find(String name) {
    return read(file(name));
  }

  List<Reference> all() {
    var all = new ArrayList<Reference>();
    try (Stream<Path> files = Files.list(directory)) {
      // A file with another name is not the store's.
      files.filter(file -> Digest.find("sha256:" + file.getFileName()).isPresent()).forEach(file -> read(file).ifPresent(all::add));
    } catch (IOException e) {
      throw Unpacking.failed("store " + directory, e);
    }
    all.sort(Comparator.comparing(Reference::name));
    return all;
  }

  void put(Reference reference) {
    var json = JsonObject.EMPTY.with("name", reference.name()).with("target", reference.target().toJson());
    try {
      Directories.replace(file(reference.name()), Json.writeBytes(json), temporary.get());
    } catch (IOException e) {
      throw Unpacking.failed("image " + reference.name(), e);
    }
  }

  boolean remove(String name) {
    try {
      boolean removed = Files.deleteIfExists(file(name));
      Directories.sync(directory);
      return removed;
    } catch (IOException e) {
      throw Unpacking.failed("image " + name, e);
    }
  }

  private static Optional<Reference> read(Path file) {
    try {
      var in = ObjectReader.of(Json.readObject(file), file.toString());
      Descriptor target = Descriptor.in(in, "target");
      if (target == null) {
        throw in.problem("target", "is missing");
      }
      return Optional.of(new Reference(in.requiredString("name"), target));
    } catch (SpecException e) {
      if (e.kind() == ErrorKind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Path file(String name) {
    return directory.resolve(Digest.sha256(name.getBytes(StandardCharsets.UTF_8)).hex());
  }
}
