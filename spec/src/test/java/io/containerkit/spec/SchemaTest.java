package io.containerkit.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What is written here against the official schemas. Those of Debian 12 are of version 1.0.2; members that are newer pass as
/// unknown ones.
class SchemaTest {

  private static final int DOCUMENTS = 300;

  @Test
  void theSchemaFindsErrorsAtAll() {
    OfficialSchema.config().refuses("{}");
    OfficialSchema.config().refuses("{\"ociVersion\":\"1.0.2\",\"linux\":{\"namespaces\":[{\"type\":\"pdi\"}]}}");
    OfficialSchema.state().refuses("{\"ociVersion\":\"1.0.2\",\"id\":\"web\",\"status\":\"dancing\",\"bundle\":\"/b\"}");
  }

  @Test
  void theDefaultsFollowTheSchema() {
    OfficialSchema.config().accepts(Spec.defaults());
  }

  @Test
  void generatedConfigurationsFollowTheSchema() {
    OfficialSchema schema = OfficialSchema.config();
    long seed = System.nanoTime();
    System.out.println("SchemaTest seed " + seed);
    Random random = new Random(seed);
    schema.accepts(Generated.full(Spec.class, random));
    for (int i = 0; i < DOCUMENTS; i++) {
      schema.accepts(Generated.some(Spec.class, random));
    }
  }

  @Test
  void generatedStatesFollowTheSchema() {
    OfficialSchema schema = OfficialSchema.state();
    long seed = System.nanoTime();
    System.out.println("SchemaTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < DOCUMENTS; i++) {
      schema.accepts(Generated.some(State.class, random));
    }
  }

  @Test
  void everyMemberOfTheSchemaIsAComponent() {
    Spec full = Generated.full(Spec.class, new Random(1));
    List<String> missing = new ArrayList<>();
    members(OfficialSchema.tree("config-schema.json"), "config-schema.json", full.toJson(), "", missing);
    // Other platforms stay in `extra`, whatever they say.
    assertThat(missing).containsExactlyInAnyOrder("/solaris", "/windows", "/vm", "/zos");
  }

  private static void members(JsonObject schema, String file, JsonValue document, String pointer, List<String> missing) {
    if (schema.get("$ref") instanceof JsonString reference) {
      String[] parts = reference.value().split("#", -1);
      String target = parts[0].isEmpty() ? file : parts[0];
      JsonObject definition = OfficialSchema.tree(target);
      for (String name : parts[1].substring(1).split("/", -1)) {
        definition = (JsonObject) Objects.requireNonNull(definition.get(name), reference.value());
      }
      members(definition, target, document, pointer, missing);
      return;
    }
    for (String every : List.of("allOf", "anyOf")) {
      if (schema.get(every) instanceof JsonArray schemas) {
        for (JsonValue each : schemas.values()) {
          members((JsonObject) each, file, document, pointer, missing);
        }
      }
    }
    if (schema.get("items") instanceof JsonObject items) {
      members(items, file, ((JsonArray) document).values().getFirst(), pointer + "/0", missing);
    }
    if (schema.get("additionalProperties") instanceof JsonObject values) {
      members(values, file, ((JsonObject) document).members().values().iterator().next(), pointer + "/*", missing);
    }
    if (schema.get("properties") instanceof JsonObject properties) {
      for (Map.Entry<String, JsonValue> property : properties.members().entrySet()) {
        JsonValue member = ((JsonObject) document).get(property.getKey());
        if (member == null) {
          missing.add(pointer + "/" + property.getKey());
        } else {
          members((JsonObject) property.getValue(), file, member, pointer + "/" + property.getKey(), missing);
        }
      }
    }
  }
}
