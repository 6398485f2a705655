package io.containerkit.cli;

import io.containerkit.cli.ContainerFlags.Source;
import io.containerkit.engine.Container;
import io.containerkit.engine.ContainerBuilder;
import io.containerkit.engine.Rootfs;
import io.containerkit.runtime.Stdio;
import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.Spec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Makes the container that `run` and `create` ask for.
///
/// @param terminal whether its first process has a terminal
/// @param interactive whether it reads ckit's standard input
/// @param display shows the pull of its image; null without an image
record ContainerMaking(
    Session session, ContainerBuilder builder, ContainerFlags flags, boolean terminal, boolean interactive, @Nullable PullDisplay display) {

  static ContainerMaking of(Session session, ContainerFlags flags) {
    String id = flags.id().isPresent() ? flags.id().get() : randomId();
    ContainerBuilder builder = session.kit().container(id);
    session.flags().timeout().ifPresent(builder::deadline);
    flags.pidFile().ifPresent(file -> HostFacts.checkDirectoryOf("--pid-file", file));
    builder.descriptors(Descriptors.preserved(flags.preserveFds()));
    builder.noPivot(flags.noPivot()).noNewKeyring(flags.noNewKeyring());
    return switch (flags.source()) {
      case Source.Bundle(Path directory) -> {
        HostFacts.checkBundle(directory);
        builder.bundle(directory);
        ProcessSpec process = builder.spec().process();
        // As with runc, whatever config.json says of a terminal holds, and standard input is always connected.
        yield new ContainerMaking(session, builder, flags, process != null && process.terminal(), true, null);
      }
      case Source.Rootfs(Path directory, boolean writable) -> {
        builder.rootfs(writable ? Rootfs.writable(directory) : Rootfs.readOnly(directory)).command(flags.command());
        yield flagged(session, builder, id, flags, null);
      }
      case Source.Image(ImageFlags image) -> {
        PullDisplay display = new PullDisplay(session, image);
        image.configure(builder, display);
        if (!flags.command().isEmpty()) {
          builder.command(flags.command());
        }
        yield flagged(session, builder, id, flags, display);
      }
    };
  }

  private static ContainerMaking flagged(
      Session session, ContainerBuilder builder, String id, ContainerFlags flags, @Nullable PullDisplay display) {
    List<String> fileEnv = HostFacts.environmentFiles(flags.process().envFiles());
    FlaggedSpec.Host host = HostFacts.of(flags);
    builder.spec(spec -> FlaggedSpec.of(spec, id, flags, fileEnv, host));
    flags.process().user().ifPresent(builder::user);
    return new ContainerMaking(session, builder, flags, flags.process().tty(), flags.process().interactive(), display);
  }

  /// Makes the container, says in what it differs from what was asked for, and writes the file that was asked for.
  Container create(Stdio stdio) {
    Container container = made(stdio);
    try {
      session.tell(container.adjustments());
      if (flags.pidFile().isPresent()) {
        HostFacts.writePid(flags.pidFile().get(), container.pid());
      }
      return container;
    } catch (Throwable failure) {
      try {
        container.close();
      } catch (RuntimeException also) {
        failure.addSuppressed(also);
      }
      throw failure;
    }
  }

  private Container made(Stdio stdio) {
    builder.stdio(stdio);
    if (display == null) {
      return builder.create();
    }
    try (display) {
      return builder.create();
    }
  }

  /// The standard streams of a container that nobody is in front of.
  static Stdio output(Optional<Path> file) {
    if (file.isEmpty()) {
      return Stdio.none();
    }
    HostFacts.checkDirectoryOf("--output", file.get());
    Stdio.Stream output = new Stdio.Stream.File(file.get(), true);
    return Stdio.of(new Stdio.Stream.Null(), output, output);
  }

  /// Twelve hexadecimal digits, as podman and docker show ids. Whether an id is free shows when it is taken.
  private static String randomId() {
    String digits = Long.toHexString(ThreadLocalRandom.current().nextLong(1L << 48));
    return "0".repeat(12 - digits.length()) + digits;
  }
}
