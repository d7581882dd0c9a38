package dev.outpost.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.run.Artifact;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Job;
import dev.outpost.runner.git.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real runner that cannot write: neither it nor git nor the agent may make a file larger than a
 * few megabytes. That limit needs no rights and no file system of its own, and fails the same calls
 * in the same places as a disk that is full.
 */
@Timeout(120)
class DiskFullTest {
  /** In blocks, of which POSIX says 512 bytes and some shells 1024. */
  private static final int MOST_BLOCKS = 4096;

  private static final int TOO_MUCH = 9_000_000;

  @TempDir private Path directory;
  private Repository origin;

  @BeforeEach
  void start() throws IOException {
    origin = Repository.make(directory.resolve("origin"));
    origin.write("a.txt", "one\n").commit("base");
  }

  private int run(LocalGateway gateway) throws IOException, InterruptedException {
    List<String> limited =
        List.of("sh", "-c", "ulimit -f " + MOST_BLOCKS + " && exec \"$@\"", "sh");
    Process runner =
        RunnerProcess.start(gateway, directory, limited, "-XX:TieredStopAtLevel=1", "-Xmx128m");
    assertThat(runner.waitFor(100, TimeUnit.SECONDS)).isTrue();
    return runner.exitValue();
  }

  private Job job(String script) {
    return Jobs.script(script).in(origin.url(), "main").job();
  }

  private static Failure failure(LocalGateway gateway) {
    return gateway.result().failure().orElseThrow();
  }

  @Test
  void aRepositoryThatDoesNotFitIsToldAsSuch() throws Exception {
    byte[] bytes = new byte[TOO_MUCH];
    new Random(7).nextBytes(bytes);
    Files.write(origin.path().resolve("big.bin"), bytes);
    origin.commit("too big");
    try (LocalGateway gateway = new LocalGateway(job("true"))) {
      assertThat(run(gateway)).isEqualTo(1);
      assertThat(failure(gateway).cause()).isEqualTo(Cause.CLONE_FAILED);
      assertThat(failure(gateway).message()).contains("cloning", "failed");
      assertThat(gateway.artifacts().get(Artifact.Type.LOG)).contains("clone_failed: cloning");
      assertThat(gateway.artifacts().get(Artifact.Type.RESULT)).contains("clone_failed");
    }
  }

  @Test
  void anAgentThatCannotWriteFailsAndWhatItWroteIsKept() throws Exception {
    String script = "echo two >> a.txt; head -c " + TOO_MUCH + " /dev/zero > big.bin";
    try (LocalGateway gateway = new LocalGateway(job(script))) {
      assertThat(run(gateway)).isEqualTo(1);
      assertThat(failure(gateway).cause()).isEqualTo(Cause.AGENT_ERROR);
      assertThat(failure(gateway).message()).contains("the agent ended with exit code");
      assertThat(gateway.artifacts().get(Artifact.Type.PATCH)).contains("+two");
    }
  }

  @Test
  void aChangeThatCannotBeWrittenDownIsAFailureAndNoHalfPatch() throws Exception {
    String script =
        "for i in 1 2 3 4 5 6 7 8 9; do head -c 1000000 /dev/urandom > $i.bin; done; echo written";
    try (LocalGateway gateway = new LocalGateway(job(script))) {
      assertThat(run(gateway)).isEqualTo(1);
      assertThat(failure(gateway).cause()).isEqualTo(Cause.INTERNAL);
      assertThat(failure(gateway).message()).contains("the change could not be recorded");
      assertThat(gateway.artifacts()).doesNotContainKey(Artifact.Type.PATCH);
      assertThat(gateway.artifacts().get(Artifact.Type.LOG))
          .contains("info written", "the change could not be recorded");
    }
  }

  @Test
  void aLogThatCannotBeWrittenOnIsKeptAsFarAsItWent() throws Exception {
    String script =
        "echo two >> a.txt; echo first words; yes 'and the same again and again' | head -c "
            + TOO_MUCH
            + "; echo; echo last words";
    try (LocalGateway gateway = new LocalGateway(job(script))) {
      assertThat(run(gateway)).isZero();
      assertThat(gateway.result().failure()).isEmpty();
      assertThat(gateway.result().summary()).isEqualTo("last words");
      assertThat(gateway.artifacts().get(Artifact.Type.PATCH)).contains("+two");
      String log = gateway.artifacts().get(Artifact.Type.LOG);
      assertThat(log).contains("first words", "and the same again");
      assertThat(log.length()).isLessThanOrEqualTo(MOST_BLOCKS * 1024);
    }
  }
}
