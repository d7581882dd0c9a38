package dev.outpost.cli.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.cli.Typed;
import dev.outpost.cli.Typed.Came;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The command with an npm that downloads nothing: a script that lays the files where npm would. */
@Isolated("a process that starts meanwhile holds our scripts open for writing: text file busy")
final class AgentsCommandTest {
  private static final PinnedPrograms PINNED = PinnedPrograms.packaged();

  /** Packs a program of the package's last word that prints what is in the variable SAYS. */
  private static final String NPM =
      """
      #!/bin/sh
      set -eu
      echo "$@" >> '$LOG'
      prefix=$3
      for last; do :; done
      name=${last%@*}
      version=${last##*@}
      test ! -e '$BROKEN' || { echo 'npm error 404 no such package'; exit 1; }
      test ! -e '$OTHER' || version=2.1.197
      home=$prefix/node_modules/$name
      mkdir -p "$home" "$prefix/node_modules/.bin"
      printf '{"name":"%s","version":"%s"}' "$name" "$version" > "$home/package.json"
      case $name in
        *claude*) program=claude ;;
        *codex*) program=codex ;;
        *gemini*) program=gemini ;;
        *grok*) program=grok; mkdir -p "$GROK_HOME"; echo copy > "$GROK_HOME/copy" ;;
        *) program=node ;;
      esac
      first='#!/bin/sh'
      test $program != gemini || first='#!/usr/bin/env node'
      printf '%s\\n[ -f "$1" ] && exec sh "$@"\\necho "%s $0"\\n' "$first" "$version" > "$home/$program"
      chmod +x "$home/$program"
      ln -s "../$name/$program" "$prefix/node_modules/.bin/$program"
      """;

  @TempDir private Path dir;
  private Path machine;
  private Path log;

  @BeforeEach
  void aMachineWithNpm() throws IOException {
    machine = Files.createDirectories(dir.resolve("machine"));
    log = dir.resolve("npm.log");
    program(
        "npm",
        NPM.replace("$LOG", log.toString())
            .replace("$BROKEN", dir.resolve("broken").toString())
            .replace("$OTHER", dir.resolve("other").toString()));
    node("v24.1.0");
  }

  private void program(String name, String text) throws IOException {
    Path file = machine.resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Answers the one question that is put to it, and runs scripts by the shell. */
  private void node(String version) throws IOException {
    program(
        "node",
        "#!/bin/sh\n[ \"$1\" = -p ] && echo '"
            + version
            + " "
            + machine.resolve("node")
            + "' || exec sh \"$@\"\n");
  }

  private Came type(String... words) {
    return Typed.in(dir).with("PATH", machine + ":/usr/bin:/bin").run(words);
  }

  private Path installed(String... names) {
    return dir.resolve(".outpost/agents").resolve(String.join("/", names));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static String version(String agent) {
    return PINNED.version(agent).orElseThrow();
  }

  @Test
  void everyAgentThatNpmHasIsInstalledInItsExactVersion() throws Exception {
    Came came = type("agents", "install");

    assertThat(came.exit()).as(came.err()).isZero();
    assertThat(came.out())
        .contains(
            "claude " + version("claude") + " installed",
            "codex " + version("codex") + " installed",
            "gemini " + version("gemini") + " installed",
            "grok " + version("grok") + " installed",
            "The programs are in " + installed("bin"));
    assertThat(names(installed("bin"))).containsExactly("claude", "codex", "gemini", "grok");
    assertThat(Files.readAllLines(log)).hasSize(4).allMatch(line -> line.matches(".*@[0-9.]+"));
    assertThat(Files.isSymbolicLink(installed("bin", "claude"))).isTrue();
    assertThat(Files.readString(installed("bin", "gemini"))).contains(machine + "/node");
    assertThat(names(installed())).containsExactly("bin", "claude", "codex", "gemini", "grok");
    assertThat(names(installed("grok"))).containsExactly("node_modules");
  }

  @Test
  void whatIsThereIsLeftAlone() throws Exception {
    type("agents", "install", "claude");
    Files.delete(log);

    Came came = type("agents", "install", "claude");

    assertThat(came.exit()).isZero();
    assertThat(came.out()).contains("claude " + version("claude") + " is there");
    assertThat(log).doesNotExist();
  }

  @Test
  void anotherVersionThanTheWantedOneIsNoSuccessAndIsNotSeen() throws Exception {
    Files.createFile(dir.resolve("other"));

    Came came = type("agents", "install", "claude");

    assertThat(came.exit()).isEqualTo(5);
    assertThat(came.err()).contains("does not say so when it is asked for its version");
    assertThat(names(installed())).isEmpty();
  }

  @Test
  void aFailureOfNpmsIsToldInItsOwnWordsAndKeepsWhatWasThere() throws Exception {
    type("agents", "install", "codex");
    Files.createFile(dir.resolve("broken"));

    Came came = type("agents", "install", "codex", "grok");

    assertThat(came.exit()).isEqualTo(5);
    assertThat(came.out()).contains("codex " + version("codex") + " is there");
    assertThat(came.err())
        .contains("grok " + version("grok") + ": npm failed", "npm error 404 no such package");
    assertThat(names(installed("bin"))).containsExactly("codex");
  }

  @Test
  void anOldNodeIsNotUsedAndOursIsOnNobodysPath() throws Exception {
    node("v20.9.0");

    Came came = type("agents", "install", "gemini");

    assertThat(came.exit()).as(came.err()).isZero();
    assertThat(came.out()).startsWith("node " + version("node") + " installed");
    assertThat(names(installed("bin"))).containsExactly("gemini");
    assertThat(Files.readString(installed("bin", "gemini")))
        .contains(installed("node", "node_modules", ".bin", "node").toString());
  }

  @Test
  void withoutNpmItSaysWhatToDo() throws Exception {
    Files.delete(machine.resolve("npm"));

    Came came = Typed.in(dir).with("PATH", machine.toString()).run("agents", "install", "claude");

    assertThat(came.exit()).isEqualTo(5);
    assertThat(came.err()).contains("install Node.js, which brings it");
  }

  @Test
  void anAgentThatNobodyKnowsAndOneThatNpmLacksAreRefused() {
    Came unknown = type("agents", "install", "claud");
    Came elsewhere = type("agents", "install", "aider");

    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err()).contains("there is no agent claud; there are claude, codex");
    assertThat(elsewhere.exit()).isEqualTo(2);
    assertThat(elsewhere.err()).contains("docs/agents.md");
  }

  @Test
  void theListTellsWhatIsHereAndWhatIsMissing() {
    type("agents", "install", "--dir", "elsewhere", "grok", "claude");

    Came came =
        Typed.in(dir)
            .with("PATH", machine + ":/usr/bin:/bin")
            .with("OUTPOST_AGENTS_DIR", "elsewhere")
            .with("XAI_API_KEY", "xai")
            .run("agents", "list");

    assertThat(came.exit()).isZero();
    assertThat(came.out())
        .containsPattern("grok +" + version("grok") + " +\\S+/elsewhere/bin/grok +yes")
        .containsPattern("claude +" + version("claude") + " .*no: ANTHROPIC_API_KEY is not set")
        .containsPattern("gemini +- +- +no: its program 'gemini' is neither installed")
        .containsPattern("script +- +\\S+/sh +yes");
  }

  @Test
  void everyPinnedVersionIsExact() {
    for (String agent : List.of("claude", "codex", "gemini", "grok", "aider", "node")) {
      assertThat(version(agent)).matches("\\d+\\.\\d+\\.\\d+");
    }
  }
}
