package io.containerkit.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;

/// Mounts in the mount namespace of the calling thread: the host's, or the one of [MountNamespace#call].
public final class Mounts {

  /// What a mount does not allow, apart from what its file system allows.
  public enum Attribute {
    READ_ONLY(0x1),
    NO_SUID(0x2),
    NO_DEVICES(0x4),
    NO_EXECUTION(0x8),
    NO_ACCESS_TIME(0x10),
    NO_SYMLINKS(0x20_0000);

    /// `MOUNT_ATTR_…` of `linux/mount.h`.
    private final long bit;

    Attribute(long bit) {
      this.bit = bit;
    }
  }

  /// Whether mounts made below one place show up elsewhere (`mount_namespaces(7)`).
  public enum Propagation {
    /// Both ways.
    SHARED(1 << 20),
    /// They come in and do not go out.
    SLAVE(1 << 19),
    /// Neither way.
    PRIVATE(1 << 18);

    /// `MS_…` of `linux/mount.h`.
    private final long bit;

    Propagation(long bit) {
      this.bit = bit;
    }
  }

  private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
  private static final int OPEN_TREE_CLONE = 1;
  private static final int AT_RECURSIVE = 0x8000;
  private static final int UMOUNT_DETACH = 2;
  private static final int UMOUNT_NOFOLLOW = 8;

  /// `struct mount_attr` of `linux/mount.h`.
  static final int MOUNT_ATTR_SIZE = 32;
  static final int MOUNT_ATTR_SET = 0;
  static final int MOUNT_ATTR_PROPAGATION = 16;

  private Mounts() {}

  /// Mounts an overlay.
  ///
  /// @param target an existing directory
  public static void overlay(Overlay overlay, Path target) {
    overlay.mount(target);
  }

  /// Mounts an empty file system in memory.
  ///
  /// @param target an existing directory
  /// @param options such as `size=64m`, `mode=0755`
  public static void tmpfs(Path target, List<String> options, Attribute... attributes) {
    filesystem("tmpfs", target, options, attributes);
  }

  /// Mounts a file system that needs no device, such as `proc`, `sysfs`, `mqueue`.
  ///
  /// @param target an existing directory
  /// @param options each as in a mount command: `key=value` or `flag`
  public static void filesystem(String type, Path target, List<String> options, Attribute... attributes) {
    try (FsContext context = new FsContext(type, target)) {
      context.set("source", type);
      for (String option : options) {
        context.option(option);
      }
      context.mount(bits(attributes));
    }
  }

  /// Shows a directory or file, without the mounts below it, at a second place.
  ///
  /// @param target an existing directory if the source is one, else an existing file
  public static void bind(Path source, Path target) {
    bind(source, target, 0);
  }

  /// Shows a directory with all mounts below it at a second place.
  ///
  /// @param target an existing directory
  public static void bindRecursively(Path source, Path target) {
    bind(source, target, AT_RECURSIVE);
  }

  private static void bind(Path source, Path target, int recursive) {
    try (Arena arena = Arena.ofConfined()) {
      int flags = OPEN_TREE_CLONE | Fd.O_CLOEXEC | recursive;
      long result = Native.syscall(Syscall.OPEN_TREE, Fd.AT_FDCWD, CString.copy(arena, source.toString()), flags);
      try (Fd tree = Fd.own(Errno.check(result, "open_tree", source))) {
        attach(tree, target);
      }
    }
  }

  /// Gives a place to a mount that has none.
  static void attach(Fd mount, Path target) {
    try (Arena arena = Arena.ofConfined()) {
      long empty = CString.copy(arena, "");
      long place = CString.copy(arena, target.toString());
      long result = mount.syscall(Syscall.MOVE_MOUNT, empty, Fd.AT_FDCWD, place, MOVE_MOUNT_F_EMPTY_PATH);
      Errno.check(result, "move_mount", target);
    }
  }

  /// Adds attributes to a mount.
  public static void restrict(Path target, Attribute... attributes) {
    setAttributes(target, 0, bits(attributes), 0);
  }

  /// Adds attributes to a mount and to all mounts below it.
  public static void restrictRecursively(Path target, Attribute... attributes) {
    setAttributes(target, AT_RECURSIVE, bits(attributes), 0);
  }

  /// Sets the propagation of a mount and of all mounts below it.
  public static void propagate(Path target, Propagation propagation) {
    setAttributes(target, AT_RECURSIVE, 0, propagation.bit);
  }

  private static void setAttributes(Path target, int flags, long set, long propagation) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(MOUNT_ATTR_SIZE, 8);
      attributes.set(ValueLayout.JAVA_LONG, MOUNT_ATTR_SET, set);
      attributes.set(ValueLayout.JAVA_LONG, MOUNT_ATTR_PROPAGATION, propagation);
      long path = CString.copy(arena, target.toString());
      long result = Native.syscall(Syscall.MOUNT_SETATTR, Fd.AT_FDCWD, path, flags, attributes.address(), MOUNT_ATTR_SIZE);
      Errno.check(result, "mount_setattr", target);
    }
  }

  /// Takes the uppermost mount at a place away. A symbolic link is not followed.
  ///
  /// @throws io.containerkit.spec.KernelException of kind `BUSY` while something uses it, `INVALID_ARGUMENT` if nothing is mounted
  public static void unmount(Path target) {
    unmount(target, UMOUNT_NOFOLLOW);
  }

  /// Takes the uppermost mount at a place away with all below it, at once for everyone who looks, and for good as soon as nothing
  /// uses it any more (`MNT_DETACH`).
  ///
  /// @throws io.containerkit.spec.KernelException of kind `INVALID_ARGUMENT` if nothing is mounted
  public static void unmountLazily(Path target) {
    unmount(target, UMOUNT_NOFOLLOW | UMOUNT_DETACH);
  }

  private static void unmount(Path target, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      Errno.check(Native.syscall(Syscall.UMOUNT2, CString.copy(arena, target.toString()), flags, 0), "umount2", target);
    }
  }

  private static long bits(Attribute... attributes) {
    long bits = 0;
    for (Attribute attribute : attributes) {
      bits |= attribute.bit;
    }
    return bits;
  }
}
