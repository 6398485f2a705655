package io.containerkit.linux;

import java.nio.file.Path;

/// The namespaces that processes live in (`namespaces(7)`).
public final class Namespaces {

  /// The kinds of namespaces.
  public enum Kind {
    CGROUP("cgroup"),
    IPC("ipc"),
    MOUNT("mnt"),
    NETWORK("net"),
    PID("pid"),
    TIME("time"),
    USER("user"),
    UTS("uts");

    private final String file;

    Kind(String file) {
      this.file = file;
    }
  }

  /// What tells one namespace from all others of this boot, while it exists.
  ///
  /// @param inode the number of its file, as in `net:[4026531840]`
  public record Identity(Kind kind, long inode) {}

  private Namespaces() {}

  /// The file that stands for a process' namespace: what `setns(2)`, a bind mount or an OCI configuration takes.
  public static Path path(int pid, Kind kind) {
    return Path.of("/proc/" + pid + "/ns/" + kind.file);
  }

  /// Opens a process' namespace, which lives on at least as long as the descriptor.
  ///
  /// @throws io.containerkit.spec.KernelException of kind `NOT_FOUND` if there is no such process
  public static Fd open(int pid, Kind kind) {
    return Fd.openToRead(path(pid, kind));
  }

  /// Which namespace a process lives in.
  ///
  /// @throws io.containerkit.spec.KernelException of kind `NOT_FOUND` if there is no such process
  public static Identity of(int pid, Kind kind) {
    String link = KernelFile.readLink(path(pid, kind));
    return new Identity(kind, Long.parseLong(link.substring(link.indexOf('[') + 1, link.length() - 1)));
  }
}
