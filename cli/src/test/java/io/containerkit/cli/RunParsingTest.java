package io.containerkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.containerkit.cli.ContainerFlags.Source;
import io.containerkit.image.Platform;
import io.containerkit.image.PullPolicy;
import io.containerkit.spec.Json;
import io.containerkit.spec.LinuxResources;
import io.containerkit.spec.Mount;
import io.containerkit.spec.Rlimit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunParsingTest {

  @Test
  void theCommandStartsAtTheFirstOperandAndItsFlagsAreItsOwn() {
    RunCommand run = Reading.read(RunCommand.class, "run --rootfs / ls -l --memory 5 -- x");
    assertThat(run.container().command()).containsExactly("ls", "-l", "--memory", "5", "--", "x");
    assertThat(run.container().limits().memory()).isNull();
  }

  @Test
  void twoDashesEndTheFlags() {
    RunCommand run = Reading.read(RunCommand.class, "run --rootfs / -- -t --name");
    assertThat(run.container().command()).containsExactly("-t", "--name");
    assertThat(run.container().process().tty()).isFalse();
  }

  @Test
  void aRootIsReadOnlyUnlessItSaysOtherwise() {
    assertThat(source("--rootfs /srv/a")).isEqualTo(new Source.Rootfs(Path.of("/srv/a"), false));
    assertThat(source("--rootfs /srv/a:ro")).isEqualTo(new Source.Rootfs(Path.of("/srv/a"), false));
    assertThat(source("--rootfs=/srv/a:rw")).isEqualTo(new Source.Rootfs(Path.of("/srv/a"), true));
  }

  private static Source source(String flags) {
    return Reading.read(RunCommand.class, "run " + flags + " true").container().source();
  }

  @Test
  void aBundleTakesItsIdAsOperandOrAsName() {
    RunCommand operand = Reading.read(RunCommand.class, "run -b /srv/b web");
    assertThat(operand.container().source()).isEqualTo(new Source.Bundle(Path.of("/srv/b")));
    assertThat(operand.container().id()).contains("web");
    assertThat(Reading.read(RunCommand.class, "run -b /srv/b --name web").container().id()).contains("web");
    assertThat(Reading.read(RunCommand.class, "run -b /srv/b").container().id()).isEmpty();
  }

  @Test
  void lettersCanBeJoined() {
    RunCommand run = Reading.read(RunCommand.class, "run -tie A=1 -m64m -w /tmp --rootfs / sh");
    assertThat(run.container().process().tty()).isTrue();
    assertThat(run.container().process().interactive()).isTrue();
    assertThat(run.container().process().env()).containsExactly("A=1");
    assertThat(run.container().process().workdir()).contains(Path.of("/tmp"));
    assertThat(run.container().limits()).isEqualTo(LinuxResources.of(Json.readObject("{\"memory\":{\"limit\":67108864}}")));
  }

  @Test
  void ofAFlagThatIsRepeatedWithoutNeedTheLastCounts() {
    assertThat(Reading.read(RunCommand.class, "run --name a --name b --rootfs / sh").container().id()).contains("b");
  }

  @Test
  void limitsAreReadAsTheSpecificationHasThem() {
    RunCommand run =
        Reading.read(
            RunCommand.class,
            "run --memory 1g --memory-reservation 512m --memory-swap -1 --memory-swappiness 10 --cpus 1.5 --cpu-shares 512"
                + " --cpuset-cpus 0-1 --cpuset-mems 0 --pids-limit 100 --blkio-weight 500 --rootfs / sh");
    assertThat(run.container().limits())
        .isEqualTo(
            LinuxResources.of(
                Json.readObject(
                    """
                {"memory":{"limit":1073741824,"reservation":536870912,"swap":-1,"swappiness":10},
                 "cpu":{"shares":512,"quota":150000,"period":100000,"cpus":"0-1","mems":"0"},
                 "pids":{"limit":100},"blockIO":{"weight":500}}
                """)));
  }

  @Test
  void mountsAreReadAsTheSpecificationHasThem() {
    RunCommand run =
        Reading.read(
            RunCommand.class,
            "run -v /a:/b -v /c:/d:ro,nosuid --mount type=bind,source=/e,target=/f,readonly --mount"
                + " type=tmpfs,dst=/g,tmpfs-size=1m --tmpfs /h:size=2m --tmpfs /i --rootfs / sh");
    assertThat(run.container().files().mounts())
        .containsExactly(
            Mount.of("/b", "bind", "/a", "rbind"),
            Mount.of("/d", "bind", "/c", "rbind", "ro", "nosuid"),
            Mount.of("/f", "bind", "/e", "rbind", "ro"),
            Mount.of("/g", "tmpfs", "tmpfs", "nosuid", "nodev", "size=1m"),
            Mount.of("/h", "tmpfs", "tmpfs", "nosuid", "nodev", "size=2m"),
            Mount.of("/i", "tmpfs", "tmpfs", "nosuid", "nodev"));
  }

  @Test
  void whatHasNoSlashIsAVolume() {
    RunCommand run =
        Reading.read(
            RunCommand.class,
            "run -v db:/a -v db.2:/b:ro,nocopy -v /c -v ./db:/d --mount type=volume,src=db,dst=/e,ro,volume-nocopy --mount type=volume,dst=/f"
                + " --rootfs / sh");
    assertThat(run.container().files().mounts())
        .containsExactly(
            Mount.of("/a", "volume", "db"),
            Mount.of("/b", "volume", "db.2", "ro", "nocopy"),
            Mount.of("/c", "volume", ""),
            Mount.of("/d", "bind", Path.of("db").toAbsolutePath().toString(), "rbind"),
            Mount.of("/e", "volume", "db", "ro", "nocopy"),
            Mount.of("/f", "volume", ""));
  }

  @Test
  void devicesHaveAPathAndAnAccess() {
    RunCommand run =
        Reading.read(
            RunCommand.class, "run --device /dev/a --device /dev/b:/dev/c --device /dev/d:/dev/e:r --device /dev/f:rw --rootfs / sh");
    assertThat(run.container().files().devices())
        .containsExactly(
            new FileFlags.DeviceFlag(Path.of("/dev/a"), Path.of("/dev/a"), "rwm"),
            new FileFlags.DeviceFlag(Path.of("/dev/b"), Path.of("/dev/c"), "rwm"),
            new FileFlags.DeviceFlag(Path.of("/dev/d"), Path.of("/dev/e"), "r"),
            new FileFlags.DeviceFlag(Path.of("/dev/f"), Path.of("/dev/f"), "rw"));
  }

  @Test
  void limitsOfProcessesReachTheUnlimited() {
    RunCommand run =
        Reading.read(RunCommand.class, "run --ulimit nofile=10:20 --ulimit core=-1 --ulimit nproc=5 --rootfs / sh");
    assertThat(run.container().rlimits())
        .containsExactly(
            Rlimit.of("RLIMIT_NOFILE", 10, 20),
            Rlimit.of("RLIMIT_CORE", Rlimit.INFINITY, Rlimit.INFINITY),
            Rlimit.of("RLIMIT_NPROC", 5, 5));
  }

  @Test
  void theRestHasItsPlace() {
    RunCommand run =
        Reading.read(
            RunCommand.class,
            "run -d --keep --sig-proxy=false --network host --pid host --read-only --shm-size 1m --hostname h --user 1:2"
                + " --oom-score-adj 5 --annotation a=b=c --pid-file p --rootfs / sh");
    assertThat(run.detach()).isTrue();
    assertThat(run.keep()).isTrue();
    assertThat(run.sigProxy()).isFalse();
    ContainerFlags container = run.container();
    assertThat(container.namespaces().hostNetwork()).isTrue();
    assertThat(container.namespaces().hostPid()).isTrue();
    assertThat(container.namespaces().hostIpc()).isFalse();
    assertThat(container.namespaces().hostname()).contains("h");
    assertThat(container.files().readOnly()).isTrue();
    assertThat(container.files().shmSize()).isEqualTo(1 << 20);
    assertThat(container.process().user()).contains("1:2");
    assertThat(container.oomScoreAdj()).contains(5L);
    assertThat(container.annotations()).containsExactly("a=b=c");
    assertThat(container.pidFile()).contains(Path.of("p"));
    assertThat(Reading.read(RunCommand.class, "run --stop-after 1m --rootfs / sh").runFor())
        .contains(Duration.ofMinutes(1));
  }

  @Test
  void nothingIsAskedForThatWasNotSaid() {
    ContainerFlags container = Reading.read(RunCommand.class, "run --rootfs / true").container();
    assertThat(container.id()).isEmpty();
    assertThat(container.limits()).isEqualTo(LinuxResources.builder().build());
    assertThat(container.process().capabilities().isEmpty()).isTrue();
    assertThat(container.files().mounts()).isEqualTo(List.of());
    assertThat(container.namespaces().hostNetwork()).isFalse();
  }

  private static ImageFlags image(String line) {
    assertThat(Reading.read(RunCommand.class, "run " + line).container().source()).isInstanceOf(Source.Image.class);
    return ((Source.Image) Reading.read(RunCommand.class, "run " + line).container().source()).flags();
  }

  @Test
  void whatIsNeitherADirectoryNorABundleIsAnImageWithItsCommand() {
    RunCommand run = Reading.read(RunCommand.class, "run --rm -e A=1 alpine:3 ls -l --pull");
    assertThat(run.container().source()).isEqualTo(new Source.Image(image("alpine:3")));
    assertThat(run.container().command()).containsExactly("ls", "-l", "--pull");
    assertThat(Reading.read(RunCommand.class, "run alpine").container().command()).isEmpty();
  }

  @Test
  void anImageIsPulledIfItIsMissingUnlessSaidOtherwise() {
    assertThat(image("alpine").policy()).isEqualTo(PullPolicy.MISSING);
    ImageFlags flags = image("--pull always --platform linux/arm64 -l a=b=c --label alone -q alpine:3");
    assertThat(flags)
        .isEqualTo(
            new ImageFlags(
                "alpine:3", PullPolicy.ALWAYS, Optional.of(Platform.of("linux/arm64")), Optional.empty(), List.of("a=b=c", "alone="), true));
  }

  @Test
  void anEntryPointIsAWordOrAnArrayOrNothing() {
    assertThat(image("--entrypoint sh alpine").entrypoint()).contains(List.of("sh"));
    assertThat(image("--entrypoint [\"sh\",\"-c\"] alpine").entrypoint()).contains(List.of("sh", "-c"));
    assertThat(image("--entrypoint= alpine").entrypoint()).contains(List.of());
    assertThat(image("alpine").entrypoint()).isEmpty();
  }
}
