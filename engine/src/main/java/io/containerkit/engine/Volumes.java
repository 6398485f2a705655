package io.containerkit.engine;

import io.containerkit.image.ImagesBuilder;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The volumes of this machine: directories that outlive containers, by name.
///
/// {@snippet :
/// Volumes volumes = Volumes.open();
/// volumes.create("db", Map.of("team", "blue"));
/// for (Volume volume : volumes.list()) {
///   System.out.println(volume.name() + " " + volume.path() + " " + volume.users());
/// }
/// volumes.remove("db");
/// }
///
/// A container has one by [ContainerBuilder#volume], which also makes one that is missing. Thread-safe, and shared by processes: whatever
/// two of them do at once, and at whatever instant one is killed, a volume is there whole or not at all, and none that a container has is
/// removed (docs/decisions/0010).
public final class Volumes {

  private static final int ANONYMOUS_BYTES = 32;
  /// The kernel's limit for a name in a directory (`NAME_MAX`).
  private static final int LONGEST = 255;

  private final Path root;

  private Volumes(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /// The volumes that all users of this machine share: `/var/lib/containerkit/volumes`, for a user
  /// `$XDG_DATA_HOME/containerkit/volumes`.
  public static Volumes open() {
    return open(ImagesBuilder.defaultRoot().resolveSibling("volumes"));
  }

  /// The volumes in a directory, which is made for its owner alone when there is the first one.
  public static Volumes open(Path root) {
    return new Volumes(root);
  }

  /// Makes a volume, unless there is one of this name; that is left as it is.
  ///
  /// @param name 2 to 255 of `A-Z a-z 0-9 _ . -`, the first a letter or digit
  /// @throws EngineException of kind `INVALID_ID` if it cannot be a name
  public Volume create(String name) {
    return create(name, Map.of());
  }

  /// Makes a volume with notes, unless there is one of this name; that is left as it is.
  public Volume create(String name, Map<String, String> labels) {
    return made(name, labels, false);
  }

  /// Makes a volume under a name that nobody has.
  public Volume create() {
    return made(newName(), Map.of(), true);
  }

  private Volume made(String name, Map<String, String> labels, boolean anonymous) {
    VolumeDirectory directory = directory(name);
    while (true) {
      directory.create(labels, anonymous);
      Optional<Volume> made = directory.read();
      // Or else somebody has removed it since.
      if (made.isPresent()) {
        return made.get();
      }
    }
  }

  /// Finds a volume.
  ///
  /// @throws EngineException of kind `INVALID_ID` if it cannot be a name
  public Optional<Volume> find(String name) {
    return directory(name).read();
  }

  /// The volume of this name.
  ///
  /// @throws EngineException of kind `NOT_FOUND` if there is none
  public Volume get(String name) {
    return find(name).orElseThrow(() -> missing(name));
  }

  /// All volumes in the order of their names.
  public List<Volume> list() {
    List<Volume> all = new ArrayList<>();
    for (String name : entries()) {
      if (!name.startsWith(".")) {
        new VolumeDirectory(root, name).read().ifPresent(all::add);
      }
    }
    all.sort(Comparator.comparing(Volume::name));
    return all;
  }

  /// Removes a volume and all that is in it.
  ///
  /// @throws EngineException of kind `NOT_FOUND` if there is none, `BUSY` if a container has it
  public void remove(String name) {
    if (!tryRemove(get(name))) {
      Volume used = get(name);
      throw new EngineException(
          ErrorKind.BUSY, name, "volume \"" + name + "\" is in use by container " + String.join(", ", used.users()) + ": delete it first", null);
    }
  }

  /// Removes the volumes that no container has.
  ///
  /// @param all also those that were given a name; as with docker, the others alone otherwise
  /// @return those that were removed
  public List<Volume> prune(boolean all) {
    List<Volume> removed = new ArrayList<>();
    for (Volume volume : list()) {
      if ((all || volume.anonymous()) && tryRemove(volume)) {
        removed.add(volume);
      }
    }
    for (String name : entries()) {
      VolumeDirectory.removeIfLeft(root, name);
    }
    return removed;
  }

  private boolean tryRemove(Volume volume) {
    return directory(volume.name()).remove();
  }

  private List<String> entries() {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (IOException e) {
      throw StateDirectory.failure("", "cannot list the volumes in " + root, e);
    }
    return names;
  }

  /// Where a volume is, or would be.
  VolumeDirectory directory(String name) {
    return new VolumeDirectory(root, check(name));
  }

  /// Makes the directory of all volumes, for its owner alone.
  static void createRoot(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      Files.createDirectories(root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  /// A name that nobody has: 64 hexadecimal digits, as docker's.
  static String newName() {
    byte[] bytes = new byte[ANONYMOUS_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /// Checks a name by docker's rule, which also keeps it from being a path or a private name of the engine's.
  ///
  /// @throws EngineException of kind `INVALID_ID` if it cannot be one
  public static String check(String name) {
    boolean valid = name.length() > 1 && name.length() <= LONGEST && isLetterOrDigit(name.charAt(0));
    for (int i = 1; valid && i < name.length(); i++) {
      valid = isLetterOrDigit(name.charAt(i)) || "_.-".indexOf(name.charAt(i)) >= 0;
    }
    if (!valid) {
      throw new EngineException(
          ErrorKind.INVALID_ID,
          name,
          "invalid name of a volume: \"" + printable(name) + "\"; it takes 2 to 255 of A-Z a-z 0-9 _ . -, the first a letter or digit",
          null);
    }
    return name;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static String printable(String name) {
    StringBuilder text = new StringBuilder();
    for (char c : name.substring(0, Math.min(name.length(), LONGEST)).toCharArray()) {
      text.append(Character.isISOControl(c) ? '?' : c);
    }
    return text.toString();
  }

  private static EngineException missing(String name) {
    return new EngineException(ErrorKind.NOT_FOUND, name, "volume \"" + name + "\" does not exist", null);
  }
}
