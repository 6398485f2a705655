package io.containerkit.cli;

import io.containerkit.runtime.RuntimeVersion;
import io.containerkit.spec.JsonObject;
import java.lang.module.ModuleDescriptor;

/// `ckit version`: prints the versions of ckit and of the runtime.
record VersionCommand(Format format) implements Command {

  static Grammar grammar() {
    Flags flags = new Flags();
    Format.describe(flags);
    return Grammar.of(
        "version",
        "",
        "Prints the versions of ckit and of the runtime",
        "",
        flags,
        0,
        0,
        arguments -> new VersionCommand(Format.of(arguments)));
  }

  @Override
  public int run(Session session) {
    String own = ownVersion();
    if (format == Format.JSON) {
      RuntimeVersion runtime = session.kit().runtime().version();
      session.print(
          JsonObject.EMPTY
              .with("version", own)
              .with("java", Runtime.version().toString())
              .with("runtime", JsonObject.EMPTY.with("name", runtime.name()).with("version", runtime.version())));
      return 0;
    }
    session.out().println("ckit " + own + " (Java " + Runtime.version() + ")");
    RuntimeVersion runtime = session.kit().runtime().version();
    session.out().println(runtime.name() + " " + runtime.version());
    return 0;
  }

  /// The version that this module was built as, or `unknown` where it runs from class files.
  private static String ownVersion() {
    ModuleDescriptor module = VersionCommand.class.getModule().getDescriptor();
    return module == null ? "unknown" : module.rawVersion().orElse("unknown");
  }
}
