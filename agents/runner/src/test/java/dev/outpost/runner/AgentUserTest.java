package dev.outpost.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.outpost.run.Artifact;
import dev.outpost.run.Cause;
import dev.outpost.run.ContainerContract;
import dev.outpost.runner.agent.AgentUser;
import dev.outpost.runner.git.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The agent as another user. Only root may become one: elsewhere each test asks that the run fails
 * and says so, for an agent must never run as the runner where that was not wanted.
 */
@Timeout(120)
class AgentUserTest {
  @TempDir private Path directory;

  private final int user = ThreadLocalRandom.current().nextInt(20_000, 60_000);

  private LocalGateway run(Jobs job) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    Repository origin = Repository.make(directory.resolve("origin"));
    origin.write("a.txt", "one\n").commit("base");
    Map<String, String> variables = new HashMap<>(System.getenv());
    variables.put(ContainerContract.AGENT_USER, user + ":" + user);
    try (LocalGateway gateway = new LocalGateway(job.in(origin.url(), "main").job())) {
      new LocalRun(directory).start(gateway, directory.resolve("run"), variables);
      return gateway;
    }
  }

  /** Answers whether the rest of a test makes sense here. */
  private static boolean mayBecomeAnother(LocalGateway gateway) throws IOException {
    if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
      return true;
    }
    assertThat(LocalRun.cause(gateway)).contains(Cause.INTERNAL);
    assertThat(gateway.result().exitCode()).isEmpty();
    return false;
  }

  private List<String> processes() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(
              process -> {
                try {
                  // One that has no command line any more is dead, and waits for its parent only.
                  return process.getFileName().toString().matches("\\d+")
                      && Files.getAttribute(process, "unix:uid").equals(user)
                      && !Files.readString(process.resolve("cmdline")).isEmpty();
                } catch (IOException _) {
                  return false;
                }
              })
          .map(Path::toString)
          .toList();
    }
  }

  @Test
  void itsChangeIsKeptWhateverModesItGaveItsFiles() throws IOException {
    LocalGateway gateway =
        run(
            Jobs.script(
                """
                umask 077
                id -u > who
                mkdir d && echo deep > d/f && chmod 000 d/f d
                echo two >> a.txt && chmod 000 a.txt
                git status --short > /dev/null && echo works > git
                git init -q nested && echo n > nested/n
                test ! -w .. && test ! -r ../artifacts && test ! -r ../scratch && echo shut > shut
                """));
    if (mayBecomeAnother(gateway)) {
      assertThat(gateway.result().failure()).isEmpty();
      assertThat(gateway.artifacts().get(Artifact.Type.PATCH))
          .contains("+" + user, "+deep", "+two", "+works", "+n", "+shut");
    }
  }

  @Test
  void nothingOfItIsLeftRunning() throws IOException {
    LocalGateway gateway =
        run(
            Jobs.script(
                """
                env -i setsid sleep 1000 > /dev/null 2>&1 &
                env -i setsid sh -c 'trap "" TERM; sleep 1000' > /dev/null 2>&1 &
                sleep 0.2; echo away
                """));
    if (mayBecomeAnother(gateway)) {
      assertThat(gateway.result().summary()).isEqualTo("away");
      assertThat(processes()).isEmpty();
    }
  }

  @Test
  void itCanBeEnded() throws IOException {
    LocalGateway gateway =
        run(
            Jobs.script("trap 'echo bye > said; exit 3' TERM; echo up; while :; do sleep 0.1; done")
                .within(Duration.ofSeconds(5))
                .patient());
    if (mayBecomeAnother(gateway)) {
      assertThat(LocalRun.cause(gateway)).contains(Cause.TIMEOUT);
      assertThat(gateway.artifacts().get(Artifact.Type.PATCH)).contains("+bye");
      assertThat(processes()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent", "0:0", "10002", "10002:0", "-1:1", "10002:10002 "})
  void aUserThatIsNoneIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AgentUser.of(Map.of(ContainerContract.AGENT_USER, text)))
        .withMessageContaining(ContainerContract.AGENT_USER);
  }
}
