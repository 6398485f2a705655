package io.containerkit.image;

import io.containerkit.image.ContentStore.Collected;
import io.containerkit.image.ContentStore.Reference;
import io.containerkit.image.ImageConfig.Defaults;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import io.containerkit.spec.RegistryException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The images of this machine: pulled, pushed, named, saved and loaded.
///
/// {@snippet :
/// try (Images images = Images.open()) {
///   Image alpine = images.pull(ImageReference.of("alpine:3.22"));
///   System.out.println(alpine.id() + " " + alpine.config().defaults().cmd());
/// }
/// }
///
/// Thread-safe, and shared between processes as the [ContentStore] is that it stands on. Opening it asks no registry and reads no
/// configuration of registries; that is left to the first call that needs it.
///
/// An image is given by a text where it is one of the store's: a reference, or the start of an ID. See [#find].
public final class Images implements AutoCloseable {

  private final ContentStore store;
  private final Snapshots snapshots;
  private final ImageLookup lookup;
  private final ImagesBuilder settings;
  private @Nullable RegistryClient client;
  private boolean closed;

  Images(ContentStore store, ImagesBuilder settings) {
    this.store = store;
    this.snapshots = new Snapshots(store, settings.limits());
    this.lookup = new ImageLookup(store);
    this.settings = settings;
  }

  /// Opens the images that all users of this machine share.
  public static Images open() {
    return builder().open();
  }

  /// Opens the images in a directory, which is made for its owner alone if it does not exist.
  public static Images open(Path root) {
    return builder().root(root).open();
  }

  /// Opens images in another way than the usual one.
  public static ImagesBuilder builder() {
    return new ImagesBuilder();
  }

  /// Pulls an image for this machine, as [#pull(ImageReference, PullOptions)] does.
  public Image pull(ImageReference reference) throws InterruptedException {
    return pull(reference, PullOptions.defaults());
  }

  /// Brings an image and unpacks its layers, while they come. Afterwards the reference stands for it, and nothing is missing for
  /// running, pushing or saving it.
  ///
  /// @throws RegistryException if the registry does not have it or cannot be asked
  /// @throws ImageException if it is refused; then the store has what it had, and what came whole stays until [#prune]
  public Image pull(ImageReference reference, PullOptions options) throws InterruptedException {
    return new ImagePull(store, snapshots, this::client, reference, options).pull();
  }

  /// Pushes an image: for all platforms if all are here, else the one that [#find] finds. Blobs that the registry has are not sent.
  ///
  /// @param image which, as [#find] takes it
  /// @param target under which reference; its digest, if it has one, must be the image's
  /// @return what the reference points at now
  public Descriptor push(String image, ImageReference target, Consumer<Transfer> progress) throws InterruptedException {
    return new ImagePush(store, client(), target, progress).push(get(image));
  }

  /// Finds an image: by a reference, completed as in [ImageReference#of]; by the start of its ID or of its manifest's digest. Of an
  /// image for several platforms it is the one that this machine runs best, else the first that is here.
  ///
  /// @throws ImageException if several images' IDs start with the text
  public Optional<Image> find(String text) {
    return lookup.find(text);
  }

  /// The image that [#find] finds.
  ///
  /// @throws ImageException of kind [ErrorKind#NOT_FOUND] if there is none
  public Image get(String text) {
    return find(text).orElseThrow(() -> Image.notHere(text));
  }

  /// All images in the order of their names; one with several names occurs with each.
  public List<Image> list() {
    return lookup.all();
  }

  /// Gives an image one more name, instead of what the name stood for before.
  public void tag(String image, ImageReference name) throws InterruptedException {
    if (name.digest() != null) {
      throw new ImageException(ErrorKind.INVALID_ARGUMENT, name.toString(), "cannot tag as " + name + ": a digest is no tag", null);
    }
    Descriptor target = get(image).target();
    try (Lease lease = store.lease()) {
      lease.tag(name.toString(), target);
    }
  }

  /// What was removed.
  ///
  /// @param names the names that stand for nothing any more
  /// @param freed what nothing else needed; containers keep what they use until they are removed
  public record Removed(List<String> names, Collected freed) {}

  /// Removes an image's name, or all its names if it is given by its ID, and what nothing else needs.
  ///
  /// @param all also if an image that is given by its ID has several names
  public Removed remove(String image, boolean all) {
    Optional<String> empty = find(image).isPresent() ? Optional.empty() : lookup.name(image);
    if (empty.isPresent()) {
      // What it stood for was damaged and has been removed, or cannot be an image.
      store.untag(empty.get());
      return new Removed(List.of(empty.get()), store.collect());
    }
    Image found = get(image);
    boolean byId = lookup.byDigest(image).contains(found);
    List<String> names =
        byId ? lookup.all().stream().filter(other -> other.id().equals(found.id())).map(Image::name).toList() : List.of(found.name());
    if (names.size() > 1 && !all) {
      throw new ImageException(
          ErrorKind.BUSY, image, "image " + image + " has several names: " + String.join(", ", names) + "; remove them, or all by force", null);
    }
    names.forEach(store::untag);
    return new Removed(names, store.collect());
  }

  /// Writes images as an archive, for `docker load` and everything that reads OCI image layouts.
  ///
  /// @param out stays open
  public void save(List<String> images, OutputStream out) {
    try (Lease lease = store.lease()) {
      ImageArchive.save(store, references(lease, images), out);
    }
  }

  /// Writes images as an OCI image layout into a directory, beside those that are there.
  public void save(List<String> images, Path layout) {
    try (Lease lease = store.lease()) {
      ImageArchive.save(store, references(lease, images), layout);
    }
  }

  private List<Reference> references(Lease lease, List<String> images) {
    var references = new ArrayList<Reference>();
    for (String text : images) {
      Image image = get(text);
      lease.keep(image.target().digest());
      references.add(new Reference(image.name(), image.target()));
    }
    return references;
  }

  /// Loads all images of an archive of `docker save`, or of an OCI image layout, compressed or not.
  ///
  /// @return their names; of those without one the digest
  /// @throws ImageException if it is refused; then no name has changed
  public List<String> load(InputStream archive) throws InterruptedException {
    try (Lease lease = store.lease()) {
      return named(lease, ImageArchive.load(lease, archive));
    }
  }

  /// Loads all images of an OCI image layout, as [#load(InputStream)] does.
  public List<String> load(Path layout) throws InterruptedException {
    try (Lease lease = store.lease()) {
      return named(lease, ImageArchive.load(lease, layout));
    }
  }

  private static List<String> named(Lease lease, List<ImageArchive.Loaded> images) {
    var names = new LinkedHashSet<String>();
    for (ImageArchive.Loaded image : images) {
      names.add(image.name().orElseGet(() -> nameless(lease, image.target())));
    }
    return List.copyOf(names);
  }

  /// Names an image by its digest, so that it is not collected before [#prune] is asked to.
  private static String nameless(Lease lease, Descriptor target) {
    String name = target.digest().toString();
    lease.tag(name, target);
    return name;
  }

  /// Makes an image of one layer of an archive of files, for this machine, as made now.
  ///
  /// @param archive compressed or not; read to its end, not closed
  /// @param name the image's name; empty for none
  /// @param defaults what containers run with
  /// @param remark what its history says
  /// @return the image's name, or its digest
  public String importTar(InputStream archive, Optional<ImageReference> name, Defaults defaults, String remark) throws InterruptedException {
    try (Lease lease = store.lease()) {
      Descriptor target =
          ImageBuilder.scratch(lease, Platform.host()).created(Instant.now().truncatedTo(ChronoUnit.SECONDS)).defaults(_ -> defaults).archive(archive, remark).build();
      if (name.isEmpty()) {
        return nameless(lease, target);
      }
      lease.tag(name.get().toString(), target);
      return name.get().toString();
    }
  }

  /// Removes the images without a name, and all content that nothing needs.
  ///
  /// @param all also those with names, unless a container uses them
  public Removed prune(boolean all) {
    Set<Digest> used = store.kept();
    var names = new ArrayList<String>();
    for (Image image : list()) {
      boolean isUsed =
          used.contains(image.target().digest()) || used.contains(image.descriptor().digest()) || used.contains(image.id());
      if (!isUsed && (all || Image.isDangling(image.name()))) {
        store.untag(image.name());
        names.add(image.name());
      }
    }
    return new Removed(names, store.collect());
  }

  /// Reads all content of the store again and compares it with its digests, but not the files of unpacked layers; see [ContentStore#check].
  ///
  /// @param remove whether to remove what is damaged, so that a pull brings it again
  public List<StoreProblem> check(boolean remove) {
    return store.check(remove);
  }

  /// Asks a registry whether it takes a name and password, and keeps them if so.
  ///
  /// @param registry as in [ImageReference#registry()]
  /// @throws RegistryException if it does not, kind [ErrorKind#UNAUTHORIZED]
  public void login(String registry, Credential.Password password) throws InterruptedException {
    try (RegistryClient asking = RegistryClient.builder().config(settings.registries()).credentials(_ -> password).build()) {
      asking.check(registry);
    }
    settings.logins().login(registry, password);
    forgetCredentials();
  }

  /// Forgets the name and password for a registry.
  public void logout(String registry) throws InterruptedException {
    settings.logins().logout(registry);
    forgetCredentials();
  }

  private synchronized void forgetCredentials() {
    if (client != null) {
      client.forgetCredentials();
    }
  }

  /// The store below, for what is not here.
  public ContentStore store() {
    return store;
  }

  /// The unpacked layers, which containers stand on.
  public Snapshots snapshots() {
    return snapshots;
  }

  /// The client that asks registries, for what is not here: tags, referrers, copies. Closed with this.
  public synchronized RegistryClient client() {
    if (closed) {
      throw new IllegalStateException("these images are closed");
    }
    if (client == null) {
      client = RegistryClient.builder().config(settings.registries()).credentials(settings.credentials()).build();
    }
    return client;
  }

  /// Ends what is under way with registries, and closes the store. Idempotent.
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      if (client != null) {
        client.close();
      }
    }
    store.close();
  }
}
