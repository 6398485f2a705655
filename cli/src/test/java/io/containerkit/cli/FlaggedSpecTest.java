package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.spec.Linux;
import io.containerkit.spec.LinuxDevice;
import io.containerkit.spec.LinuxNamespace;
import io.containerkit.spec.LinuxResources;
import io.containerkit.spec.Mount;
import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.Spec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class FlaggedSpecTest {

  private static final long ALL_CAPABILITIES = (1L << 41) - 1;

  private static Spec spec(String flags, LinuxDevice... devices) {
    ContainerFlags container = Reading.read(RunCommand.class, "run --rootfs / " + flags + " -- cmd arg").container();
    FlaggedSpec.Host host = new FlaggedSpec.Host(Map.of("OWN", "own value"), ALL_CAPABILITIES, List.of(devices));
    return FlaggedSpec.of(Spec.defaults(), "id", container, List.of("FILE=file", "BOTH=file"), host);
  }

  private static ProcessSpec process(String flags) {
    return Objects.requireNonNull(spec(flags).process());
  }

  private static Linux linux(String flags, LinuxDevice... devices) {
    return Objects.requireNonNull(spec(flags, devices).linux());
  }

  @Test
  void everySpecificationThatFlagsMakeIsValid() {
    String all =
        "-t -w /tmp -e A=1 --cap-add ALL --cap-drop KILL --no-new-privs --read-only -v /a:/b --tmpfs /c --network host --pid host"
            + " --ipc host --cgroupns host --hostname h --memory 64m --cpus 1 --pids-limit 10 --ulimit nofile=5 --annotation a=b"
            + " --cgroup-parent /p";
    assertThat(spec("").validate()).isEmpty();
    assertThat(spec(all).validate()).isEmpty();
    assertThat(spec("--privileged").validate()).isEmpty();
  }

  @Test
  void withoutFlagsOnlyTheFilesVariablesDiffer() {
    Spec base = Spec.defaults();
    ProcessSpec process = process("");
    assertThat(process.capabilities()).isEqualTo(Objects.requireNonNull(base.process()).capabilities());
    assertThat(linux("").namespaces()).isEqualTo(Objects.requireNonNull(base.linux()).namespaces());
    assertThat(linux("").maskedPaths()).isEqualTo(Objects.requireNonNull(base.linux()).maskedPaths());
  }

  @Test
  void variablesOfFlagsOutweighThoseOfFilesAndTheseTheDefaults() {
    assertThat(process("-e BOTH=flag -e OWN -e ABSENT -e PATH=/bin -e EMPTY=").env())
        .containsExactly("PATH=/bin", "FILE=file", "BOTH=flag", "OWN=own value", "EMPTY=");
  }

  @Test
  void capabilitiesAreAddedAndDropped() {
    assertThat(capabilities("--cap-add net_admin --cap-drop CAP_KILL")).contains("CAP_NET_ADMIN", "CAP_CHOWN").doesNotContain("CAP_KILL");
    assertThat(capabilities("--cap-drop ALL")).isEmpty();
    assertThat(capabilities("--cap-drop ALL --cap-add CHOWN")).containsExactly("CAP_CHOWN");
    assertThat(capabilities("--cap-add ALL --cap-drop SYS_ADMIN")).hasSize(40).doesNotContain("CAP_SYS_ADMIN");
    assertThat(capabilities("--privileged")).hasSize(41);
  }

  private static List<String> capabilities(String flags) {
    return Objects.requireNonNull(process(flags).capabilities()).effective();
  }

  @Test
  void noCapabilityIsGivenThatCkitHasNot() {
    CapabilityFlags all = new CapabilityFlags(List.of("ALL"), List.of(), false);
    assertThat(all.applyTo(List.of(), 0b101)).containsExactly("CAP_CHOWN", "CAP_DAC_READ_SEARCH");
  }

  @Test
  void sharedNamespacesAreLeftOut() {
    assertThat(types("--network host")).doesNotContain("network").contains("pid", "mount", "ipc", "uts", "cgroup");
    assertThat(types("--pid host --ipc host --uts host --cgroupns host")).containsExactly("mount", "network");
    assertThat(types("--network none")).contains("network");
  }

  private static List<String> types(String flags) {
    return linux(flags).namespaces().stream().map(LinuxNamespace::type).toList();
  }

  @Test
  void mountsReplaceThoseAtTheirDestination() {
    Spec spec = spec("-v /a:/dev/shm -v /b:/c:ro");
    assertThat(spec.mounts()).filteredOn(mount -> mount.destination().equals("/dev/shm")).containsExactly(Mount.of("/dev/shm", "bind", "/a", "rbind"));
    assertThat(spec.mounts()).endsWith(Mount.of("/c", "bind", "/b", "rbind", "ro"));
  }

  @Test
  void sharedMemoryHasTheSizeThatWasAskedFor() {
    assertThat(spec("--shm-size 1m").mounts())
        .filteredOn(mount -> mount.destination().equals("/dev/shm"))
        .singleElement()
        .satisfies(mount -> assertThat(mount.options()).contains("size=1048576").doesNotContain("size=65536k"));
  }

  @Test
  void limitsKeepTheRulesOfDevices() {
    LinuxResources resources = Objects.requireNonNull(linux("-m 64m").resources());
    assertThat(Objects.requireNonNull(resources.memory()).limit()).isEqualTo(64L << 20);
    assertThat(resources.devices()).isEqualTo(Objects.requireNonNull(Objects.requireNonNull(Spec.defaults().linux()).resources()).devices());
  }

  @Test
  void aDeviceIsMadeAndAllowed() {
    LinuxDevice fuse = LinuxDevice.of("/dev/fuse", "c", 10, 229);
    Linux linux = linux("--device /dev/fuse:/dev/fuse:r", fuse);
    assertThat(linux.devices()).containsExactly(fuse);
    assertThat(Objects.requireNonNull(linux.resources()).devices().getLast())
        .satisfies(
            rule -> {
              assertThat(rule.allow()).isTrue();
              assertThat(rule.major()).isEqualTo(10);
              assertThat(rule.minor()).isEqualTo(229);
              assertThat(rule.access()).isEqualTo("r");
            });
  }

  @Test
  void privilegedLiftsTheConfinement() {
    Spec spec = spec("--privileged");
    Linux linux = Objects.requireNonNull(spec.linux());
    assertThat(linux.maskedPaths()).isEmpty();
    assertThat(linux.readonlyPaths()).isEmpty();
    assertThat(linux.seccomp()).isNull();
    assertThat(spec.mounts())
        .filteredOn(mount -> mount.destination().startsWith("/sys"))
        .isNotEmpty()
        .allSatisfy(mount -> assertThat(mount.options()).contains("rw").doesNotContain("ro"));
  }

  @Test
  void theRestHasItsPlace() {
    Spec spec = spec("--hostname h --annotation a=b=c --sysctl kernel.msgmax=1 --cgroup-parent /p --read-only --oom-score-adj 7");
    assertThat(spec.hostname()).isEqualTo("h");
    assertThat(spec.annotations()).containsExactly(Map.entry("a", "b=c"));
    assertThat(Objects.requireNonNull(spec.linux()).sysctl()).containsExactly(Map.entry("kernel.msgmax", "1"));
    assertThat(Objects.requireNonNull(spec.linux()).cgroupsPath()).isEqualTo("/p/id");
    assertThat(Objects.requireNonNull(spec.root()).readonly()).isTrue();
    assertThat(Objects.requireNonNull(spec.process()).oomScoreAdj()).isEqualTo(7);
  }
}
