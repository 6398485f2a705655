package io.containerkit.engine;

/// The shell script of a [Lifeline]. In a class, because to read it from the module's archive would open that: 3 ms of a cold JVM.
final class LifelineScript {

  static final String TEXT =
      """
      # lifeline TOKEN STATE: blocks until the process that holds the other end of standard input is gone, then removes every
      # container under STATE that carries TOKEN. An owner that has removed all of them itself says `done` before. With no input it is the
      # recovery of an owner that is already gone.
      # One line on standard error for each thing that could not be removed; exit status 1 when there was one.

      # Nothing that is sent to the owner's terminal, session or process group may end this.
      trap '' HUP INT QUIT TERM USR1 USR2

      token=$1 state=$2 work=$2/work/$1 failed=0

      say() {
        printf 'containerkit: %s\\n' "$*" >&2
        failed=1
      }

      # The kernel lets a process into another control group only after a grace period of 10 to 20 ms, unless one was let in just before:
      # docs/decisions/0009. So this process is put where it is already, while the first container is still being prepared.
      hurry_cgroups() {
        while IFS=: read -r _ controllers path; do
          procs=/sys/fs/cgroup/${controllers#name=}$path/cgroup.procs
          [ ! -w "$procs" ] || { echo $$ >"$procs" && return; }
        done </proc/self/cgroup
      } 2>/dev/null

      # The pids of the owner's commands of the runtime: one of their words is a file under its work directory. What a runtime starts for a
      # sandbox, and a detached container needs, has such a file only in an option of the form --log=FILE. The pattern goes in by a pipe: in
      # grep's own arguments it would be found by grep itself.
      in_flight() {
        printf '%s' "$work" | sed 's|[][\\.*^$]|\\\\&|g; s|.*|^\\\\(file:\\\\)\\\\{0,1\\\\}&/|' | grep -lsz -f - /proc/[0-9]*/cmdline | pids
      }

      pids() {
        sed 's|^/proc/\\([0-9]*\\)/.*|\\1|'
      }

      # A runtime that is killed in the middle of `create` leaves its init behind, so it is asked to end first.
      end_commands() {
        signal=TERM tries=0
        while pids=$(in_flight) && [ -n "$pids" ]; do
          # shellcheck disable=SC2086
          kill -s "$signal" $pids 2>/dev/null
          tries=$((tries + 1))
          [ "$tries" -lt 100 ] || signal=KILL
          [ "$tries" -lt 200 ] || { say "commands do not end: $pids"; return; }
          sleep 0.02
        done
      }

      # Kills the sandbox of a create that was broken off before the runtime had written down that there is one; what serves its files ends
      # with it. Its words tell the runtime's root and, last, the id.
      end_sandbox() {
        for pid in $(printf -- '--root=%s\\n' "$1" | grep -lszxF -f - /proc/[0-9]*/cmdline | pids); do
          [ "$(tr '\\0' '\\n' <"/proc/$pid/cmdline" 2>/dev/null | tail -n 1)" != "$2" ] || kill -s KILL "$pid" 2>/dev/null
        done
      }

      # The cgroup is the last word on which processes belong to a container, whatever the runtime still knows of it.
      end_cgroup() {
        for group in "/sys/fs/cgroup$1" /sys/fs/cgroup/*"$1"; do
          [ -d "$group" ] || continue
          tries=0
          until rmdir "$group" 2>/dev/null || [ ! -d "$group" ]; do
            # A frozen process takes the signal only once it has thawed.
            [ ! -e "$group/freezer.state" ] || echo THAWED >"$group/freezer.state"
            [ ! -e "$group/cgroup.freeze" ] || echo 0 >"$group/cgroup.freeze"
            find "$group" -mindepth 1 -depth -type d -exec rmdir {} + 2>/dev/null
            for pid in $(find "$group" -name cgroup.procs -exec cat {} + 2>/dev/null); do
              kill -s KILL "$pid" 2>/dev/null
            done
            tries=$((tries + 1))
            [ "$tries" -lt 250 ] || { say "$group: not empty after 5 s"; break; }
            sleep 0.02
          done
        done
      }

      remove() {
        dir=$1
        id=${dir##*/}
        if [ -f "$dir/journal" ]; then
          set --
          root= cgroup=
          while IFS='=' read -r key value; do
            case $key in
              runtime) set -- "$@" "$value" ;;
              cgroup) cgroup=$value ;;
            esac
            case $value in --root=*) root=${value#--root=} ;; esac
          done <"$dir/journal"
          # What it says is of no use here: all that matters is what is left afterwards.
          timeout -s KILL 10 "$@" delete --force "$id" >/dev/null 2>&1
          end_sandbox "$root" "$id"
          [ -z "$cgroup" ] || end_cgroup "$cgroup"
          rm -rf --one-file-system "${root:?}/$id" "$root/${id}"_sandbox:*
          while IFS='=' read -r key value; do
            case $key in
              owned) rm -rf --one-file-system "$value" || say "$value: not removed" ;;
              # By then no place in users/ is this container's, so if it cannot be removed, the volume is another one's, too.
              volume) ! rmdir "$value/users" 2>/dev/null || rm -rf --one-file-system "$value" || say "$value: not removed" ;;
            esac
          done <"$dir/journal"
        fi
        # Out of the way first: a directory under an id has its owner in it, or is not there.
        mv -T "$dir" "$state/containers/.old-$id-$token" 2>/dev/null && dir=$state/containers/.old-$id-$token
        rm -rf --one-file-system "$dir" || say "$dir: not removed"
      }

      hurry_cgroups
      while IFS= read -r word; do
        [ "$word" != done ] || exit 0
      done

      end_commands
      for dir in "$state"/containers/*; do
        [ -f "$dir/owner" ] || continue
        owner=
        read -r owner <"$dir/owner"
        [ "$owner" = "$token" ] && remove "$dir"
      done
      # What was being made or removed at that instant.
      rm -rf --one-file-system "$state"/containers/.*-"$token" "$work"
      exit "$failed"
      """;

  private LifelineScript() {}
}
