package io.containerkit.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecValidatorTest {

  /// A configuration in order to which each case adds one member; it has every namespace but `user` and `time`.
  private static final JsonObject BASE =
      Json.readObject(
          """
          {"ociVersion":"1.0.2","root":{"path":"rootfs"},"process":{"args":["true"],"cwd":"/"},
           "linux":{"namespaces":[{"type":"pid"},{"type":"ipc"},{"type":"uts"},{"type":"mount"},{"type":"network"}]}}
          """);

  @Test
  void theDefaultsAreInOrder() {
    assertThat(Spec.defaults().validate()).isEmpty();
    assertThat(Spec.defaults().requireValid()).isEqualTo(Spec.defaults());
    assertThat(Spec.of(BASE).validate()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          /ociVersion         | "2.0"                | /ociVersion: "2.0" is not a version 1 of the runtime-spec, such as 1.0.2
          /root               | null                 | /root: is missing
          /root/path          | ""                   | /root/path: is empty
          /process/args       | []                   | /process/args: is missing: nothing to run
          /process/args       | [""]                 | /process/args/0: is empty: nothing to run
          /process/cwd        | "home"               | /process/cwd: "home" is not an absolute path
          /process/cwd        | ""                   | /process/cwd: is missing
          /process/env        | ["A=1","B","=c"]     | /process/env/1: "B" is not NAME=value; /process/env/2: "=c" is not NAME=value
          /process/user       | {"umask":512}        | /process/user/umask: 512 is more than 511 (0777)
          /process/capabilities | {"bounding":["KILL"]} | /process/capabilities/bounding/0: "KILL" is not a name such as CAP_KILL
          /process/capabilities | {"effective":["CAP_KILL"]} | /process/capabilities/effective/0: CAP_KILL is not in permitted
          /process/capabilities | {"ambient":["CAP_KILL"]} | /process/capabilities/ambient/0: CAP_KILL is not in permitted
          /process/rlimits    | [{"type":"NOFILE","soft":1,"hard":1}] | /process/rlimits/0/type: "NOFILE" is not a name such as RLIMIT_NOFILE
          /process/rlimits    | [{"type":"RLIMIT_CORE","soft":18446744073709551615,"hard":1}] | /process/rlimits/0/soft: 18446744073709551615 is above hard, 1
          /process/rlimits    | [{"type":"RLIMIT_CORE","soft":0,"hard":1},{"type":"RLIMIT_CORE","soft":0,"hard":0}] | /process/rlimits/1/type: RLIMIT_CORE is limited twice
          /process/oomScoreAdj | 1001                | /process/oomScoreAdj: 1001 is not within -1000 and 1000
          /process/scheduler  | {"policy":"SCHED_IDLE","nice":20} | /process/scheduler/nice: 20 is not within -20 and 19
          /process/scheduler  | {"policy":"SCHED_FIFO"} | /process/scheduler/priority: 0 is not within 1 and 99, as SCHED_FIFO needs it
          /process/scheduler  | {"policy":"SCHED_BATCH","priority":1} | /process/scheduler/priority: is for SCHED_FIFO and SCHED_RR
          /process/scheduler  | {"policy":"SCHED_OTHER","period":1} | /process/scheduler/period: is for SCHED_DEADLINE
          /process/ioPriority | {"class":"IOPRIO_CLASS_BE","priority":8} | /process/ioPriority/priority: 8 is not within 0 and 7
          /process/ioPriority | {"class":"BE","priority":0} | /process/ioPriority/class: "BE" is not one of IOPRIO_CLASS_BE, IOPRIO_CLASS_IDLE, IOPRIO_CLASS_RT
          /process/execCPUAffinity | {"initial":"0-","final":"1,3-4"} | /process/execCPUAffinity/initial: "0-" is not a list such as 0-3,7
          /mounts             | [{"destination":"proc","type":"proc"}] | /mounts/0/destination: "proc" is not an absolute path
          /mounts             | [{"destination":"/a","source":"/b"}] | /mounts/0/type: is missing, and no option says bind
          /mounts             | [{"destination":"/a","type":"bind","options":["rbind"]}] | /mounts/0/source: is missing: a bind mount needs one
          /mounts             | [{"destination":"/a","type":"x","uidMappings":[{"containerID":0,"hostID":0,"size":1}]}] | /mounts/0/gidMappings: is missing: both or none are mapped
          /hooks              | {"poststop":[{"path":"ls"}]} | /hooks/poststop/0/path: "ls" is not an absolute path
          /hooks              | {"prestart":[{"path":"/ls","timeout":0}]} | /hooks/prestart/0/timeout: 0 is not a number of seconds above 0
          /annotations        | {"":"x"}             | /annotations/: an annotation needs a name
          /annotations        | {"a/b":"x\\u0000y"}  | /annotations/a~1b: holds a NUL character
          /x-unknown          | {"a\\u0000":[]}      | /x-unknown/a\0: its name holds a NUL character
          /linux/namespaces   | [{"type":"pdi"}]     | /linux/namespaces/0/type: "pdi" is not one of cgroup, ipc, mount, network, pid, time, user, uts
          /linux/namespaces   | [{"type":"pid"},{"type":"pid"}] | /linux/namespaces/1/type: pid occurs twice
          /linux/namespaces   | [{"type":"pid","path":"proc/1/ns/pid"}] | /linux/namespaces/0/path: "proc/1/ns/pid" is not an absolute path
          /linux/namespaces   | [{"type":"user"}]    | /linux/uidMappings: is missing: a new user namespace needs it; /linux/gidMappings: is missing: a new user namespace needs it
          /linux/uidMappings  | [{"containerID":0,"hostID":1,"size":1}] | /linux/uidMappings: needs a user namespace
          /linux/gidMappings  | [{"containerID":0,"hostID":1,"size":0}] | /linux/gidMappings: needs a user namespace; /linux/gidMappings/0/size: 0 maps nothing
          /linux/timeOffsets  | {"boottime":{"secs":1}} | /linux/timeOffsets: needs a time namespace
          /linux/sysctl       | {"kernel.panic":"1"} | /linux/sysctl/kernel.panic: belongs to no namespace: it would change the host's
          /linux/sysctl       | {"kernel.hostname":"x"} | /linux/sysctl/kernel.hostname: is set by hostname
          /linux/sysctl       | {"user.max_pid_namespaces":"1"} | /linux/sysctl/user.max_pid_namespaces: needs a user namespace
          /linux/devices      | [{"path":"/dev/x","type":"c"}] | /linux/devices/0/major: is missing; /linux/devices/0/minor: is missing
          /linux/devices      | [{"path":"/dev/x","type":"d","major":1,"minor":1}] | /linux/devices/0/type: "d" is not one of b, c, p, u
          /linux/netDevices   | {"a/b":{}}           | /linux/netDevices/a~1b: "a/b" is not a name of a network device
          /linux/netDevices   | {"eth0":{"name":"sixteen-letters-"}} | /linux/netDevices/eth0/name: "sixteen-letters-" is not a name of a network device
          /linux/rootfsPropagation | "none"          | /linux/rootfsPropagation: "none" is not one of private, rprivate, rshared, rslave, runbindable, shared, slave, unbindable
          /linux/maskedPaths  | ["proc"]             | /linux/maskedPaths/0: "proc" is not an absolute path
          /linux/intelRdt     | {"closID":"../x"}    | /linux/intelRdt/closID: "../x" is not the name of a directory
          /linux/intelRdt     | {"memBwSchema":"L3:0=f"} | /linux/intelRdt/memBwSchema: is not one line that starts with MB:
          /linux/memoryPolicy | {"mode":"MPOL_BIND","nodes":"0;1"} | /linux/memoryPolicy/nodes: "0;1" is not a list such as 0-3,7
          /linux/personality  | {"domain":"BSD"}     | /linux/personality/domain: "BSD" is not one of LINUX, LINUX32
          /linux/resources    | {"memory":{"limit":-2}} | /linux/resources/memory/limit: -2 is below -1, which says "all" or "no limit"
          /linux/resources    | {"memory":{"limit":10,"swap":9}} | /linux/resources/memory/swap: 9 is below limit, 10: it counts memory and swap together
          /linux/resources    | {"memory":{"swappiness":18446744073709551615}} | /linux/resources/memory/swappiness: 18446744073709551615 is not within 0 and 100
          /linux/resources    | {"cpu":{"quota":999}} | /linux/resources/cpu/quota: 999 is below 1000 microseconds
          /linux/resources    | {"cpu":{"period":1000001}} | /linux/resources/cpu/period: 1000001 is not within 1000 and 1000000 microseconds
          /linux/resources    | {"cpu":{"quota":5000,"burst":5001}} | /linux/resources/cpu/burst: 5001 is above quota, 5000
          /linux/resources    | {"cpu":{"idle":2}}   | /linux/resources/cpu/idle: 2 is neither 0 nor 1
          /linux/resources    | {"cpu":{"cpus":"1-2-3"}} | /linux/resources/cpu/cpus: "1-2-3" is not a list such as 0-3,7
          /linux/resources    | {"pids":{"limit":-5}} | /linux/resources/pids/limit: -5 is below -1, which says "all" or "no limit"
          /linux/resources    | {"blockIO":{"weight":9}} | /linux/resources/blockIO/weight: 9 is not within 10 and 1000
          /linux/resources    | {"blockIO":{"weightDevice":[{"major":8,"minor":0,"leafWeight":1001}]}} | /linux/resources/blockIO/weightDevice/0/leafWeight: 1001 is not within 10 and 1000
          /linux/resources    | {"hugepageLimits":[{"pageSize":"64kB","limit":1}]} | /linux/resources/hugepageLimits/0/pageSize: "64kB" is not a size such as 64KB, 2MB, 1GB
          /linux/resources    | {"hugepageLimits":[{"pageSize":"2MB","limit":1},{"pageSize":"2MB","limit":2}]} | /linux/resources/hugepageLimits/1/pageSize: 2MB is limited twice
          /linux/resources    | {"unified":{"../memory.max":"1"}} | /linux/resources/unified/..~1memory.max: is not the name of a file of a cgroup, such as memory.high
          /linux/resources    | {"devices":[{"allow":true,"type":"x","access":"rx"}]} | /linux/resources/devices/0/type: "x" is not one of a, b, c; /linux/resources/devices/0/access: "rx" is not made of r, w, m
          /linux/seccomp      | {"defaultAction":"ALLOW"} | /linux/seccomp/defaultAction: "ALLOW" is not one of SCMP_ACT_ALLOW, SCMP_ACT_ERRNO, SCMP_ACT_KILL, SCMP_ACT_KILL_PROCESS, SCMP_ACT_KILL_THREAD, SCMP_ACT_LOG, SCMP_ACT_NOTIFY, SCMP_ACT_TRACE, SCMP_ACT_TRAP
          /linux/seccomp      | {"defaultAction":"SCMP_ACT_NOTIFY","listenerPath":"/s"} | /linux/seccomp/defaultAction: cannot be SCMP_ACT_NOTIFY: the agent's descriptor could not be sent
          /linux/seccomp      | {"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_NOTIFY"}]} | /linux/seccomp/listenerPath: is missing
          /linux/seccomp      | {"defaultAction":"SCMP_ACT_ALLOW","listenerMetadata":"m"} | /linux/seccomp/listenerMetadata: needs a listenerPath
          /linux/seccomp      | {"defaultAction":"SCMP_ACT_ALLOW","architectures":["x86"]} | /linux/seccomp/architectures/0: "x86" is not a name such as SCMP_ARCH_X86_64
          /linux/seccomp      | {"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"action":"SCMP_ACT_ALLOW","errnoRet":1}]} | /linux/seccomp/syscalls/0/names: is missing; /linux/seccomp/syscalls/0/errnoRet: is for SCMP_ACT_ERRNO and SCMP_ACT_TRACE
          /linux/seccomp      | {"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["a"],"action":"SCMP_ACT_ALLOW","args":[{"index":6,"value":0,"valueTwo":1,"op":"SCMP_CMP_EQ"}]}]} | /linux/seccomp/syscalls/0/args/0/index: 6 is not within 0 and 5; /linux/seccomp/syscalls/0/args/0/valueTwo: is for SCMP_CMP_MASKED_EQ
          """)
  void eachProblemIsNamedWithItsPlace(String place, String value, String problems) {
    Spec spec = Spec.of(replace(BASE, place, Json.read(value)));
    assertThatExceptionOfType(SpecException.class)
        .isThrownBy(spec::requireValid)
        .withMessage(problems.replace("\\0", "\0"));
    assertThat(spec.validate()).extracting(Problem::toString).isEqualTo(List.of(problems.replace("\\0", "\0").split("; (?=/)")));
  }

  @Test
  void namesOfTheHostNeedTheirNamespace() {
    Spec spec = Spec.of(replace(BASE, "/hostname", new JsonString("web")));
    assertThat(spec.validate()).isEmpty();
    Spec shared = spec.toBuilder().domainname("example").linux(null).build();
    assertThat(shared.validate())
        .extracting(Problem::pointer)
        .containsExactly("/hostname", "/domainname");
  }

  @Test
  void pathsAreMaskedInAMountNamespaceOnly() {
    Spec spec =
        Spec.defaults().toBuilder()
            .linux(Linux.builder().maskedPaths("/proc/kcore").readonlyPaths("/proc/sys").build())
            .build();
    assertThat(spec.validate())
        .extracting(Problem::toString)
        .containsExactly("/linux/maskedPaths: needs a mount namespace", "/linux/readonlyPaths: needs a mount namespace");
  }

  @Test
  void rangesOfIdsMustNotOverlapOrEndBeyondTheLastId() {
    Linux linux =
        Linux.builder()
            .namespaces(List.of(LinuxNamespace.of(LinuxNamespace.USER)))
            .uidMappings(List.of(IdMapping.of(0, 100_000, 10), IdMapping.of(9, 200_000, 1), IdMapping.of(20, 100_009, 1)))
            .gidMappings(List.of(IdMapping.of(0, 0xFFFF_FFFFL, 1)))
            .build();
    Spec spec = Spec.of(BASE).toBuilder().linux(linux).build();
    assertThat(spec.validate())
        .extracting(Problem::toString)
        .containsExactly(
            "/linux/uidMappings/1/containerID: the range overlaps another one",
            "/linux/uidMappings/2/hostID: the range overlaps another one",
            "/linux/gidMappings/0/size: 1 ids end beyond 4294967294");
  }

  @Test
  void aWholeUserNamespaceOfTheHostIsInOrder() {
    Linux linux =
        Linux.builder()
            .namespaces(List.of(LinuxNamespace.of(LinuxNamespace.USER)))
            .uidMappings(List.of(IdMapping.of(0, 0, 0xFFFF_FFFFL)))
            .gidMappings(List.of(IdMapping.of(0, 0, 0xFFFF_FFFFL)))
            .build();
    assertThat(Spec.of(BASE).toBuilder().linux(linux).build().validate()).isEmpty();
  }

  @Test
  void processesAndLimitsAreCheckedByThemselvesToo() {
    assertThat(ProcessSpec.command("true").cwd("x").build().validate())
        .containsExactly(new Problem("/cwd", "\"x\" is not an absolute path"));
    assertThat(LinuxResources.builder().cpu(LinuxCpu.builder().idle(7L).build()).build().validate())
        .containsExactly(new Problem("/cpu/idle", "7 is neither 0 nor 1"));
  }

  @Test
  void aBadConfigurationCanStillBeWrittenForSomeoneElseToJudge(@TempDir Path directory) {
    Path file = directory.resolve("config.json");
    Spec bad = Spec.builder("0.1").build();
    bad.write(file);
    assertThat(Spec.read(file)).isEqualTo(bad);
  }

  /// The document with the member at a place of one or two names replaced.
  private static JsonObject replace(JsonObject document, String place, JsonValue value) {
    int slash = place.indexOf('/', 1);
    if (slash < 0) {
      return document.with(place.substring(1), value);
    }
    String parent = place.substring(1, slash);
    JsonObject child = document.get(parent) instanceof JsonObject object ? object : JsonObject.EMPTY;
    return document.with(parent, child.with(place.substring(slash + 1), value));
  }
}
