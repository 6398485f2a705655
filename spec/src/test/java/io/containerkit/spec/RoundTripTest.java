package io.containerkit.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Reading and writing lose nothing: generated records come back equal, generated documents come out as they went in.
class RoundTripTest {

  private static final int DOCUMENTS = 300;

  private final Random random = seeded();

  private static Random seeded() {
    long seed = System.nanoTime();
    System.out.println("RoundTripTest seed " + seed);
    return new Random(seed);
  }

  @Test
  void configurationsComeBackEqual() {
    for (int i = 0; i < DOCUMENTS; i++) {
      Spec spec = Generated.some(Spec.class, random);
      assertThat(Spec.read(Json.writeBytes(spec.toJson()))).isEqualTo(spec);
    }
  }

  @Test
  void statesAndFeaturesComeBackEqual() {
    for (int i = 0; i < DOCUMENTS; i++) {
      State state = Generated.some(State.class, random);
      assertThat(State.read(state.toString())).isEqualTo(state);
      Features features = Generated.some(Features.class, random);
      assertThat(Features.read(features.toString())).isEqualTo(features);
    }
  }

  @Test
  void documentsComeOutAsTheyWentInWhateverIsExplicitOrUnknown() {
    for (int i = 0; i < DOCUMENTS; i++) {
      JsonObject document = sprinkle(Generated.some(Spec.class, random).toJson());
      assertThat(Spec.of(document).toJson()).isEqualTo(document);
      assertThat(Spec.of(document).toBuilder().build().toJson()).isEqualTo(document);
    }
  }

  /// The document with members that say nothing, or that nobody knows, strewn over its objects.
  private JsonObject sprinkle(JsonObject object) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
      members.put(member.getKey(), sprinkle(member.getKey(), member.getValue()));
    }
    if (random.nextBoolean()) {
      members.put("x-unknown", Json.read("{\"a\":[null,1e400,{\"b\":false}]}"));
    }
    // Members that are optional wherever they occur, saying nothing.
    for (String name : List.of("hostname", "process", "user", "mounts", "readonly", "options", "cpu", "seccomp", "uid")) {
      maybe(members, name, JsonNull.NULL);
    }
    for (String name : List.of("terminal", "noNewPrivileges", "enableMonitoring")) {
      maybe(members, name, JsonBoolean.FALSE);
    }
    for (String name : List.of("args", "devices", "uidMappings", "additionalGids")) {
      maybe(members, name, new JsonArray(List.of()));
    }
    for (String name : List.of("sysctl", "rdma", "annotations")) {
      maybe(members, name, JsonObject.EMPTY);
    }
    for (String name : List.of("domainname", "cgroupsPath", "source")) {
      maybe(members, name, new JsonString(""));
    }
    maybe(members, "gid", JsonNumber.of(0));
    return new JsonObject(members);
  }

  private void maybe(Map<String, JsonValue> members, String name, JsonValue nothing) {
    if (random.nextInt(8) == 0) {
      members.putIfAbsent(name, nothing);
    }
  }

  private JsonValue sprinkle(String name, JsonValue value) {
    // The values of these maps are texts: nothing can be strewn in.
    if (List.of("annotations", "sysctl", "unified").contains(name)) {
      return value;
    }
    if (value instanceof JsonObject object) {
      return mapOfParts(name) ? eachSprinkled(object) : sprinkle(object);
    }
    if (value instanceof JsonArray array) {
      List<JsonValue> elements = new ArrayList<>();
      for (JsonValue element : array.values()) {
        elements.add(sprinkle("", element));
      }
      return new JsonArray(elements);
    }
    return value;
  }

  private static boolean mapOfParts(String name) {
    return List.of("rdma", "netDevices", "timeOffsets").contains(name);
  }

  private JsonObject eachSprinkled(JsonObject object) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
      members.put(member.getKey(), sprinkle("", member.getValue()));
    }
    return new JsonObject(members);
  }
}
