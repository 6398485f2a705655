package io.containerkit.image;

import io.containerkit.spec.Json;
import io.containerkit.spec.JsonArray;
import io.containerkit.spec.JsonObject;
import io.containerkit.spec.JsonString;
import io.containerkit.spec.ObjectReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What is known about an unpacked layer, kept beside its files.
///
/// @param form how it marks what it hides
/// @param entries how many files its archive had
/// @param implied the directories that the archive did not have but needed
/// @param droppedXattrs extended attributes that the file system could not hold
record LayerRecord(LayerForm form, long entries, List<TreePath> implied, Set<String> droppedXattrs) {

  static LayerRecord read(Path file) throws IOException {
    var in = ObjectReader.of(Json.readObject(file), file.toString());
    var implied = new ArrayList<TreePath>();
    for (String name : in.strings("implied")) {
      implied.add(TreePath.of(Base64.getDecoder().decode(name)));
    }
    return new LayerRecord(
        LayerForm.valueOf(in.requiredString("form")), in.requiredInt64("entries"), implied, new TreeSet<>(in.strings("droppedXattrs")));
  }

  byte[] toBytes() {
    // Names are bytes, which JSON cannot hold.
    var names = implied.stream().map(path -> new JsonString(Base64.getEncoder().encodeToString(path.bytes()))).toList();
    return Json.writePretty(
        JsonObject.EMPTY
            .with("form", form.name())
            .with("entries", entries)
            .with("implied", new JsonArray(List.copyOf(names)))
            .with("droppedXattrs", new JsonArray(List.copyOf(droppedXattrs.stream().map(JsonString::new).toList()))));
  }
}
