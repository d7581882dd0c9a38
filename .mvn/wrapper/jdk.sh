# Finds a JDK 25. Sourced by ../../outpost and ../../mvnw, so that there is one answer to "which Java".
# POSIX sh; reads files only and starts no process, because every ./outpost passes here.

JDK_MAJOR=25

# Sets jdk_version to the JAVA_VERSION in the release file of the JDK at $1, or to nothing.
jdk_read_version() {
  jdk_version=
  [ -r "$1/release" ] || return 0
  while IFS= read -r jdk_line || [ -n "$jdk_line" ]; do
    case $jdk_line in
      JAVA_VERSION=*)
        jdk_version=${jdk_line#JAVA_VERSION=}
        jdk_version=${jdk_version#\"}
        jdk_version=${jdk_version%%\"*}
        return 0
        ;;
    esac
  done <"$1/release"
}

# Whether $1 is the home of a whole JDK (with a compiler) of the major version we build with.
jdk_fits() {
  [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
  jdk_read_version "$1"
  case $jdk_version in
    "$JDK_MAJOR" | "$JDK_MAJOR".* | "$JDK_MAJOR"-* | "$JDK_MAJOR"+*) return 0 ;;
  esac
  return 1
}

# Sets jdk_home to the home of the java on PATH, links followed.
jdk_on_path() {
  jdk_home=$(command -v java) || return 1
  while [ -h "$jdk_home" ]; do
    jdk_link=$(readlink "$jdk_home") || return 1
    case $jdk_link in
      /*) jdk_home=$jdk_link ;;
      *) jdk_home=${jdk_home%/*}/$jdk_link ;;
    esac
  done
  jdk_home=${jdk_home%/bin/java}
}

# Sets jdk_home to the home of a JDK that fits; returns 1 and leaves jdk_problem when there is none.
#
# OUTPOST_JAVA_HOME is an order: it is taken or refused. JAVA_HOME is only a hint, because it is
# often set for another project. OUTPOST_JDK_DIRS, a list like PATH, replaces the usual folders.
find_jdk() {
  jdk_problem=
  if [ -n "${OUTPOST_JAVA_HOME:-}" ]; then
    jdk_home=$OUTPOST_JAVA_HOME
    jdk_fits "$jdk_home" && return 0
    if [ -n "${jdk_version:-}" ]; then
      jdk_problem="OUTPOST_JAVA_HOME=$OUTPOST_JAVA_HOME is Java $jdk_version, not a JDK $JDK_MAJOR."
    else
      jdk_problem="OUTPOST_JAVA_HOME=$OUTPOST_JAVA_HOME is not the home of a JDK (no bin/javac, or no release file)."
    fi
    return 1
  fi
  jdk_home=${JAVA_HOME:-}
  jdk_fits "$jdk_home" && return 0
  if [ -n "${OUTPOST_JDK_DIRS:-}" ]; then
    jdk_ifs=$IFS
    IFS=:
    # Split at colons: that is what a list like PATH means.
    # shellcheck disable=SC2086
    set -- $OUTPOST_JDK_DIRS
    IFS=$jdk_ifs
    for jdk_dir in "$@"; do
      for jdk_home in "$jdk_dir"/*; do
        jdk_fits "$jdk_home" && return 0
      done
    done
  else
    for jdk_home in \
      /usr/lib/jvm/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home \
      "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
      "${HOME:-}"/.sdkman/candidates/java/* \
      "${HOME:-}"/.jdks/* \
      /opt/java* /opt/java/* /opt/jdk* \
      /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
      /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
      /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec; do
      jdk_fits "$jdk_home" && return 0
    done
  fi
  jdk_on_path && jdk_fits "$jdk_home" && return 0
  jdk_problem="Outpost needs a JDK $JDK_MAJOR and found none."
  if [ -n "${JAVA_HOME:-}" ]; then
    jdk_read_version "$JAVA_HOME"
    jdk_problem="$jdk_problem JAVA_HOME=$JAVA_HOME is ${jdk_version:+Java }${jdk_version:-not a JDK}."
  fi
  return 1
}

# Says on stderr what was missing and how to get it.
jdk_explain() {
  cat >&2 <<END
$jdk_problem
Any of these gets one:
  Debian, Ubuntu:  sudo apt install openjdk-$JDK_MAJOR-jdk-headless
  Fedora:          sudo dnf install java-$JDK_MAJOR-openjdk-devel
  macOS:           brew install openjdk@$JDK_MAJOR
  anywhere:        sdk install java $JDK_MAJOR-tem      (with SDKMAN!)
If it lies in an unusual place: export OUTPOST_JAVA_HOME=/path/of/the/jdk
END
}
