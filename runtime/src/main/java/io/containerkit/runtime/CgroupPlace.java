package io.containerkit.runtime;

import io.containerkit.linux.Cgroup;
import io.containerkit.linux.Cgroups;
import io.containerkit.spec.Linux;
import io.containerkit.spec.Spec;
import io.containerkit.spec.SpecException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a runtime makes the control group of a container: what its configuration says counts from the root or from the runtime's own
/// group, and what stands there if it says nothing is the runtime's.
///
/// @param fromRoot whether the path counts from the root of each hierarchy; else from the group of the runtime's command, which is ours
/// @param path relative
record CgroupPlace(boolean fromRoot, Path path) {

  /// The places of a container, one of which has its group.
  ///
  /// @param systemd whether systemd makes the groups
  /// @param configured the `cgroupsPath` of the container; empty if it has none
  static List<CgroupPlace> of(Dialect dialect, boolean systemd, String id, String configured) {
    if (systemd) {
      return scopes(dialect, id, configured);
    }
    if (configured.isEmpty()) {
      return List.of(new CgroupPlace(dialect.is(Dialect.Trait.ID_CGROUPS_AT_ROOT), Path.of(id)));
    }
    boolean absolute = configured.startsWith("/");
    // Cleaned as the runtimes do, so that no path leads above the root.
    Path path = Path.of("/").relativize(Path.of("/", configured).normalize());
    return List.of(new CgroupPlace(absolute || dialect.is(Dialect.Trait.CGROUPS_COUNT_FROM_ROOT), path));
  }

  /// Where systemd puts the scope `PREFIX-NAME.scope` of `SLICE:PREFIX:NAME`. A slice that is not said is the runtime's choice or
  /// systemd's.
  private static List<CgroupPlace> scopes(Dialect dialect, String id, String configured) {
    String[] parts = configured.split(":", -1);
    String slice = parts.length == 3 ? parts[0] : "";
    String prefix = parts.length == 3 ? parts[1] : dialect.name();
    String name = parts.length == 3 && !parts[2].isEmpty() ? parts[2] : id;
    String unit = name.endsWith(".slice") ? name : (prefix.isEmpty() ? name : prefix + "-" + name) + ".scope";
    List<CgroupPlace> places = new ArrayList<>();
    for (String above : slice.isEmpty() ? List.of("system.slice", "user.slice") : List.of(slice)) {
      places.add(new CgroupPlace(true, slicePath(above).resolve(unit)));
    }
    return places;
  }

  /// A slice is inside of those that its name names: `a-b.slice` in `a.slice`.
  private static Path slicePath(String slice) {
    Path path = Path.of("");
    String name = slice.endsWith(".slice") ? slice.substring(0, slice.length() - ".slice".length()) : slice;
    for (int dash = name.indexOf('-'); dash >= 0; dash = name.indexOf('-', dash + 1)) {
      path = path.resolve(name.substring(0, dash) + ".slice");
    }
    return name.isEmpty() ? path : path.resolve(name + ".slice");
  }

  /// What a bundle says of the group; empty if it says nothing.
  ///
  /// @param bundle the bundle, or null if that is not at hand
  static String configured(@Nullable Path bundle) {
    if (bundle == null) {
      return "";
    }
    try {
      Linux linux = Spec.read(bundle.resolve("config.json")).linux();
      return linux == null ? "" : linux.cgroupsPath();
    } catch (SpecException _) {
      return ""; // the runtime could not read it either, and says so
    }
  }

  /// The groups there, whether they exist or not. None is a hierarchy's root, nor one that holds this process.
  List<Cgroup> groups(Cgroups host) {
    if (path.toString().isEmpty()) {
      return List.of();
    }
    if (fromRoot) {
      return List.of(host.at(Path.of("/").resolve(path)));
    }
    int self = (int) ProcessHandle.current().pid();
    Cgroup below = host.near(self, own -> own.resolve(path));
    // On version 2, where a group has either processes or groups, runc goes beside its own.
    return host.mode() == Cgroups.Mode.V2 ? List.of(below, host.near(self, own -> own.resolveSibling(path))) : List.of(below);
  }
}
