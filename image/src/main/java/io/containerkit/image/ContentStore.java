package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.SpecException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Images on this machine: content by its digest, names for it, and the layers unpacked.
///
/// Several processes and threads share a store. Content is added through a [Lease], which keeps it from being collected before
/// something refers to it; however many ask for the same content at once, one brings it and the others wait. Content is on the
/// disk, and checked, before it has its name, so a crash at any instant leaves nothing half-done but files that the next
/// attempt continues with or [#collect] removes.
///
/// ```
/// blobs/sha256/<hex>   content, as in an OCI image layout
/// references/<hash>    a name and the descriptor that it stands for
/// leases/<id>          digests in use, one a line
/// incoming/            content that is not whole yet
/// layers/              see Snapshots
/// trash/               what is being removed
/// ```
public final class ContentStore implements AutoCloseable {

  private static final String WHOLE_STORE = "store";
  private static final String KEPT = "kept-";

  private final Path root;
  private final StoreLocks locks;
  private final References references;
  private final AtomicBoolean closed = new AtomicBoolean();

  private ContentStore(Path root, StoreLocks locks) {
    this.root = root;
    this.locks = locks;
    this.references = new References(directory("references"), this::temporary);
  }

  /// Opens a store.
  ///
  /// @param root its directory, made for its owner alone if it does not exist
  /// @throws ImageException if it cannot be made or used
  public static ContentStore open(Path root) {
    try {
      Directories.create(root);
      for (String name : List.of("blobs", "references", "leases", "incoming", "layers", "trash")) {
        Directories.create(root.resolve(name));
      }
      return new ContentStore(root.toAbsolutePath(), StoreLocks.open(root.resolve("lock")));
    } catch (IOException e) {
      throw Unpacking.failed("store " + root, e);
    }
  }

  /// The store's directory.
  public Path root() {
    return root;
  }

  /// Where some content is, or would be. Nobody may change the file.
  public Path path(Digest digest) {
    return directory("blobs").resolve(digest.algorithm()).resolve(digest.hex());
  }

  /// Whether some content is here.
  public boolean contains(Digest digest) {
    return Files.exists(path(digest));
  }

  /// Opens content of any length. It was checked when it came in and is not checked again; see [#check].
  ///
  /// @throws ImageException if it is not here
  public InputStream open(Digest digest) {
    try {
      return Files.newInputStream(path(digest));
    } catch (NoSuchFileException e) {
      throw missing(digest, e);
    } catch (IOException e) {
      throw Unpacking.failed("blob " + digest, e);
    }
  }

  /// Reads a document, such as a manifest or a configuration, and checks it.
  ///
  /// @throws ImageException if it is not here, has more than [Document#MAX_BYTES], or is damaged
  public byte[] read(Digest digest) {
    try (InputStream in = open(digest)) {
      byte[] content = in.readNBytes(Document.MAX_BYTES + 1);
      if (content.length > Document.MAX_BYTES) {
        throw new MalformedException("is longer than the " + Document.MAX_BYTES + " bytes of a document");
      }
      if (!digest.matches(content)) {
        throw new MalformedException("has changed on the disk; remove it and pull the image again");
      }
      return content;
    } catch (IOException e) {
      throw Unpacking.failed("blob " + digest, e);
    }
  }

  /// Reads a manifest or an index.
  ///
  /// @throws ImageException if it is not here or damaged
  public Document document(Descriptor descriptor) {
    return Document.parse(read(descriptor.digest()), descriptor.mediaType());
  }

  /// Reads the manifest that a descriptor stands for, by way of an index if need be.
  ///
  /// @param platform which of an index's manifests is wanted
  public Manifest manifest(Descriptor descriptor, Platform platform) {
    Descriptor at = descriptor;
    for (int depth = 0; ; depth++) {
      switch (document(at)) {
        case Manifest manifest -> {
          return manifest;
        }
        case Index index -> {
          Index.checkDepth(depth, "index " + descriptor.digest());
          at = index.choose(platform);
        }
      }
    }
  }

  /// Reads the configuration of an image.
  ///
  /// @throws ImageException if it is not here or damaged, or is none
  public ImageConfig config(Manifest manifest) {
    Digest digest = manifest.config().digest();
    byte[] content = read(digest);
    try {
      return ImageConfig.parse(content);
    } catch (SpecException e) {
      throw Unpacking.failed("image configuration " + digest, e);
    }
  }

  /// Starts to add content, or to use it: what goes through the lease is kept until the lease is closed or the process has ended.
  public Lease lease() {
    String id = "process-" + UUID.randomUUID();
    StoreLocks.Held alive = locks.tryExclusive("lease " + id).orElseThrow();
    return new Lease(this, directory("leases").resolve(id), alive);
  }

  /// Opens a lease that keeps what it has until [Lease#release], also over processes and boots: for a container.
  ///
  /// @param id letters, digits, `_`, `.` and `-`, starting with a letter or digit
  public Lease lease(String id) {
    return new Lease(this, leasePath(id), null);
  }

  /// The file of a lease that is opened by its id, whether there is one or not. To remove it is to [release][Lease#release] the lease: for
  /// whoever cleans up after a process that cannot do it any more.
  public Path leasePath(String id) {
    if (!id.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}")) {
      throw new ImageException(ErrorKind.INVALID_ID, id, "invalid lease " + Quoted.of(id) + ": letters, digits, '_', '.' and '-' only", null);
    }
    return directory("leases").resolve(KEPT + id);
  }

  /// What a name stands for.
  public Optional<Descriptor> resolve(String name) {
    return references.find(name).map(Reference::target);
  }

  /// All names, in their order.
  public List<Reference> references() {
    return references.all();
  }

  /// Takes a name away. What it stood for is left to [#collect].
  ///
  /// @return whether there was one
  public boolean untag(String name) {
    try (StoreLocks.Held _ = lockShared()) {
      return references.remove(name);
    }
  }

  /// Gives content a name, instead of what it stood for before; that keeps its digest for a name if it has no other. Called through
  /// [Lease#tag].
  void tag(String name, Descriptor target) {
    if (!contains(target.digest())) {
      throw missing(target.digest(), null);
    }
    // Alone, or two who move names could each rely on what the other moves.
    try (StoreLocks.Held _ = lockWhole()) {
      Optional<Descriptor> before = resolve(name).filter(old -> !old.digest().equals(target.digest()) && contains(old.digest()));
      // First of all: at no instant is there content without a name that had one.
      before.filter(old -> namesOf(old).equals(List.of(name))).ifPresent(old -> references.put(new Reference(old.digest().toString(), old)));
      references.put(new Reference(name, target));
      if (!Image.isDangling(name)) {
        references.remove(target.digest().toString());
      }
    }
  }

  private List<String> namesOf(Descriptor target) {
    return references.all().stream().filter(reference -> reference.target().digest().equals(target.digest())).map(Reference::name).toList();
  }

  /// What leases keep that outlive their processes: those of containers.
  Set<Digest> kept() {
    var kept = new HashSet<Digest>();
    for (Path file : entries(directory("leases"))) {
      if (file.getFileName().toString().startsWith(KEPT)) {
        try {
          kept.addAll(Lease.read(file));
        } catch (NoSuchFileException released) {
          // Just now.
        } catch (IOException e) {
          throw Unpacking.failed("lease " + file.getFileName(), e);
        }
      }
    }
    return kept;
  }

  /// Removes what no name, no lease and no image in use needs.
  public Collected collect() {
    return new Collector(this).collect();
  }

  /// Reads all content again and compares it with its digest; looks for what references need and is not here. The files of unpacked layers
  /// are not read: nothing but the archive of the whole layer has a digest.
  ///
  /// @param remove whether to remove what is damaged, so that a pull brings it again
  public List<StoreProblem> check(boolean remove) {
    return new StoreCheck(this, remove).problems();
  }

  /// Brings content unless it is here. Called through [Lease#open].
  InputStream fetch(Descriptor blob, BlobSource source) throws InterruptedException {
    if (contains(blob.digest())) {
      return open(blob.digest());
    }
    StoreLocks.Held lock = lockBlob(blob.digest());
    try {
      if (contains(blob.digest())) {
        lock.close();
        return open(blob.digest());
      }
      Directories.createParent(path(blob.digest()));
      return new FetchStream(blob, source, partial(blob.digest()), path(blob.digest()), lock);
    } catch (IOException e) {
      lock.close();
      throw Unpacking.failed("blob " + blob.digest(), e);
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  /// Removes what has come of some content so far, unless somebody is bringing it.
  void discardPartial(Digest digest) {
    locks.tryExclusive("blob " + digest).ifPresent(lock -> {
      try (lock) {
        Files.deleteIfExists(partial(digest));
      } catch (IOException e) {
        throw Unpacking.failed("blob " + digest, e);
      }
    });
  }

  Path directory(String name) {
    return root.resolve(name);
  }

  Path partial(Digest digest) {
    return directory("incoming").resolve(digest.algorithm() + "-" + digest.hex());
  }

  /// A name that nobody else uses.
  Path temporary() {
    return directory("incoming").resolve("new-" + UUID.randomUUID());
  }

  StoreLocks locks() {
    return locks;
  }

  StoreLocks.Held lockBlob(Digest digest) throws InterruptedException {
    return locks.exclusive("blob " + digest);
  }

  /// Keeps the collector away, for the moment that it takes to say that something is in use.
  StoreLocks.Held lockShared() {
    return uninterrupted(true);
  }

  /// Keeps everyone else from saying that something is in use.
  StoreLocks.Held lockWhole() {
    return uninterrupted(false);
  }

  private StoreLocks.Held uninterrupted(boolean shared) {
    try {
      return shared ? locks.shared(WHOLE_STORE) : locks.exclusive(WHOLE_STORE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageException(ErrorKind.CANCELLED, root.toString(), "store " + root + ": interrupted", e);
    }
  }

  /// The digests of all that is stored in a directory made as `blobs` is. What has another name there is not the store's and stays.
  List<Digest> stored(String name) {
    var digests = new ArrayList<Digest>();
    for (Path algorithm : entries(directory(name))) {
      if (Files.isDirectory(algorithm)) {
        for (Path entry : entries(algorithm)) {
          Digest.find(algorithm.getFileName() + ":" + entry.getFileName()).ifPresent(digests::add);
        }
      }
    }
    return digests;
  }

  List<Path> entries(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw Unpacking.failed("store " + root, e);
    }
  }

  private static ImageException missing(Digest digest, @Nullable Throwable cause) {
    return new ImageException(ErrorKind.NOT_FOUND, digest.toString(), "blob " + digest + " is not in the store", cause);
  }

  /// Closes the store for this user of it. Close its leases before: without the store nothing tells that they are in use.
  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      locks.close();
    }
  }

  /// A name and what it stands for.
  ///
  /// @param name any text of up to 1,024 characters without control characters, such as a complete image reference
  /// @param target the manifest or index
  public record Reference(String name, Descriptor target) {

    private static final int LONGEST = 1024;

    public Reference {
      if (name.isEmpty() || name.length() > LONGEST || name.chars().anyMatch(Character::isISOControl)) {
        throw new ImageException(ErrorKind.INVALID_ARGUMENT, name, "invalid name of an image: " + Quoted.of(name), null);
      }
    }
  }

  /// What a collection has removed.
  ///
  /// @param blobs how many pieces of content
  /// @param layers how many unpacked layers
  /// @param bytes how many bytes the content had, without the layers
  public record Collected(int blobs, int layers, long bytes) {}
}
