package io.containerkit.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Collects what the options of a checkpoint have and those of a restore.
///
/// @param <B> the builder itself
public abstract sealed class CriuBuilder<B extends CriuBuilder<B>> extends CommandBuilder<B>
    permits CheckpointOptions.Builder, RestoreOptions.Builder {

  final Path imagePath;
  Optional<Path> workPath = Optional.empty();
  boolean tcpEstablished;
  boolean externalUnixSockets;
  boolean shellJob;
  boolean fileLocks;
  boolean autoDedup;
  boolean lazyPages;
  Optional<CgroupsMode> cgroupsMode = Optional.empty();
  List<String> emptyNamespaces = List.of();

  CriuBuilder(Path imagePath) {
    this.imagePath = imagePath;
  }

  /// The directory for CRIU's own files and logs.
  public B workPath(Path workPath) {
    this.workPath = Optional.of(workPath);
    return self();
  }

  /// Whether open TCP connections are saved, and restored.
  public B tcpEstablished(boolean tcpEstablished) {
    this.tcpEstablished = tcpEstablished;
    return self();
  }

  /// Whether unix sockets to processes outside are allowed.
  public B externalUnixSockets(boolean externalUnixSockets) {
    this.externalUnixSockets = externalUnixSockets;
    return self();
  }

  /// Whether a terminal or session from outside is allowed.
  public B shellJob(boolean shellJob) {
    this.shellJob = shellJob;
    return self();
  }

  /// Whether file locks are saved, and restored.
  public B fileLocks(boolean fileLocks) {
    this.fileLocks = fileLocks;
    return self();
  }

  /// Whether an image loses what is needed no more: the parent what the new one has, the image what is restored.
  public B autoDedup(boolean autoDedup) {
    this.autoDedup = autoDedup;
    return self();
  }

  /// Whether memory is fetched during the restore, when it is touched.
  public B lazyPages(boolean lazyPages) {
    this.lazyPages = lazyPages;
    return self();
  }

  /// What is done about control groups.
  public B cgroupsMode(CgroupsMode cgroupsMode) {
    this.cgroupsMode = Optional.of(cgroupsMode);
    return self();
  }

  /// Namespaces that are not saved, and made anew.
  public B emptyNamespaces(String... emptyNamespaces) {
    this.emptyNamespaces = List.of(emptyNamespaces);
    return self();
  }
}
