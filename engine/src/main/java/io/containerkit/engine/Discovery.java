package io.containerkit.engine;

import io.containerkit.runtime.OciRuntime;
import io.containerkit.spec.Spec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Finds containers that another process made.
final class Discovery {

  private Discovery() {}

  static Optional<Container> find(ContainerKit kit, StateDirectory state, RuntimeAccess access, String id) {
    return Journal.read(state, id).map(journal -> attach(kit, state, access, id, journal));
  }

  private static Container attach(ContainerKit kit, StateDirectory state, RuntimeAccess access, String id, Journal journal) {
    Path path = journal.bundle();
    // A bundle of its user's has one of ours only if that differs.
    Path ours = state.container(id).resolve(Bundle.DOCUMENT);
    FittedSpec spec = FittedSpec.asItIs(Spec.read(Files.exists(ours) ? ours : path.resolve(Bundle.DOCUMENT)));
    Bundle bundle = new Bundle(state, id, path, spec, journal.cgroup(), journal.belongings(), access.namespaceIfNeeded());
    try {
      OciRuntime runtime = access.in(bundle.namespace());
      return new Container(kit, bundle, runtime, runtime.load(id), false);
    } catch (Throwable failure) {
      Closing.suppressing(failure, bundle::close);
      throw failure;
    }
  }
}
