package io.containerkit.linux;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Directories laid over each other as one (`overlayfs`).
///
/// @param lower the read-only layers, the uppermost first; at least two if there is no upper
/// @param upper where changes go; null for a read-only overlay
/// @param work an empty directory on the file system of `upper`, for the kernel; null if there is no upper
/// @param options more options, each as in a mount command: `volatile`, `metacopy=on`
public record Overlay(List<Path> lower, @Nullable Path upper, @Nullable Path work, List<String> options) {

  /// What the kernel takes as the data of `mount(2)`: one page with its NUL.
  private static final int MAX_DATA = 4095;

  public Overlay {
    lower = List.copyOf(lower);
    options = List.copyOf(options);
    if (lower.isEmpty()) {
      throw new IllegalArgumentException("an overlay has at least one lower layer");
    }
    if ((upper == null) != (work == null)) {
      throw new IllegalArgumentException("an overlay has both an upper and a work directory, or neither");
    }
  }

  /// An overlay that takes changes.
  public static Overlay of(List<Path> lower, Path upper, Path work) {
    return new Overlay(lower, upper, work, List.of());
  }

  /// An overlay that only shows its layers.
  public static Overlay readOnly(List<Path> lower) {
    return new Overlay(lower, null, null, List.of());
  }

  /// The same with these options.
  public Overlay withOptions(String... options) {
    return new Overlay(lower, upper, work, List.of(options));
  }

  /// Mounts it, layer by layer where the kernel can do that (Linux 6.5), so that their number and names do not matter.
  void mount(Path target) {
    try (Names names = new Names();
        FsContext context = new FsContext("overlay", target)) {
      context.set("source", "overlay");
      for (int i = 0; i < lower.size(); i++) {
        String name = names.plain(lower.get(i));
        if (i == 0 && context.trySet("lowerdir+", name) == -Errno.EINVAL) {
          mountWithOneString(target);
          return;
        }
        if (i > 0) {
          context.set("lowerdir+", name);
        }
      }
      if (upper != null && work != null) {
        context.set("upperdir", names.plain(upper));
        context.set("workdir", names.plain(work));
      }
      for (String option : options) {
        context.option(option);
      }
      context.mount(0);
    }
  }

  /// Mounts it with `mount(2)`, which takes all layers in one page of text: by their paths if these fit, else by the shortest names
  /// that they can have, which is enough for more than 200.
  void mountWithOneString(Path target) {
    try (Names names = new Names();
        Arena arena = Arena.ofConfined()) {
      String data = data(names, false);
      if (data.getBytes(StandardCharsets.UTF_8).length > MAX_DATA) {
        data = data(names, true);
      }
      if (data.length() > MAX_DATA) {
        throw Errno.exception("mount", "overlay on " + target + " of " + lower.size() + " layers", Errno.E2BIG);
      }
      long type = CString.copy(arena, "overlay");
      long place = CString.copy(arena, target.toString());
      long result = Native.syscall(Syscall.MOUNT, type, place, type, 0, CString.copy(arena, data));
      Errno.check(result, "mount", "overlay on " + target + " with " + data);
    }
  }

  private String data(Names names, boolean shortest) {
    StringBuilder data = new StringBuilder("lowerdir=");
    for (int i = 0; i < lower.size(); i++) {
      data.append(i == 0 ? "" : ":").append(names.separable(lower.get(i), shortest));
    }
    if (upper != null && work != null) {
      data.append(",upperdir=").append(names.separable(upper, shortest));
      data.append(",workdir=").append(names.separable(work, shortest));
    }
    for (String option : options) {
      data.append(',').append(option);
    }
    return data.toString();
  }

  /// Names for directories that the kernel's parsers take. A path that is too long, or that holds a character with a meaning of its
  /// own, goes by `/proc/self/fd/N`: that way there is nothing to escape, which kernels do differently.
  private static final class Names implements AutoCloseable {

    private final List<Fd> open = new ArrayList<>();

    String plain(Path path) {
      String name = path.toString();
      boolean usable = name.indexOf('\\') < 0 && name.getBytes(StandardCharsets.UTF_8).length <= FsContext.MAX_VALUE;
      return usable ? name : descriptor(path);
    }

    String separable(Path path, boolean shortest) {
      String name = path.toString();
      boolean usable = !shortest && name.indexOf('\\') < 0 && name.indexOf(':') < 0 && name.indexOf(',') < 0;
      return usable ? name : descriptor(path);
    }

    private String descriptor(Path path) {
      Fd fd = Fd.openPath(path);
      open.add(fd);
      return fd.path().toString();
    }

    @Override
    public void close() {
      open.forEach(Fd::close);
    }
  }
}
