package io.containerkit.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecTest {

  @Test
  void everyMemberOfTheSpecificationIsReadAndWrittenBack() throws Exception {
    byte[] document = resource("complete.json");
    Spec spec = Spec.read(document);
    assertThat(spec.toJson()).isEqualTo(Json.readObject(document));
    assertThat(spec.toBuilder().build()).isEqualTo(spec);
    // Only what is not of Linux, and an empty list, is left to `extra`.
    assertThat(spec.extra().members()).containsOnlyKeys("vm", "windows", "solaris", "zos", "x-org.example");
    assertThat(extras(spec.toBuilder().extra(JsonObject.EMPTY).build())).containsExactly("Personality {\"flags\":[]}");
  }

  @Test
  void theCompleteDocumentIsInOrderButForItsTimeNamespace() throws Exception {
    Spec spec = Spec.read(resource("complete.json"));
    assertThat(spec.validate())
        .extracting(Problem::toString)
        .containsExactly("/linux/timeOffsets: needs a time namespace");
    OfficialSchema.config().accepts(spec);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(SpecTest.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    }
  }

  /// The parts below a part whose `extra` is not empty, with what it holds.
  private static List<String> extras(SpecPart part) throws ReflectiveOperationException {
    List<String> found = new ArrayList<>();
    if (!part.extra().isEmpty()) {
      found.add(part.getClass().getSimpleName() + " " + part.extra());
    }
    for (RecordComponent component : part.getClass().getRecordComponents()) {
      Object value = component.getAccessor().invoke(part);
      Collection<?> values =
          switch (value) {
            case Collection<?> list -> list;
            case Map<?, ?> map -> map.values();
            case null -> List.of();
            default -> List.of(value);
          };
      for (Object each : values) {
        if (each instanceof SpecPart below) {
          found.addAll(extras(below));
        }
      }
    }
    return found;
  }

  @Test
  void defaultsSurviveAWriteAndARead(@TempDir Path bundle) {
    Path file = bundle.resolve("config.json");
    Spec.defaults().write(file);
    assertThat(Spec.read(file)).isEqualTo(Spec.defaults());
  }

  @Test
  void aNewFileIsReadableByItsOwnerOnly(@TempDir Path bundle) throws Exception {
    Path file = bundle.resolve("config.json");
    Spec.defaults().write(file);
    assertThat(Files.getPosixFilePermissions(file)).hasToString("[OWNER_READ, OWNER_WRITE]");
  }

  @Test
  void writingReplacesALongerFile(@TempDir Path bundle) {
    Path file = bundle.resolve("config.json");
    Spec.defaults().write(file);
    Spec.builder("1.0.2").build().write(file);
    assertThat(file).hasContent("{\"ociVersion\":\"1.0.2\"}");
  }

  @Test
  void aBuilderChangesWhatItIsToldAndNothingElse() {
    Spec changed =
        Spec.defaults().toBuilder()
            .hostname("web")
            .annotations(Map.of("org.example.owner", "me"))
            .build();
    assertThat(changed.hostname()).isEqualTo("web");
    assertThat(changed.toBuilder().hostname("").annotations(Map.of()).build()).isEqualTo(Spec.defaults());
  }

  @Test
  void aComponentWinsOverTheSameMemberInExtra() {
    ProcessSpec process = ProcessSpec.of(Json.readObject("{\"cwd\":\"/\",\"terminal\":false}"));
    assertThat(process.extra()).isEqualTo(JsonObject.EMPTY.with("terminal", false));
    assertThat(process.toBuilder().terminal(true).build().toJson().get("terminal")).isEqualTo(JsonBoolean.TRUE);
  }

  @Test
  void unsignedNumbersKeepTheirTopBit() {
    Rlimit limit = Rlimit.of(Json.readObject("{\"type\":\"RLIMIT_NOFILE\",\"soft\":1024,\"hard\":18446744073709551615}"));
    assertThat(limit.hard()).isEqualTo(Rlimit.INFINITY);
    assertThat(limit.toJson()).hasToString("{\"type\":\"RLIMIT_NOFILE\",\"soft\":1024,\"hard\":18446744073709551615}");
  }

  @Test
  void noCapabilitiesIsWrittenAndIsNotTheSameAsNotSayingWhich() {
    ProcessSpec.Builder process = ProcessSpec.command("true");
    assertThat(process.build().toJson().get("capabilities")).isNull();
    assertThat(process.capabilities(Capabilities.NONE).build().toJson().get("capabilities")).isEqualTo(JsonObject.EMPTY);
  }

  @Test
  void rootsIdsAreWritten() {
    assertThat(ProcessSpec.command("true").build())
        .hasToString("{\"user\":{\"uid\":0,\"gid\":0},\"args\":[\"true\"],\"cwd\":\"/\"}");
  }

  @Test
  void aUserThatADocumentLeavesOutIsNotWritten() {
    String document = "{\"args\":[\"true\"],\"cwd\":\"/\"}";
    assertThat(ProcessSpec.of(Json.readObject(document))).hasToString(document);
  }

  @Test
  void errorsNameFileAndPlace(@TempDir Path bundle) throws Exception {
    Path file = bundle.resolve("config.json");
    Files.writeString(file, "{\"ociVersion\":\"1.0.2\",\"linux\":{\"resources\":{\"memory\":{\"limit\":\"1g\"}}}}");
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(() -> Spec.read(file))
        .withMessage(file + " /linux/resources/memory/limit: expected an integer, found a string")
        .satisfies(e -> assertThat(e.pointer()).isEqualTo("/linux/resources/memory/limit"))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_CONFIG));
  }

  @Test
  void placesInListsAndMapsAreNamed() {
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(() -> Spec.read("{\"ociVersion\":\"1\",\"mounts\":[{\"destination\":\"/\"},{\"destination\":\"/a\",\"options\":[\"ro\",1]}]}"))
        .withMessage("/mounts/1/options/1: expected a string, found the number 1");
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(() -> Spec.read("{\"ociVersion\":\"1\",\"annotations\":{\"a/b~c\":1}}"))
        .withMessage("/annotations/a~1b~0c: expected a string, found the number 1");
  }

  @Test
  void aMissingFileIsToldApart(@TempDir Path bundle) {
    Path file = bundle.resolve("config.json");
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(() -> Spec.read(file))
        .withMessage(file + ": no such file")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND));
  }

  @Test
  void whatMustBeThereIsMissed() {
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(() -> Spec.read("{\"ociVersion\":\"1.0.2\",\"process\":{}}"))
        .withMessage("/process/cwd: is missing");
  }

  @Test
  void numbersOutOfRangeAreRefusedWhenBuiltToo() {
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(() -> IdMapping.of(0, 1L << 32, 1))
        .withMessage("/hostID: 4294967296 is not within 0 and 4294967295");
  }

  @Test
  void aStatusThatNobodyKnowsKeepsItsWord() {
    State state = State.read("{\"ociVersion\":\"1.0.2\",\"id\":\"web\",\"status\":\"defrosting\",\"bundle\":\"/b\"}");
    assertThat(state.status()).isEqualTo(State.Status.UNKNOWN);
    assertThat(state.toJson().get("status")).isEqualTo(new JsonString("defrosting"));
  }

  @Test
  void mergedLimitsKeepWhatTheUpdateDoesNotSay() {
    LinuxResources base =
        LinuxResources.builder()
            .memory(LinuxMemory.limited(1 << 20).toBuilder().swap(-1L).build())
            .cpu(LinuxCpu.builder().cpus("0-1").burst(10L).build())
            .pids(LinuxPids.of(100))
            .hugepageLimits(List.of(LinuxHugepageLimit.of("2MB", 1), LinuxHugepageLimit.of("1GB", 1)))
            .devices(List.of(LinuxDeviceCgroup.all(false, "rwm"), LinuxDeviceCgroup.of(true, "c", 1L, 3L, "rw")))
            .unified(Map.of("memory.high", "1M"))
            .build();
    LinuxResources over =
        LinuxResources.builder()
            .memory(LinuxMemory.limited(2 << 20))
            .hugepageLimits(List.of(LinuxHugepageLimit.of("1GB", 2)))
            .devices(List.of(LinuxDeviceCgroup.all(true, "r")))
            .unified(Map.of("cpu.weight", "50"))
            .build();
    LinuxResources merged = base.merge(over);
    assertThat(merged)
        .isEqualTo(
            base.toBuilder()
                .memory(LinuxMemory.limited(2 << 20).toBuilder().swap(-1L).build())
                .hugepageLimits(List.of(LinuxHugepageLimit.of("2MB", 1), LinuxHugepageLimit.of("1GB", 2)))
                .devices(over.devices())
                .unified(Map.of("memory.high", "1M", "cpu.weight", "50"))
                .build());
  }

  @Test
  void mergedRatesMatchByDevice() {
    LinuxResources base = rates(LinuxBlockIo.ThrottleDevice.of(8, 0, 1), LinuxBlockIo.ThrottleDevice.of(8, 16, 1));
    LinuxResources over = rates(LinuxBlockIo.ThrottleDevice.of(8, 16, 2), LinuxBlockIo.ThrottleDevice.of(8, 32, 2));
    assertThat(base.merge(over))
        .isEqualTo(
            rates(
                LinuxBlockIo.ThrottleDevice.of(8, 0, 1),
                LinuxBlockIo.ThrottleDevice.of(8, 16, 2),
                LinuxBlockIo.ThrottleDevice.of(8, 32, 2)));
  }

  private static LinuxResources rates(LinuxBlockIo.ThrottleDevice... rates) {
    return LinuxResources.builder()
        .blockIo(LinuxBlockIo.builder().throttleReadBpsDevice(List.of(rates)).build())
        .build();
  }
}
