package dev.outpost.runner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.run.Artifact;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Instruction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real runner in a process of its own, which the platform ends. */
@Timeout(60)
class TerminationTest {
  @TempDir private Path directory;
  private Process runner;

  private void start(LocalGateway gateway) throws IOException {
    runner = RunnerProcess.start(gateway, directory, List.of(), "-XX:TieredStopAtLevel=1");
  }

  @AfterEach
  void endRunner() {
    if (runner != null) {
      runner.destroyForcibly();
    }
  }

  private int exitCode() throws InterruptedException {
    assertThat(runner.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return runner.exitValue();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(until);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private static final String LONG = "echo begun > begun.txt; echo the agent is up; sleep 50";

  private void awaitAgent() throws InterruptedException {
    await(() -> Files.exists(directory.resolve("run/tree/begun.txt")));
  }

  @Test
  void aRunnerInAProcessSucceeds() throws Exception {
    try (LocalGateway gateway = new LocalGateway(Jobs.script("echo done").job())) {
      start(gateway);
      assertThat(exitCode()).isZero();
      assertThat(gateway.result().summary()).isEqualTo("done");
      assertThat(directory.resolve("err")).isEmptyFile();
      assertThat(Files.readString(directory.resolve("out"), UTF_8)).startsWith("{\"n\":0,");
    }
  }

  @Test
  void terminationStillSavesAndReports() throws Exception {
    try (LocalGateway gateway = new LocalGateway(Jobs.script(LONG).job())) {
      start(gateway);
      awaitAgent();
      runner.destroy();
      assertThat(exitCode()).isEqualTo(143);
      assertThat(gateway.result().failure().map(Failure::cause)).contains(Cause.TASK_TERMINATED);
      assertThat(gateway.artifacts().get(Artifact.Type.PATCH)).contains("+begun");
      assertThat(gateway.artifacts().get(Artifact.Type.LOG)).contains("the agent is up");
    }
  }

  @Test
  void terminationAsksTheControlPlaneForItsReason() throws Exception {
    try (LocalGateway gateway = new LocalGateway(Jobs.script(LONG).job())) {
      start(gateway);
      awaitAgent();
      gateway.tellToStop(Instruction.Stop.TIMEOUT);
      runner.destroy();
      assertThat(exitCode()).isEqualTo(124);
      assertThat(gateway.result().failure().map(Failure::cause)).contains(Cause.TIMEOUT);
    }
  }

  @Test
  void terminationBeforeAClaimIsAnsweredEndsAtOnce() throws Exception {
    try (LocalGateway gateway = new LocalGateway(Jobs.script(LONG).job())) {
      gateway.loseClaimAnswers(1_000_000);
      start(gateway);
      await(() -> gateway.claims().size() > 1);
      runner.destroy();
      assertThat(exitCode()).isEqualTo(143);
      assertThat(gateway.reports()).isEmpty();
      assertThat(directory.resolve("run")).doesNotExist();
    }
  }

  @Test
  void missingVariablesAreNamedOnStandardError() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());
    builder.environment().keySet().removeIf(name -> name.startsWith("OUTPOST_"));
    builder.redirectError(directory.resolve("err").toFile());
    runner = builder.start();
    assertThat(exitCode()).isEqualTo(1);
    assertThat(Files.readString(directory.resolve("err"), UTF_8))
        .contains("OUTPOST_API_URL", "OUTPOST_CLAIM_TOKEN");
  }
}
