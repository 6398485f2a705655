package io.containerkit.cli;

import io.containerkit.image.Descriptor;
import io.containerkit.image.Image;
import io.containerkit.spec.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// `ckit history`: prints how an image came about, the last step first.
record HistoryCommand(String image, Rows rows, boolean quiet, boolean whole) implements Command {

  private static final int LONGEST = 45;

  static Grammar grammar() {
    Flags flags = new Flags();
    Rows.describe(flags);
    return Grammar.of(
        "history",
        "IMAGE",
        "Prints how an image came about",
        "The last step first, with the layer that it made.",
        flags.toggle("q", "quiet", "Prints the layers' digests only.").toggle("no-trunc", "Prints everything in full."),
        1,
        1,
        arguments -> new HistoryCommand(arguments.operand(0), Rows.of(arguments), arguments.has("quiet"), arguments.has("no-trunc")));
  }

  @Override
  public int run(Session session) {
    List<Image.Step> steps = session.images().get(image).steps().reversed();
    if (quiet) {
      steps.forEach(step -> session.out().println(layer(step)));
      return 0;
    }
    SequencedMap<String, String> columns = new LinkedHashMap<>();
    columns.put("ID", "LAYER");
    columns.put("CreatedSince", "CREATED");
    columns.put("CreatedBy", "CREATED BY");
    columns.put("Size", "SIZE");
    columns.put("Comment", "COMMENT");
    rows.print(session, steps.stream().map(this::row).toList(), columns);
    return 0;
  }

  private JsonObject row(Image.Step step) {
    String createdBy = step.entry().createdBy();
    return JsonObject.EMPTY
        .with("ID", layer(step))
        .with("CreatedSince", ImageDocument.since(step.entry().created()))
        .with("CreatedAt", step.entry().created())
        .with("CreatedBy", whole || createdBy.length() <= LONGEST ? createdBy : createdBy.substring(0, LONGEST - 1) + "…")
        .with("Size", Quantity.bytes(step.layer().map(Descriptor::size).orElse(0L)))
        .with("Comment", step.entry().comment());
  }

  private String layer(Image.Step step) {
    return step.layer().map(Descriptor::digest).map(digest -> whole ? digest.toString() : digest.hex().substring(0, 12)).orElse("<none>");
  }
}
