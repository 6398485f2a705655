package io.containerkit.engine;

import io.containerkit.spec.Linux;
import io.containerkit.spec.LinuxNamespace;
import io.containerkit.spec.Mount;
import io.containerkit.spec.Spec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// The files by which a container knows its own name and finds others: `/etc/hostname`, `/etc/hosts` and `/etc/resolv.conf`. They lie in
/// the container's directory and are mounted over the image's, as Docker does it: they are the container's to write and no part of what
/// it has changed.
final class EtcFiles {

  private static final String LOCALHOST =
      """
      127.0.0.1\tlocalhost
      ::1\tlocalhost ip6-localhost ip6-loopback
      fe00::\tip6-localnet
      ff00::\tip6-mcastprefix
      ff02::1\tip6-allnodes
      ff02::2\tip6-allrouters
      """;

  private final StateDirectory state;
  private final Path directory;
  private final Spec spec;
  private final List<Mount> mounts;

  private EtcFiles(StateDirectory state, Path directory, Spec spec) {
    this.state = state;
    this.directory = directory;
    this.spec = spec;
    this.mounts = new ArrayList<>(spec.mounts());
  }

  /// Writes the files and adds their mounts, unless something of the user's is mounted there or above.
  ///
  /// @param directory the container's own
  /// @param spec with its host name filled in; without one where it shares the host's
  static Spec add(StateDirectory state, Path directory, Spec spec) {
    EtcFiles files = new EtcFiles(state, directory, spec);
    String hostname = spec.hostname();
    files.add("/etc/hostname", hostname.isEmpty() ? ofHost("/etc/hostname") : hostname + "\n");
    // Until there are networks to have addresses in, a container's own name is the loopback device's, as on a Debian host.
    String own = hostname.isEmpty() ? "" : "127.0.1.1\t" + hostname + "\n";
    files.add("/etc/hosts", sharesNetwork(spec) ? ofHost("/etc/hosts") : LOCALHOST + own);
    files.add("/etc/resolv.conf", ofHost("/etc/resolv.conf"));
    return spec.toBuilder().mounts(files.mounts).build();
  }

  private void add(String file, String content) {
    if (spec.mounts().stream().noneMatch(mount -> covers(mount, file))) {
      String name = file.substring("/etc/".length());
      state.write(directory, name, content);
      Path written = directory.resolve(name);
      try {
        // Whatever this process' umask is: every user of the container reads them.
        Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-r--r--"));
      } catch (IOException e) {
        throw StateDirectory.failure(file, "cannot make " + written + " readable", e);
      }
      mounts.add(Mount.of(file, "bind", written.toString(), "bind", "rprivate"));
    }
  }

  private static boolean covers(Mount mount, String file) {
    return ContainerPath.of(file).isWithin(ContainerPath.of(mount.destination()));
  }

  private static boolean sharesNetwork(Spec spec) {
    Linux linux = spec.linux();
    LinuxNamespace network = linux == null ? null : linux.namespace(LinuxNamespace.NETWORK);
    return network == null || !network.path().isEmpty();
  }

  private static String ofHost(String file) {
    try {
      return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8);
    } catch (NoSuchFileException none) {
      return "";
    } catch (IOException e) {
      throw StateDirectory.failure(file, "cannot read the host's " + file, e);
    }
  }
}
