package io.containerkit.cli;

import io.containerkit.cli.FileFlags.DeviceFlag;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.LinuxDevice;
import io.containerkit.spec.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Looks up on the host what flags refer to.
final class HostFacts {

  private static final int TYPE_MASK = 0170000;
  private static final int CHARACTER_DEVICE = 0020000;
  private static final int BLOCK_DEVICE = 0060000;

  private HostFacts() {}

  /// What a specification is made from. Nothing is looked up that no flag refers to.
  static FlaggedSpec.Host of(ContainerFlags flags) {
    List<LinuxDevice> devices = new ArrayList<>();
    for (DeviceFlag device : flags.files().devices()) {
      devices.add(device(device));
    }
    for (Mount mount : flags.files().mounts()) {
      if (mount.type().equals("bind")) {
        check("--volume", Path.of(mount.source()), "make it, or mount what is there");
      }
    }
    return new FlaggedSpec.Host(System.getenv(), capabilities(flags.process()), devices);
  }

  /// The capabilities that ckit can give: its own bounding set.
  static long capabilities(ProcessFlags flags) {
    if (flags.capabilities().isEmpty()) {
      return 0;
    }
    Path file = Path.of("/proc/self/status");
    for (String line : lines("read", file)) {
      if (line.startsWith("CapBnd:")) {
        return Long.parseUnsignedLong(line.substring("CapBnd:".length()).strip(), 16);
      }
    }
    throw new EngineException(ErrorKind.INTERNAL, file.toString(), file + " does not tell the capabilities (CapBnd)", null);
  }

  /// The variables of `--env-file`: one a line; empty lines and those that start with # are left out.
  static List<String> environmentFiles(List<Path> files) {
    List<String> variables = new ArrayList<>();
    for (Path file : files) {
      for (String line : lines("--env-file", file)) {
        String variable = line.strip();
        if (!variable.isEmpty() && variable.charAt(0) != '#') {
          variables.add(variable);
        }
      }
    }
    return variables;
  }

  /// Finds out before anything is made that a file which a flag names is missing.
  private static void check(String flag, Path file, String advice) {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new EngineException(
          ErrorKind.INVALID_ARGUMENT, file.toString(), flag + " " + file + ": it does not exist on the host; " + advice, null);
    }
  }

  /// Checks that a bundle can be one.
  static void checkBundle(Path bundle) {
    Path config = bundle.resolve("config.json");
    if (!Files.exists(config)) {
      throw new EngineException(
          ErrorKind.INVALID_ARGUMENT,
          config.toString(),
          "--bundle: " + config + " does not exist; name a directory that has one, or ckit spec writes one",
          null);
    }
  }

  /// Checks that a file can be made where a flag asks for it.
  static void checkDirectoryOf(String flag, Path file) {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      check(flag + " " + file + ":", directory, "make it first");
    }
  }

  private static LinuxDevice device(DeviceFlag flag) {
    Map<String, Object> attributes;
    try {
      attributes = Files.readAttributes(flag.host(), "unix:mode,rdev,uid,gid");
    } catch (IOException e) {
      throw failure("--device", flag.host(), e);
    }
    long mode = number(attributes, "mode");
    long number = number(attributes, "rdev");
    long type = mode & TYPE_MASK;
    if (type != CHARACTER_DEVICE && type != BLOCK_DEVICE) {
      throw new EngineException(
          ErrorKind.INVALID_ARGUMENT, flag.host().toString(), "--device " + flag.host() + ": this is not a device", null);
    }
    return LinuxDevice.builder(flag.path().toString(), type == BLOCK_DEVICE ? "b" : "c")
        // makedev(3)
        .major((number >>> 8 & 0xfff) | (number >>> 32 & ~0xfffL))
        .minor((number & 0xff) | (number >>> 12 & ~0xffL))
        .fileMode(mode & 0777)
        .uid(number(attributes, "uid"))
        .gid(number(attributes, "gid"))
        .build();
  }

  private static long number(Map<String, Object> attributes, String name) {
    return ((Number) Objects.requireNonNull(attributes.get(name), name)).longValue();
  }

  /// ckit's own user or group.
  ///
  /// @param which `uid` or `gid`
  static long ownId(String which) {
    Path self = Path.of("/proc/self");
    try {
      return ((Number) Files.getAttribute(self, "unix:" + which)).longValue();
    } catch (IOException e) {
      throw failure("look at", self, e);
    }
  }

  /// Writes a process id for others to read: whole or not at all.
  static void writePid(Path file, int pid) {
    Path absolute = file.toAbsolutePath();
    Path temporary = absolute.resolveSibling("." + absolute.getFileName() + ".new");
    try {
      Files.writeString(temporary, Integer.toString(pid));
      Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failure("--pid-file", file, e);
    }
  }

  /// The lines of a file.
  ///
  /// @param what names the file in a failure, such as the flag that asked for it
  static List<String> lines(String what, Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw failure(what, file, e);
    }
  }

  static EngineException failure(String what, Path file, IOException cause) {
    return new EngineException(ErrorKind.IO, file.toString(), what + " " + file + ": " + reason(cause), cause);
  }

  /// What went wrong, without the path that the message of a file system's exception is or starts with.
  private static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.NoSuchFileException _ -> "it does not exist";
      case java.nio.file.AccessDeniedException _ -> "permission denied";
      case java.nio.charset.CharacterCodingException _ -> "it is not UTF-8 text";
      case java.nio.file.FileSystemException other when other.getReason() != null -> other.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
