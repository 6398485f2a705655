package io.containerkit.image;

import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ImageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A process of its own that does one after the other what changes a store, by one thread as far as it can, so that its system calls can be
/// counted. What fails for want of space is done again.
final class StoreSteps {

  private static final Platform PLATFORM = Platform.of("linux/amd64");
  static final ImageFixture IMAGE =
      new ImageFixture().layer(new Tar().directory("d").file("d/f", "one").end()).layer(new Tar().file("d/.wh.f", "").file("g", "two").end());

  private StoreSteps() {}

  private interface Step {
    void run(ContentStore store, Lease lease) throws IOException, InterruptedException;
  }

  /// Takes the steps.
  ///
  /// @param args the store, and a directory with a `tree` to make a layer of
  public static void main(String[] args) throws Exception {
    Path files = Path.of(args[1]);
    int refused = 0;
    try (ContentStore store = ContentStore.open(Path.of(args[0]))) {
      for (Step step : steps(files.resolve("tree"), files.resolve("layout"))) {
        for (boolean done = false; !done; ) {
          try (Lease lease = store.lease()) {
            step.run(store, lease);
            done = true;
          } catch (ImageException e) {
            if (e.kind() != ErrorKind.NO_SPACE) {
              throw e;
            }
            refused++;
            System.err.println(e.getMessage());
          }
        }
      }
    }
    System.out.println(refused);
  }

  private static List<Step> steps(Path tree, Path layout) {
    return List.of(
        StoreSteps::pull,
        (store, _) -> store.lease("container").keep(IMAGE.diffIds().getFirst()),
        (store, lease) -> lease.tag("commit", ImageBuilder.from(lease, pulled(store), PLATFORM).layer(LayerSource.of(tree), "commit").build()),
        (store, lease) -> {
          var archive = new ByteArrayInputStream(new Tar().file("f", "imported").end());
          lease.tag("import", ImageBuilder.scratch(lease, PLATFORM).archive(archive, "import").build());
        },
        (store, _) -> ImageArchive.save(store, store.references(), layout),
        (store, lease) -> {
          var archive = new ByteArrayOutputStream();
          ImageArchive.save(store, store.references(), archive);
          store.references().forEach(reference -> store.untag(reference.name()));
          store.collect();
          ImageArchive.load(lease, new ByteArrayInputStream(archive.toByteArray()));
        },
        (store, _) -> {
          store.untag("import");
          store.collect();
          store.lease("container").release();
        });
  }

  static void pull(ContentStore store, Lease lease) throws InterruptedException {
    var snapshots = new Snapshots(store);
    for (int layer = 0; layer < IMAGE.diffIds().size(); layer++) {
      lease.fetch(IMAGE.blob(layer), IMAGE);
      snapshots.unpack(lease, IMAGE.blob(layer), IMAGE.diffIds().get(layer), IMAGE);
    }
    lease.put(MediaType.OCI_CONFIG, IMAGE.config().toBytes());
    lease.tag("pulled", lease.put(MediaType.OCI_MANIFEST, IMAGE.manifest().toBytes()));
    snapshots.lower(lease, IMAGE.diffIds());
  }

  private static Descriptor pulled(ContentStore store) {
    return store.resolve("pulled").orElseThrow();
  }
}
