package io.containerkit.cli;

import io.containerkit.spec.LinuxResources;
import io.containerkit.spec.Rlimit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What `run` and `create` make a container of.
///
/// @param id the container's id; empty to have one made up
/// @param source its bundle, or the directory or image it is made from
/// @param command the command line in it; empty with a bundle, which has its own, and to leave it to an image
/// @param annotations `NAME=VALUE`, checked
/// @param preserveFds how many descriptors from 3 on it inherits
record ContainerFlags(
    Optional<String> id,
    Source source,
    List<String> command,
    ProcessFlags process,
    FileFlags files,
    NamespaceFlags namespaces,
    LinuxResources limits,
    Optional<String> cgroupParent,
    List<Rlimit> rlimits,
    Optional<Long> oomScoreAdj,
    List<String> annotations,
    Optional<Path> pidFile,
    int preserveFds,
    boolean noPivot,
    boolean noNewKeyring) {

  static final String OPERANDS = "(IMAGE [COMMAND…] | --rootfs DIR[:rw] [--] COMMAND… | --bundle DIR [ID])";

  /// Where the container's files and settings come from.
  sealed interface Source {

    /// A bundle: `config.json` says everything.
    record Bundle(Path directory) implements Source {}

    /// A directory that becomes the root; the settings come from flags.
    ///
    /// @param writable whether it is written in place; otherwise under a layer that is thrown away
    record Rootfs(Path directory, boolean writable) implements Source {}

    /// An image; flags come on top of what it says.
    record Image(ImageFlags flags) implements Source {}
  }

  static void describe(Flags flags) {
    flags
        .section("Container")
        .value("rootfs", "DIR[:rw]", "The root file system. What is written to it is thrown away, unless :rw.")
        .value("b", "bundle", "DIR", "A bundle instead: its config.json says everything below.")
        .value("name", "ID", "The container's id; without it, one is made up.")
        .value("annotation", "NAME=VALUE", "An annotation for the runtime. Repeatable.")
        .value("pid-file", "FILE", "Where to write the process id of the container's first process.")
        .value("preserve-fds", "NUMBER", "Passes that many descriptors, from 3 on.")
        .toggle("no-pivot", "Lets the runtime use MS_MOVE, for a root on an initramfs.")
        .toggle("no-new-keyring", "Shares ckit's session keyring.")
        .section("Image")
        .value("pull", "always|missing|newer|never", "When the registry is asked for it; if it is missing without it.")
        .value("platform", "OS/ARCH[/VARIANT]", "For which platform; this machine's without it.")
        .value("entrypoint", "WORD|JSON", "What the command line starts with, instead of what the image says; empty for nothing.")
        .value("l", "label", "NAME[=VALUE]", "A note to keep beside those of the image. Repeatable.")
        .toggle("q", "quiet", "Shows no progress of a pull.");
    ProcessFlags.describe(flags);
    flags
        .value("ulimit", "NAME=SOFT[:HARD]", "A limit for each process, such as nofile=1024. Repeatable.")
        .value("oom-score-adj", "SCORE", "How readily the kernel ends it when memory is short; -1000 to 1000.");
    FileFlags.describe(flags);
    NamespaceFlags.describe(flags);
    ResourceFlags.describe(flags);
    flags.value("cgroup-parent", "PATH", "The cgroup under which its own is made.");
  }

  /// Flags that hold for a bundle, too; all others are in its config.json.
  private static final List<String> WITH_BUNDLE =
      List.of("bundle", "name", "pid-file", "preserve-fds", "no-pivot", "no-new-keyring");

  /// Flags that mean nothing without an image.
  private static final List<String> OF_IMAGE = List.of("pull", "platform", "entrypoint", "label", "quiet");

  static ContainerFlags of(Arguments arguments, List<String> alsoWithBundle) {
    Source source = source(arguments);
    boolean bundle = source instanceof Source.Bundle;
    boolean image = source instanceof Source.Image;
    if (!image) {
      refuse(arguments, OF_IMAGE);
    }
    if (bundle) {
      for (String flag : arguments.given()) {
        if (!WITH_BUNDLE.contains(flag) && !alsoWithBundle.contains(flag)) {
          throw arguments.mistake("--" + flag + " cannot be combined with --bundle, whose config.json says everything");
        }
      }
    } else if (!image && arguments.operands().isEmpty()) {
      throw arguments.mistake("a command is missing after --rootfs " + arguments.text("rootfs").orElse("") + ", such as -- /bin/sh");
    }
    List<String> annotations = new ArrayList<>();
    for (String annotation : arguments.texts("annotation")) {
      annotations.add(Values.assignment(arguments, "annotation", annotation));
    }
    return new ContainerFlags(
        bundle ? bundleId(arguments) : arguments.text("name"),
        source,
        bundle ? List.of() : image ? arguments.operands().subList(1, arguments.operands().size()) : arguments.operands(),
        ProcessFlags.of(arguments),
        FileFlags.of(arguments),
        NamespaceFlags.of(arguments),
        ResourceFlags.of(arguments),
        Values.cgroup(arguments, "cgroup-parent"),
        rlimits(arguments),
        Values.number(arguments, "oom-score-adj", -1000, 1000),
        List.copyOf(annotations),
        Values.path(arguments, "pid-file"),
        Values.number(arguments, "preserve-fds", 0, 1000).orElse(0L).intValue(),
        arguments.has("no-pivot"),
        arguments.has("no-new-keyring"));
  }

  private static void refuse(Arguments arguments, List<String> ofImage) {
    for (String flag : ofImage) {
      if (arguments.has(flag)) {
        throw arguments.mistake("--" + flag + " says something about an image, and there is none");
      }
    }
  }

  private static Source source(Arguments arguments) {
    Optional<String> rootfs = arguments.text("rootfs");
    Optional<Path> bundle = Values.path(arguments, "bundle");
    if (rootfs.isPresent() && bundle.isPresent()) {
      throw arguments.mistake("--rootfs and --bundle exclude each other");
    }
    if (bundle.isPresent()) {
      return new Source.Bundle(bundle.get());
    }
    if (rootfs.isEmpty()) {
      if (arguments.operands().isEmpty()) {
        throw arguments.mistake("what to run? Give an IMAGE, --rootfs DIR and a command, or --bundle DIR");
      }
      return new Source.Image(ImageFlags.of(arguments, arguments.operand(0)));
    }
    String directory = rootfs.get();
    boolean writable = directory.endsWith(":rw");
    if (writable || directory.endsWith(":ro")) {
      directory = directory.substring(0, directory.length() - 3);
    }
    return new Source.Rootfs(Values.path(arguments, "rootfs", directory), writable);
  }

  /// The id of a container from a bundle, which runc takes as an operand and podman as a flag.
  private static Optional<String> bundleId(Arguments arguments) {
    if (arguments.operands().size() > 1) {
      throw arguments.mistake(
          "\"" + arguments.operand(1) + "\" is one operand too many: with --bundle only the id is one, and flags precede it");
    }
    Optional<String> operand = arguments.optionalOperand(0);
    Optional<String> name = arguments.text("name");
    if (operand.isPresent() && name.isPresent() && !operand.equals(name)) {
      throw arguments.mistake(
          "the id is given twice: --name " + name.get() + " and \"" + operand.get() + "\"");
    }
    return operand.isPresent() ? operand : name;
  }

  private static final List<String> RLIMITS =
      List.of(
          "as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio",
          "rttime", "sigpending", "stack");

  private static List<Rlimit> rlimits(Arguments arguments) {
    List<Rlimit> limits = new ArrayList<>();
    for (String text : arguments.texts("ulimit")) {
      limits.add(rlimit(arguments, text));
    }
    return List.copyOf(limits);
  }

  private static Rlimit rlimit(Arguments arguments, String text) {
    int equals = text.indexOf('=');
    int colon = text.indexOf(':', equals + 1);
    String name = text.substring(0, Math.max(0, equals));
    if (!RLIMITS.contains(name)) {
      throw Values.wrong(arguments, "ulimit", text, "NAME=SOFT[:HARD] with one of " + String.join(", ", RLIMITS), null);
    }
    try {
      long soft = limit(text.substring(equals + 1, colon < 0 ? text.length() : colon));
      long hard = colon < 0 ? soft : limit(text.substring(colon + 1));
      if (Long.compareUnsigned(soft, hard) > 0) {
        throw arguments.mistake("--ulimit: \"" + text + "\" has a soft limit above its hard limit");
      }
      return Rlimit.of("RLIMIT_" + name.toUpperCase(Locale.ROOT), soft, hard);
    } catch (NumberFormatException e) {
      throw Values.wrong(arguments, "ulimit", text, "NAME=SOFT[:HARD], such as nofile=1024:2048", e);
    }
  }

  private static long limit(String text) {
    if (text.equals("unlimited") || text.equals("-1")) {
      return Rlimit.INFINITY;
    }
    return Long.parseUnsignedLong(text);
  }
}
