package io.containerkit.cli;

import io.containerkit.runtime.Finding.Grade;
import io.containerkit.runtime.Finding;
import io.containerkit.runtime.HostProbe;
import io.containerkit.runtime.RuntimeFinder;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// `ckit doctor`: says what works on this host, what does not, and what to do.
record DoctorCommand(Format format) implements Command {

  /// The width of a mark.
  private static final int MARK = 7;

  static Grammar grammar() {
    Flags flags = new Flags();
    Format.describe(flags);
    return Grammar.of(
        "doctor",
        "",
        "Says what works on this host, and what to do",
        "Runs a container with each runtime that is installed. Exits with 125 where none works.",
        flags,
        0,
        0,
        arguments -> new DoctorCommand(Format.of(arguments)));
  }

  @Override
  public int run(Session session) throws InterruptedException {
    List<String> names = session.flags().runtime().map(List::of).orElse(RuntimeFinder.NAMES);
    HostProbe probe = session.builder().probe();
    List<Finding> findings = probe.findings(names);
    if (format == Format.JSON) {
      session.print(document(probe.works(), findings));
    } else {
      session.out().print(text(probe.works(), findings));
    }
    return probe.works() ? 0 : Main.FAILED;
  }

  static String text(boolean works, List<Finding> findings) {
    int width = 0;
    for (Finding finding : findings) {
      width = Math.max(width, finding.subject().length());
    }
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      text.append(mark(finding.grade())).append("  ").append(finding.subject());
      text.repeat(' ', width - finding.subject().length() + 2).append(finding.found()).append('\n');
      if (!finding.advice().isEmpty()) {
        text.repeat(' ', MARK + 2 + width + 2).append("→ ").append(finding.advice()).append('\n');
      }
    }
    return text.append(works ? "\nContainers run here.\n" : "\nNo container runs here; see what is bad above.\n").toString();
  }

  private static String mark(Grade grade) {
    return switch (grade) {
      case GOOD -> "good   ";
      case LIMITED -> "limited";
      case BAD -> "BAD    ";
    };
  }

  static JsonObject document(boolean works, List<Finding> findings) {
    List<JsonValue> documents = new ArrayList<>();
    for (Finding finding : findings) {
      documents.add(
          JsonObject.EMPTY
              .with("subject", finding.subject())
              .with("grade", finding.grade().name().toLowerCase(Locale.ROOT))
              .with("found", finding.found())
              .with("advice", finding.advice()));
    }
    return JsonObject.EMPTY.with("works", works).with("findings", new JsonArray(documents));
  }
}
