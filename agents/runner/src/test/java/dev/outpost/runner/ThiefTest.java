package dev.outpost.runner;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.run.ContainerContract;
import dev.outpost.runner.git.Repository;
import dev.outpost.runner.model.ModelGateway;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hostile repository makes the agent a thief. Where these tests run as root the run is as in a
 * container: the agent is another user, and a network namespace has nothing but loopback, on which
 * the gateway's upstream and the git host are. Elsewhere the agent is the same user on an open
 * network, and what still holds is asked: no key in its variables, files and command lines, and no
 * way through the gateway.
 */
@Timeout(240)
class ThiefTest {
  @TempDir private Path directory;
  private String secret;

  private static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  private String file(String name) throws IOException {
    return Files.readString(directory.resolve(name), ISO_8859_1);
  }

  private void steal(boolean alone) throws IOException, InterruptedException {
    secret = ModelGateway.newKey() + "-the-real-one";
    Files.writeString(directory.resolve("secret"), secret);
    Files.setPosixFilePermissions(
        directory.resolve("secret"), PosixFilePermissions.fromString("rw-------"));
    Repository origin = Repository.make(directory.resolve("origin"));
    origin.write("a.txt", "one\n").commit("base");
    Path open = Files.createDirectory(directory.resolve("public"));
    Path program = open.resolve(Thief.class.getName().replace('.', '/') + ".class");
    Files.createDirectories(program.getParent());
    for (String name : new String[] {"Thief.class", "Thief$1.class"}) {
      try (InputStream code = Thief.class.getResourceAsStream(name)) {
        Files.copy(code, program.resolveSibling(name));
      }
    }
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));

    List<String> words = new ArrayList<>();
    if (alone) {
      words.addAll(
          List.of("unshare", "-n", "sh", "-c", "ip link set lo up && exec \"$@\"", "in-there"));
    }
    words.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            ThiefRun.class.getName(),
            directory.toString(),
            alone ? "closed" : "open"));
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.redirectOutput(directory.resolve("printed").toFile());
    if (alone) {
      int user = ThreadLocalRandom.current().nextInt(20_000, 60_000);
      builder.environment().put(ContainerContract.AGENT_USER, user + ":" + user);
    }
    Process process = builder.start();
    assertThat(process.waitFor(200, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(file("printed")).isZero();
    assertThat(file("outcome").lines()).as(file("log")).startsWith("0", "success");
  }

  @Test
  void thereIsNothingToStealAndNowhereToBringIt() throws Exception {
    boolean alone = isRoot();
    steal(alone);
    List<String> outcome = file("outcome").lines().toList();
    assertThat(outcome.get(4)).as("the provider got the real key").isEqualTo(secret);
    assertThat(outcome.get(2)).as("calls that reached the provider").isEqualTo("1");
    assertThat(outcome.get(3)).as("files of the change").isEqualTo("2");

    String loot = file("public/loot");
    // Not by the text itself: a failure must not print what lies about on a machine.
    assertThat(loot.contains("MODEL_KEY=outpost-run-")).as("it saw its own variables").isTrue();
    assertThat(loot.contains("key=outpost-run-")).as("it saw the files of its HOME").isTrue();
    assertThat(loot.contains("remote.origin.url")).as("it saw the work tree").isTrue();
    assertThat(loot.contains(secret)).as("it found the real key").isFalse();
    List<String> report = file("public/report").lines().toList();
    assertThat(report)
        .contains(
            "own environment true",
            "runner's command line true",
            "model 200",
            "model without key 401",
            "files of the provider 404")
        .anyMatch(line -> line.matches("POST http://evil.test/v1/messages -> .*(404|400).*"))
        .anyMatch(line -> line.startsWith("CONNECT evil.test:443 -> "))
        .noneMatch(line -> line.contains("evil.test") && line.contains(" 200"));
    if (alone) {
      assertThat(report)
          .contains(
              "runner's environment false",
              "runner's maps false",
              "runner's memory false",
              "scratch is closed",
              "artifacts is closed",
              "base is closed",
              "192.0.2.1 -> not reached",
              "1.1.1.1 -> not reached",
              "169.254.170.2 -> not reached",
              "169.254.169.254 -> not reached",
              "no name is resolved");
    }
  }
}
