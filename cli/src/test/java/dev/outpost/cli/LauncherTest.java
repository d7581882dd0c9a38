package dev.outpost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The launcher script as a process, in a repository and among JDKs made of a few small files. */
@Isolated("a process that starts meanwhile holds our scripts open for writing: text file busy")
final class LauncherTest {
  private static final Path ROOT = Path.of(System.getProperty("outpost.root", ".."));

  @TempDir private Path dir;
  private Path repo;
  private Path jdks;

  record Ended(int exit, String out, String err) {}

  @BeforeEach
  void copyTheScripts() throws IOException, InterruptedException {
    // A blank in the path, because people have them.
    repo = Files.createDirectories(dir.resolve("my work/outpost"));
    jdks = Files.createDirectories(dir.resolve("jdks"));
    Files.createDirectories(repo.resolve(".mvn/wrapper"));
    for (String file : List.of("outpost", ".mvn/wrapper/jdk.sh")) {
      Files.copy(ROOT.resolve(file), repo.resolve(file));
    }
    for (String folder : List.of("shared/src/main", "shared/src/test", "functions", "agents")) {
      Files.createDirectories(repo.resolve(folder));
    }
    write(repo.resolve("pom.xml"), "<project/>");
    write(repo.resolve("cli/pom.xml"), "<project/>");
    write(repo.resolve("shared/src/main/A.java"), "class A {}");
    executable(
        repo.resolve("mvnw"),
        """
        #!/bin/sh
        echo "$JAVA_HOME $*" >>calls
        for word; do
          case $word in
            -Doutpost.stage=*) stage=${word#*=} ;;
          esac
        done
        [ ! -p gate ] || read -r go <gate
        echo '[INFO] Building The domain 3.0.0                    [1/2]'
        echo '[INFO] Building The command 3.0.0                   [2/2]'
        [ ! -e unrun ] || { mkdir -p cli/target; cat unrun >cli/target/not-run.txt; }
        [ ! -e broken ] || { echo '[ERROR] it does not compile'; exit 1; }
        [ -z "${stage:-}" ] || { mkdir -p "$stage/lib"; : >"$stage/lib/outpost-cli-3.0.0.jar"; }
        """);
    age(repo);
  }

  @Test
  void takesTheJdkOfThatMajorAndPassesTheRestBy() throws Exception {
    jdk("old", "24.0.2");
    jdk("new", "26");
    Path right = jdk("right", "25.0.1");
    Path elsewhere = jdk("elsewhere", "17.0.9");

    Ended ended = run(Map.of("JAVA_HOME", elsewhere.toString()), "verify", "-pl", "a b");

    assertThat(ended.exit()).isZero();
    assertThat(calls()).containsExactly(right + " -B verify -pl a b");
  }

  @Test
  void verifyTellsAtItsEndWhatItDidNotRunAndStillFailsWhenMavenDoes() throws Exception {
    jdk("right", "25.0.1");
    write(repo.resolve("unrun"), "the tests with the real programs of grok\n");

    Ended ended = run(Map.of(), "verify");

    assertThat(ended.exit()).isZero();
    assertThat(ended.err().lines().toList().getLast())
        .isEqualTo("outpost: not run: the tests with the real programs of grok");

    write(repo.resolve("broken"), "");
    assertThat(run(Map.of(), "verify").exit()).isEqualTo(1);
    Files.delete(repo.resolve("broken"));
    Files.delete(repo.resolve("unrun"));
    assertThat(run(Map.of(), "verify").err()).doesNotContain("not run");
  }

  @Test
  void prefersJavaHomeWhenItFits() throws Exception {
    jdk("a", "25");
    Path mine = jdk("z", "25-ea");

    run(Map.of("JAVA_HOME", mine.toString()), "verify");

    assertThat(calls()).containsExactly(mine + " -B verify");
  }

  @Test
  void aRuntimeWithoutCompilerIsNoJdk() throws Exception {
    Path runtime = jdk("right", "25.0.1");
    Files.delete(runtime.resolve("bin/javac"));

    assertThat(run(Map.of(), "verify").exit()).isEqualTo(69);
  }

  @Test
  void findsTheJdkBehindTheJavaOnPath() throws Exception {
    Path right = jdk("right", "25.0.1");
    Path bin = Files.createDirectories(dir.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("java"), right.resolve("bin/java"));

    Ended ended =
        run(
            Map.of("OUTPOST_JDK_DIRS", dir.resolve("none").toString(), "PATH", bin + ":" + path()),
            "verify");

    assertThat(ended.exit()).isZero();
    assertThat(calls()).containsExactly(right + " -B verify");
  }

  @Test
  void saysWhatIsMissingAndHowToGetIt() throws Exception {
    Path old = jdk("old", "21.0.4");

    Ended ended = run(Map.of("JAVA_HOME", old.toString()), "help");

    assertThat(ended.exit()).isEqualTo(69);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .startsWith("Outpost needs a JDK 25 and found none. JAVA_HOME=" + old + " is Java 21.0.4.")
        .contains("apt install", "brew install", "sdk install", "OUTPOST_JAVA_HOME");
  }

  @Test
  void anOrderThatCanNotBeFollowedIsRefused() throws Exception {
    jdk("right", "25.0.1");
    Path ordered = jdk("ordered", "17.0.9");

    Ended ended = run(Map.of("OUTPOST_JAVA_HOME", ordered.toString()), "verify");

    assertThat(ended.exit()).isEqualTo(69);
    assertThat(ended.err())
        .startsWith("OUTPOST_JAVA_HOME=" + ordered + " is Java 17.0.9, not a JDK 25.");
  }

  @Test
  void buildsOnceAndRunsTheCommandFromAnywhereThroughLinks() throws Exception {
    jdk("right", "25.0.1");
    Path bin = Files.createDirectories(dir.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("second"), repo.resolve("outpost"));
    Files.createSymbolicLink(bin.resolve("outpost"), Path.of("second"));

    List<String> command = List.of(bin.resolve("outpost").toString(), "status", "an id");
    Ended first = ended(start(Map.of(), command));
    Ended second = ended(start(Map.of(), command));

    assertThat(first.exit()).isEqualTo(42);
    assertThat(first.out()).endsWith("status\nan id\n").contains("-Doutpost.home=" + real(repo));
    assertThat(first.err()).contains("[1/2] The domain\n[2/2] The command\n");
    assertThat(second.out()).isEqualTo(first.out());
    assertThat(second.err()).isEmpty();
    assertThat(calls()).hasSize(1);
  }

  @Test
  void aNewerSourceAsksForAnotherBuildAndANewerTestDoesNot() throws Exception {
    jdk("right", "25.0.1");
    run(Map.of(), "help");
    write(repo.resolve("shared/src/test/ATest.java"), "class ATest {}");
    run(Map.of(), "help");
    assertThat(calls()).hasSize(1);

    Path source = repo.resolve("shared/src/main/A.java");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    run(Map.of(), "help");
    assertThat(calls()).hasSize(2);
  }

  @Test
  void aDeletedSourceAsksForAnotherBuild() throws Exception {
    jdk("right", "25.0.1");
    run(Map.of(), "help");

    Files.delete(repo.resolve("shared/src/main/A.java"));
    run(Map.of(), "help");

    assertThat(calls()).hasSize(2);
  }

  @Test
  void aFailedBuildShowsItsEndAndLeavesTheOldRuntime() throws Exception {
    jdk("right", "25.0.1");
    run(Map.of(), "help");
    write(repo.resolve("broken"), "");
    write(repo.resolve("shared/src/main/B.java"), "class B {");

    Ended ended = run(Map.of(), "help");

    assertThat(ended.exit()).isEqualTo(70);
    assertThat(ended.err()).contains("[ERROR] it does not compile", "cli/target/build.log");
    assertThat(repo.resolve("cli/target/outpost/lib/outpost-cli-3.0.0.jar")).exists();
    try (Stream<Path> left = Files.list(repo.resolve("cli/target"))) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("build.log", "outpost");
    }
  }

  @Test
  void twoAtOnceBuildOnce() throws Exception {
    jdk("right", "25.0.1");
    Path gate = repo.resolve("gate");
    assertThat(new ProcessBuilder("mkfifo", gate.toString()).start().waitFor()).isZero();

    Process one = start(Map.of(), List.of(script(), "help"));
    awaitLine(one.errorReader(), "building");
    Process two = start(Map.of(), List.of(script(), "help"));
    awaitLine(two.errorReader(), "waiting for the build of process " + one.pid());
    Files.writeString(gate, "go\n");

    assertThat(one.waitFor()).isEqualTo(42);
    assertThat(two.waitFor()).isEqualTo(42);
    assertThat(calls()).hasSize(1);
  }

  @Test
  void theLockOfAKilledBuildIsTakenOver() throws Exception {
    jdk("right", "25.0.1");
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    write(repo.resolve("cli/target/outpost.lock/pid"), dead.pid() + "\n");

    assertThat(run(Map.of(), "help").exit()).isEqualTo(42);
    assertThat(repo.resolve("cli/target/outpost.lock")).doesNotExist();
  }

  /** A JDK whose java prints its arguments, one a line, and ends with 42. */
  private Path jdk(String name, String version) throws IOException {
    Path home = jdks.resolve(name);
    write(home.resolve("release"), "IMPLEMENTOR=\"us\"\nJAVA_VERSION=\"" + version + "\"\n");
    executable(home.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\nexit 42\n");
    executable(home.resolve("bin/javac"), "#!/bin/sh\n");
    return home;
  }

  private String script() {
    return repo.resolve("outpost").toString();
  }

  private Ended run(Map<String, String> environment, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(script()));
    command.addAll(List.of(args));
    return ended(start(environment, command));
  }

  private Process start(Map<String, String> environment, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(dir.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", path());
    builder.environment().put("HOME", dir.toString());
    builder.environment().put("OUTPOST_JDK_DIRS", jdks.toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** What a script needs, and no java: the machine's own JDKs must not be found. */
  private String path() throws IOException {
    Path tools = dir.resolve("tools");
    if (!Files.exists(tools)) {
      Files.createDirectories(tools);
      for (String tool :
          List.of(
              "sh",
              "cat",
              "find",
              "head",
              "tail",
              "sed",
              "wc",
              "mkdir",
              "mv",
              "rm",
              "sleep",
              "readlink",
              "dirname")) {
        for (Path bin : List.of(Path.of("/bin"), Path.of("/usr/bin"))) {
          if (Files.exists(bin.resolve(tool)) && !Files.exists(tools.resolve(tool))) {
            Files.createSymbolicLink(tools.resolve(tool), bin.resolve(tool));
          }
        }
      }
    }
    return tools.toString();
  }

  private static Ended ended(Process process) throws IOException, InterruptedException {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), out, err);
  }

  private static void awaitLine(BufferedReader lines, String part) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.contains(part)) {
      line = lines.readLine();
    }
    assertThat(line).contains(part);
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(repo.resolve("calls"));
  }

  private static Path real(Path path) throws IOException {
    return path.toRealPath();
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void executable(Path file, String text) throws IOException {
    write(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Makes all of it an hour old, so that whatever happens now is newer. */
  private static void age(Path root) throws IOException {
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.toList()) {
        Files.setLastModifiedTime(path, old);
      }
    }
  }
}
