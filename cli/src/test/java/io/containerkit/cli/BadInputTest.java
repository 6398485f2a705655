package io.containerkit.cli;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each mistake is answered by one line that says what is wrong, on what, and what to do.
class BadInputTest {

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      textBlock =
          """
          rnu => unknown command "rnu"; did you mean run? (ckit help lists all)
          craete => unknown command "craete"; did you mean create? (ckit help lists all)
          rm => unknown command "rm"; did you mean delete? (ckit help lists all)
          imags => unknown command "imags"; did you mean images? (ckit help lists all)
          frobnicate => unknown command "frobnicate" (ckit help lists all)
          help rnu => unknown command "rnu"; did you mean run? (ckit help lists all)
          --rutime crun run => unknown flag --rutime; did you mean --runtime? (ckit --help lists all)
          run --roofts / -- true => run: unknown flag --roofts; did you mean --rootfs? (ckit run --help lists all)
          run --runtime crun --rootfs / -- true => run: --runtime belongs before the command: ckit --runtime … run
          run -tz --rootfs / -- true => run: unknown flag -z (ckit run --help lists all)
          run -Z --rootfs / -- true => run: unknown flag -Z (ckit run --help lists all)
          run --rm=false --rootfs / -- true => run: --rm takes no value, but was given "false"
          run --rootfs => run: --rootfs needs a value; one that starts with a dash is written --rootfs=VALUE
          run -m -t --rootfs / -- true => run: --memory needs a value; one that starts with a dash is written --memory=VALUE
          kill --signl TERM web => kill: unknown flag --signl; did you mean --signal? (ckit kill --help lists all)
          """)
  void unknownWordsAreAnsweredWithTheNearestKnownOne(String line, String message) {
    Reading.assertRefused(line, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      textBlock =
          """
          kill => kill: an operand is missing; usage: ckit kill [flags] CONTAINER [SIGNAL]
          kill web TERM now => kill: "now" is one operand too many; usage: ckit kill [flags] CONTAINER [SIGNAL]
          kill web TERM -s KILL => kill: the signal is given twice: --signal and "TERM"
          list web => list: "web" is one operand too many; usage: ckit list [flags]
          ps => ps: an operand is missing; usage: ckit ps [flags] CONTAINER
          exec => exec: an operand is missing; usage: ckit exec [flags] CONTAINER [--] COMMAND [ARG…]
          exec web => exec: a command is missing, such as ckit exec web ls
          exec -p proc.json web ls => exec: --process and a command exclude each other: the file has the command
          exec -d -t web sh => exec: --detach leaves no terminal or input to connect: leave out -t and -i
          run => run: what to run? Give an IMAGE, --rootfs DIR and a command, or --bundle DIR
          run -- => run: what to run? Give an IMAGE, --rootfs DIR and a command, or --bundle DIR
          run --pull sometimes alpine => run: --pull: "sometimes" is not one of always, missing, newer, never
          run --label =x alpine => run: --label: "=x" is not NAME=VALUE
          run --entrypoint [1] alpine => run: --entrypoint: "[1]" is not one word or a JSON array of texts, such as '["sh","-c"]'
          run --pull never --rootfs / -- ls => run: --pull says something about an image, and there is none
          create --entrypoint sh --bundle b => create: --entrypoint says something about an image, and there is none
          run --rootfs / => run: a command is missing after --rootfs /, such as -- /bin/sh
          run --rootfs / --bundle b -- ls => run: --rootfs and --bundle exclude each other
          run --bundle b -e A=1 web => run: --env cannot be combined with --bundle, whose config.json says everything
          run --bundle b -t web => run: --tty cannot be combined with --bundle, whose config.json says everything
          run --bundle b --name a web => run: the id is given twice: --name a and "web"
          run --bundle b web -d => run: "-d" is one operand too many: with --bundle only the id is one, and flags precede it
          run -d --rm --rootfs / -- ls => run: --rm needs somebody who waits for the end; leave --detach out, or ckit delete later
          run --rm --keep --rootfs / -- ls => run: --rm and --keep exclude each other
          create -t --rootfs / -- sh => create: nobody is in front of a container when ckit has returned: leave out -t and -i, or ckit run
          update web => update: no limit is named; see ckit update --help
          update -r f -m 1g web => update: --resources cannot be combined with other limits: write them into the file
          stats -i 0 => stats: --interval: "0" is not a length of time that is more than none
          events -i -1 web => events: --interval: "-1" is not a length of time; write seconds, or such as 250ms, 10s, 1m30s
          exec -d --timeout 5 web sleep 9 => exec: --timeout needs somebody who waits for the end; leave --detach out
          exec --timeout 0 web ls => exec: --timeout: "0" is not a length of time that is more than none
          exec --cgroup a/../b web ls => exec: --cgroup: "a/../b" is not the path of a cgroup, which has no ".."
          exec --detach -i web ls => exec: --detach leaves no terminal or input to connect: leave out -t and -i
          --timeout 0 list => --timeout: "0" is not a length of time that is more than none
          --rootless maybe list => --rootless: "maybe" is not one of true, false, auto
          --runtime= list => --runtime: "" is not the name or path of a runtime, such as crun
          --root= list => --root: "" is not a path
          stop web -t x => stop: --time: "x" is not a length of time; write seconds, or such as 250ms, 10s, 1m30s
          checkpoint => checkpoint: an operand is missing; usage: ckit checkpoint [flags] CONTAINER
          checkpoint web --manage-cgroups-mode hard => checkpoint: --manage-cgroups-mode: "hard" is not one of soft, full, strict, ignore
          checkpoint web --status-fd x => checkpoint: --status-fd: "x" is not a whole number from 0 to 1048576
          restore => restore: an operand is missing; usage: ckit restore [flags] CONTAINER
          restore a b => restore: "b" is one operand too many; usage: ckit restore [flags] CONTAINER
          events => events: an operand is missing; usage: ckit events [flags] CONTAINER
          spec here => spec: "here" is one operand too many; usage: ckit spec [flags]
          features json => features: "json" is one operand too many; usage: ckit features [flags]
          doctor --format yaml => doctor: --format: "yaml" is not one of table, json
          version -f => version: --format needs a value; one that starts with a dash is written --format=VALUE
          """)
  void linesThatLackSomethingOrContradictThemselvesAreRefused(String line, String message) {
    Reading.assertRefused(line, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      textBlock =
          """
          --memory 6x => --memory: "6x" is not a size; write a number with k, m, g or t, such as 512m
          --memory -5 => --memory: "-5" is not a size; write a number with k, m, g or t, such as 512m
          --memory 2g --memory-swap 1g => --memory-swap is memory and swap together, so it cannot be less than --memory
          --cpus 0 => --cpus: "0" is not a number of processors, such as 0.5 or 2
          --cpus 2 --cpu-quota 5000 => --cpus cannot be combined with --cpu-quota or --cpu-period: it sets both
          --pids-limit many => --pids-limit: "many" is not a whole number from -1
          --blkio-weight 5 => --blkio-weight: "5" is not a whole number from 10 to 1000
          --oom-score-adj 2000 => --oom-score-adj: "2000" is not a whole number from -1000 to 1000
          --network bridge => --network: "bridge" is not one of none, host
          --pid container:x => --pid: "container:x" is not one of private, host
          --uts host --hostname x => --hostname cannot be combined with --uts host: it would rename the host
          --cgroup-parent ../x => --cgroup-parent: "../x" is not the path of a cgroup, which has no ".."
          --stop-after 0 => --stop-after: "0" is not a length of time that is more than none
          --hostname= => --hostname: "" is not a host name: it has 1 to 64 characters
          --workdir tmp => --workdir: "tmp" is not an absolute path inside the container
          --env =x => --env: "=x" is not NAME=VALUE or NAME
          --cap-add NET_ADMN => --cap-add: there is no capability "NET_ADMN"; did you mean NET_ADMIN?
          --volume a => --volume: "a" is not [NAME|HOST:]DIR[:OPTIONS], such as db:/data or /srv/data:/data:ro
          --volume /a:b => --volume: "/a:b" is not [NAME|HOST:]DIR[:OPTIONS], such as db:/data or /srv/data:/data:ro
          --volume ..:/b => --volume: invalid name of a volume: ".."; it takes 2 to 255 of A-Z a-z 0-9 _ . -, the first a letter or digit; a directory of the host is given with a slash
          --mount type=volume,src=a/b,dst=/b => --mount: invalid name of a volume: "a/b"; it takes 2 to 255 of A-Z a-z 0-9 _ . -, the first a letter or digit; a directory of the host is given with a slash
          --mount type=bind,src=/a => --mount: "type=bind,src=/a" is not complete: dst= must name an absolute path in the container
          --mount dst=/a => --mount: "dst=/a" is not complete: src= must name a path on the host
          --mount type=nfs,dst=/a => --mount: "type=nfs,dst=/a" is not possible: type must be bind, volume or tmpfs
          --tmpfs tmp => --tmpfs: "tmp" is not DIR[:OPTIONS], such as /tmp:size=64m
          --device fuse => --device: "fuse" is not HOST[:PATH[:rwm]], such as /dev/fuse
          --device /dev/fuse:/dev/fuse:x => --device: "/dev/fuse:/dev/fuse:x" is not HOST[:PATH[:rwm]], such as /dev/fuse
          --ulimit nofile=2:1 => --ulimit: "nofile=2:1" has a soft limit above its hard limit
          --ulimit nofile=many => --ulimit: "nofile=many" is not NAME=SOFT[:HARD], such as nofile=1024:2048
          --sysctl kernel.x => --sysctl: "kernel.x" is not NAME=VALUE
          --annotation =x => --annotation: "=x" is not NAME=VALUE
          --sig-proxy maybe => --sig-proxy: "maybe" is not one of true, false
          --stop-after soon => --stop-after: "soon" is not a length of time; write seconds, or such as 250ms, 10s, 1m30s
          --preserve-fds -1 => --preserve-fds: "-1" is not a whole number from 0 to 1000
          """)
  void valuesThatAFlagDoesNotTakeAreRefused(String flags, String message) {
    Reading.assertRefused("run --rootfs / " + flags + " -- true", "run: " + message);
  }

  @Test
  void noCommandIsAQuestionBack() {
    Reading.assertRefused("", "which command? ckit help lists all");
  }

  @Test
  void aPathThatNoFileCanHaveIsRefused() {
    Reading.assertRefused(
        new String[] {"run", "--bundle", "a\0b"}, "run: --bundle: \"a\0b\" is not a path");
    Reading.assertRefused(new String[] {"run", "--bundle", ""}, "run: --bundle: \"\" is not a path");
  }

  @Test
  void unknownSignalsNameTheAlternatives() {
    Reading.assertRefused(
        "kill web NOSUCH", "kill: no signal is called \"NOSUCH\"; use a name such as TERM or RTMIN+3, or a number");
  }
}
