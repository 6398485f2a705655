# Sourced by the scripts in the root: where the JDK is, which Debian packages are missing, how ckit is built.
# shellcheck shell=bash

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$*"
  exit 125
}

# jdk_release HOME: the feature version of the JDK in HOME, or nothing where there is no JDK.
jdk_release() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# Sets JAVA_HOME to a JDK 25, wherever it is; the JAVA_HOME of the caller is only the first place to look.
use_jdk() {
  local home javac
  javac=$(command -v javac || true)
  for home in "${JAVA_HOME:-}" ${javac:+"$(dirname "$(dirname "$(readlink -f "$javac")")")"} \
    /usr/lib/jvm/* /usr/java/* /opt/* /opt/*/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/*; do
    if [ -n "$home" ] && [ "$(jdk_release "$home")" = 25 ]; then
      export JAVA_HOME=$home
      return
    fi
  done
  die "no JDK 25 found in JAVA_HOME, on PATH, under /usr/lib/jvm, /opt or ~/.sdkman: install one (any vendor) and run this again"
}

# need_packages NAME…: installs the Debian packages that are missing, and says which.
need_packages() {
  local name missing=()
  for name in "$@"; do
    [ "$(dpkg-query -W -f '${Status}' "$name" 2>/dev/null)" = 'install ok installed' ] || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return
  [ "$(id -u)" = 0 ] || die "missing Debian packages, and only root can install them: apt-get install ${missing[*]}"
  say "installing Debian packages: ${missing[*]}"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } \
    >"$root/target/apt.log" 2>&1 || die "apt-get failed; its last words: $(tail -n 3 "$root/target/apt.log")"
}

# Maven on the JDK 25, quiet about its own use of sun.misc.Unsafe.
mvn25() {
  MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}" mvn -B -Dstyle.color=never -f "$root/pom.xml" "$@"
}

# Everything that a build of ckit depends on, as `find` arguments.
ckit_sources=("$root"/{spec,linux,image,runtime,engine,cli}/src/main "$root"/{spec,linux,image,runtime,engine,cli}/pom.xml "$root/pom.xml" "$root/scripts")
ckit_home=$root/cli/target/ckit

ckit_is_fresh() {
  [ -x "$ckit_home/bin/ckit" ] && [ -z "$(find "${ckit_sources[@]}" -newer "$ckit_home/bin/ckit" -type f -print -quit 2>/dev/null)" ]
}

# Builds cli/target/ckit: the jars, their AOT cache and a launcher. Says what it is at.
build_ckit() {
  local log=$root/target/build.log started=$SECONDS
  say "building ckit …"
  mvn25 -pl cli -am -DskipTests -Dmaven.test.skip=true package 2>&1 | tee "$log" |
    sed -un 's/^\[INFO\] Building \(containerkit-[a-z]*\) .*\[\(.*\)\]$/  \2 \1/p' >&2 || {
    grep -E '^\[ERROR\]' "$log" | head -n 20 >&2
    die "the build failed; all of it is in $log"
  }
  "$root/scripts/package-ckit" "$JAVA_HOME" "$root/cli/target" "$ckit_home" >>"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    die "packaging ckit failed; all of it is in $log"
  }
  say "built in $((SECONDS - started)) s"
}

mkdir -p "$root/target"
