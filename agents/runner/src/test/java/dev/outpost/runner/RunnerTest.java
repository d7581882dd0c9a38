package dev.outpost.runner;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.run.Artifact;
import dev.outpost.run.Cause;
import dev.outpost.run.Context;
import dev.outpost.run.Failure;
import dev.outpost.run.Instruction;
import dev.outpost.run.Job;
import dev.outpost.run.Progress;
import dev.outpost.run.Report;
import dev.outpost.run.RunResult;
import dev.outpost.runner.gateway.Patience;
import dev.outpost.runner.git.Repository;
import dev.outpost.runner.log.LogSink;
import dev.outpost.runner.stop.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RunnerTest {
  private static final String SECRET = "s3cr3t/of+this-job";
  private static final Patience QUICK =
      new Patience(Duration.ofMillis(2), Duration.ofMillis(20), Duration.ofSeconds(5));

  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StopSignal stop = new StopSignal();
  private Repository origin;
  private String base;

  @BeforeEach
  void makeOrigin() throws IOException {
    origin = Repository.make(directory.resolve("origin"));
    base = origin.write("a.txt", "one\n").write("README.md", "the guide\n").commit("base");
  }

  private int run(LocalGateway gateway) {
    return run(gateway, directory.resolve("run"));
  }

  private int run(LocalGateway gateway, Path workDirectory) {
    RunnerConfig config =
        new RunnerConfig(
            gateway.url(),
            "dsp_01",
            1,
            "claim-token-of-this-test",
            Optional.of(workDirectory),
            System.getenv());
    LogSink sink = new LogSink(out, InstantSource.system());
    return new Runner(config, QUICK, InstantSource.system(), sink, stop).run();
  }

  private String log() {
    return out.toString(UTF_8);
  }

  private static Optional<Cause> cause(LocalGateway gateway) {
    return gateway.result().failure().map(Failure::cause);
  }

  @Test
  void aSuccessLeavesFourArtifactsAndAPatchThatApplies() throws IOException {
    String script = "echo two >> a.txt; echo new > b.txt; echo working; echo 'all done'";
    try (LocalGateway gateway =
        new LocalGateway(Jobs.script(script).in(origin.url(), "main").job())) {
      assertThat(run(gateway)).isZero();
      RunResult result = gateway.result();
      assertThat(result.failure()).isEmpty();
      assertThat(result.exitCode()).isEqualTo(OptionalInt.of(0));
      assertThat(result.summary()).isEqualTo("all done");
      assertThat(result.baseCommit()).contains(base);
      assertThat(result.filesChanged()).isEqualTo(2);
      assertThat(result.artifacts())
          .extracting(Artifact::type)
          .containsExactlyInAnyOrder(Artifact.Type.values());
      for (Artifact artifact : result.artifacts()) {
        assertThat((long) gateway.artifacts().get(artifact.type()).getBytes(UTF_8).length)
            .isEqualTo(artifact.sizeBytes());
        assertThat(gateway.contentType(artifact.type())).isEqualTo(artifact.type().contentType());
      }
      Path patch = directory.resolve("patch");
      Files.writeString(patch, gateway.artifacts().get(Artifact.Type.PATCH), ISO_8859_1);
      origin.git("apply", patch.toString());
      assertThat(origin.path().resolve("a.txt")).hasContent("one\ntwo\n");
      assertThat(origin.path().resolve("b.txt")).hasContent("new\n");
      assertThat(gateway.artifacts().get(Artifact.Type.LOG)).contains("info working", "all done");
      Map<String, Object> file = JSON.std.mapFrom(gateway.artifacts().get(Artifact.Type.RESULT));
      assertThat(file)
          .containsEntry("outcome", "success")
          .containsEntry("exitCode", 0)
          .containsEntry("summary", "all done")
          .containsEntry("baseCommit", base)
          .containsEntry("filesChanged", 2)
          .containsKeys("dispatchId", "startedAt", "endedAt", "durationMs");
      Map<String, Object> metadata =
          JSON.std.mapFrom(gateway.artifacts().get(Artifact.Type.METADATA));
      assertThat(metadata)
          .containsEntry("repository", origin.url())
          .containsEntry("branch", "main")
          .containsEntry("workspaceInit", "minimal");
    }
  }

  @Test
  void progressNeverFallsAndEndsAtAHundred() throws IOException {
    try (LocalGateway gateway = new LocalGateway(Jobs.script("sleep 0.3").job())) {
      run(gateway);
      List<Integer> percents =
          gateway.reports().stream().map(Report::progress).map(Progress::percent).toList();
      assertThat(percents).isSorted().hasSizeGreaterThan(3).endsWith(90, 100);
      assertThat(gateway.reports().getLast().stage()).isInstanceOf(Report.Stage.Finished.class);
    }
  }

  @Test
  void standardOutputIsNumberedJsonLines() throws IOException {
    try (LocalGateway gateway =
        new LocalGateway(Jobs.script("echo out; echo err >&2; printf end").job())) {
      run(gateway);
    }
    List<Map<String, Object>> lines =
        log()
            .lines()
            .map(
                line -> {
                  try {
                    return JSON.std.mapFrom(line);
                  } catch (IOException e) {
                    throw new AssertionError(line, e);
                  }
                })
            .toList();
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i)).containsEntry("n", i).containsKeys("timestamp", "level", "message");
    }
    assertThat(lines)
        .anyMatch(line -> line.get("message").equals("out") && line.get("level").equals("info"))
        .anyMatch(line -> line.get("message").equals("err") && line.get("level").equals("error"))
        .anyMatch(line -> line.get("message").equals("end"));
  }

  @Test
  void aFailureTellsExitCodeAndReason() throws IOException {
    try (LocalGateway gateway =
        new LocalGateway(Jobs.script("echo half > half.txt; echo 'no luck' >&2; exit 3").job())) {
      assertThat(run(gateway)).isEqualTo(1);
      assertThat(cause(gateway)).contains(Cause.AGENT_ERROR);
      assertThat(gateway.result().failure().orElseThrow().message()).contains("3", "no luck");
      assertThat(gateway.result().exitCode()).isEqualTo(OptionalInt.of(3));
      assertThat(gateway.artifacts().get(Artifact.Type.PATCH)).contains("+half");
    }
  }

  @Test
  void theAgentsEnvironmentIsMadeFromNothing() throws IOException {
    Job job =
        Jobs.script("env; cat \"$HOME\"/* \"$TMPDIR\"/*; read x; echo \"stdin: <$x>\"")
            .with(Map.of("PLAIN", "plain-value"), Map.of("KEY", SECRET))
            .job();
    try (LocalGateway gateway = new LocalGateway(job)) {
      run(gateway);
    }
    assertThat(log())
        .contains("PLAIN=plain-value", "KEY=[REDACTED]", "OUTPOST_DISPATCH_ID=dsp_01", "stdin: <>")
        .doesNotContain("CLAIM_TOKEN", "claim-token", "OUTPOST_API_URL", "JAVA_HOME");
  }

  @Test
  void theTaskCanComeOnStandardInputBehindTheGuides() throws IOException {
    Job job =
        Jobs.script("the task itself")
            .in(origin.url(), null)
            .running(true, "cat")
            .guided(Context.MINIMAL)
            .job();
    try (LocalGateway gateway = new LocalGateway(job)) {
      assertThat(run(gateway)).isZero();
      assertThat(log()).contains("--- README.md ---", "the guide");
      assertThat(gateway.result().summary()).isEqualTo("the task itself");
      assertThat(gateway.artifacts().get(Artifact.Type.METADATA)).contains("\"README.md\"");
    }
  }

  @Test
  void taskFileAndModelAreReplaced() throws IOException {
    Job job =
        Jobs.script("the task itself")
            .running(
                false,
                "sh",
                "-c",
                "cat \"$0\"; echo; echo \"model: $1\"",
                "{task_file}",
                "<{model}>")
            .job();
    try (LocalGateway gateway = new LocalGateway(job)) {
      run(gateway);
      assertThat(log()).contains("the task itself", "model: <model-1>");
    }
  }

  @Test
  void secretsAreInNothingThatLeavesTheRun() throws IOException {
    String script =
        """
        echo "plain $KEY"; echo "$KEY" >&2; printf %s "$KEY" | base64
        printf 'user:%s' "$KEY" | base64; printf %s "$KEY" | od -An -tx1 | tr -d ' \\n'; echo
        printf %s "$KEY" > file.txt; printf '\\0%s\\0' "$KEY" > file.bin; touch "x${KEY##*/}$KEYNAME"
        cat "$PWD/../task.txt" > /dev/null; echo "last words: $KEY"; exit 4
        """;
    Job job =
        Jobs.script(script).with(Map.of(), Map.of("KEY", SECRET, "KEYNAME", "name-secret")).job();
    try (LocalGateway gateway = new LocalGateway(job)) {
      run(gateway);
      String all = log() + gateway.artifacts() + gateway.result();
      byte[] bytes = SECRET.getBytes(UTF_8);
      assertThat(all)
          .contains("[REDACTED]", "last words: [REDACTED]")
          .doesNotContain(
              SECRET,
              "name-secret",
              Jobs.REPORT_TOKEN,
              Base64.getEncoder().encodeToString(bytes).substring(0, 20),
              HexFormat.of().formatHex(bytes));
    }
  }

  @Test
  void aTimeoutEndsTheWholeTree() throws IOException {
    // A child that ignores TERM, and one in another session; both would write their mark later.
    String script =
        """
        (trap '' TERM; echo ignoring; sleep 30 & wait; sleep 30) &
        echo $! > ../ignoring.pid
        setsid sh -c 'echo $$ > ../far.pid; exec sleep 30' &
        while [ ! -s ../far.pid ]; do sleep 0.01; done
        echo begun > begun.txt
        sleep 30
        """;
    Job job = Jobs.script(script).within(Duration.ofSeconds(1)).job();
    try (LocalGateway gateway = new LocalGateway(job)) {
      assertThat(run(gateway)).isEqualTo(124);
      assertThat(cause(gateway)).contains(Cause.TIMEOUT);
      assertThat(gateway.artifacts().get(Artifact.Type.PATCH)).contains("+begun");
      assertThat(isAlive("ignoring.pid")).isFalse();
      assertThat(isAlive("far.pid")).isFalse();
    }
  }

  private boolean isAlive(String file) throws IOException {
    long pid = Long.parseLong(Files.readString(directory.resolve("run").resolve(file)).strip());
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    // Nobody may have collected it yet.
    return process.isPresent()
        && process.get().isAlive()
        && !Files.readString(Path.of("/proc", Long.toString(pid), "stat")).contains(") Z ");
  }

  @Test
  void aLeaderThatIgnoresTermIsKilledAfterItsGrace() throws IOException {
    Job job =
        Jobs.script("trap '' TERM; while :; do sleep 0.1; done")
            .within(Duration.ofSeconds(1))
            .job();
    try (LocalGateway gateway = new LocalGateway(job)) {
      assertThat(run(gateway)).isEqualTo(124);
      assertThat(gateway.result().exitCode()).isEqualTo(OptionalInt.of(137));
    }
  }

  @Test
  void aChildThatHoldsThePipeDoesNotHoldTheRun() throws IOException {
    try (LocalGateway gateway =
        new LocalGateway(Jobs.script("sleep 50 & setsid sleep 50 & echo done").job())) {
      long started = System.nanoTime();
      assertThat(run(gateway)).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(20));
      assertThat(gateway.result().summary()).isEqualTo("done");
    }
  }

  @Test
  void strangeOutputIsSurvived() throws IOException {
    String script =
        """
        printf 'bad \\377\\376 utf8\\n'; printf 'nul \\000 byte\\n'
        head -c 9000000 /dev/zero | tr '\\0' x; echo; printf 'no end'
        """;
    try (LocalGateway gateway = new LocalGateway(Jobs.script(script).job())) {
      assertThat(run(gateway)).isZero();
      assertThat(gateway.result().summary()).isEqualTo("no end");
      assertThat(log()).contains("bad \ufffd\ufffd utf8", "nul \ufffd byte");
      String kept = gateway.artifacts().get(Artifact.Type.LOG);
      assertThat(kept.chars().filter(c -> c == 'x').count()).isBetween(9_000_000L, 9_000_100L);
    }
  }

  @ParameterizedTest
  @CsvSource({"CANCEL, CANCELLED, 143", "TIMEOUT, TIMEOUT, 124"})
  void aStopInTheAnswerEndsTheAgent(Instruction.Stop why, Cause cause, int exit)
      throws IOException {
    try (LocalGateway gateway =
        new LocalGateway(Jobs.script("echo begun > begun.txt; sleep 50").job())) {
      gateway.tellToStop(why);
      assertThat(run(gateway)).isEqualTo(exit);
      assertThat(cause(gateway)).contains(cause);
      assertThat(gateway.artifacts()).containsKey(Artifact.Type.PATCH);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 409})
  void aDispatchThatIsNoLongerOursIsLeftAlone(int status) throws IOException {
    try (LocalGateway gateway = new LocalGateway(Jobs.script("sleep 50").job())) {
      gateway.refuseReports(status);
      assertThat(run(gateway)).isEqualTo(143);
      assertThat(gateway.artifacts()).isEmpty();
      assertThat(gateway.reports()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 409})
  void aRefusedClaimTouchesNothing(int status) throws IOException {
    try (LocalGateway gateway = new LocalGateway(Jobs.script("true").job())) {
      gateway.refuseClaims(status);
      assertThat(run(gateway)).isEqualTo(75);
      assertThat(gateway.claims()).hasSize(1);
      assertThat(gateway.reports()).isEmpty();
      assertThat(directory.resolve("run")).doesNotExist();
    }
  }

  @Test
  void aSecondClaimerIsRefused() throws IOException {
    try (LocalGateway gateway = new LocalGateway(Jobs.script("true").job())) {
      assertThat(run(gateway)).isZero();
      assertThat(run(gateway, directory.resolve("second"))).isEqualTo(75);
      assertThat(directory.resolve("second")).doesNotExist();
    }
  }

  @Test
  void aClaimIsRepeatedByTheSameClaimant() throws IOException {
    try (LocalGateway gateway = new LocalGateway(Jobs.script("true").job())) {
      gateway.beUnavailable(2);
      gateway.breakConnections(2);
      gateway.loseClaimAnswers(2);
      assertThat(run(gateway)).isZero();
      assertThat(gateway.claims()).hasSize(3);
      assertThat(gateway.claims())
          .extracting(claim -> claim.claimant())
          .containsOnly(gateway.claims().getFirst().claimant());
      assertThat(gateway.claims().getFirst().claimant()).matches("[0-9a-f]{32}");
    }
  }

  @Test
  void aControlPlaneThatIsAwayForAWhileDoesNoHarm() throws IOException {
    try (LocalGateway gateway = new LocalGateway(Jobs.script("sleep 0.3; echo done").job())) {
      gateway.beUnavailableForReports(12);
      gateway.beUnavailableForUploads(3);
      gateway.loseFinishedAnswers(1);
      assertThat(run(gateway)).isZero();
      assertThat(gateway.artifacts()).hasSize(4);
    }
  }

  @Test
  void anArtifactThatIsRefusedIsLeftOutAndTold() throws IOException {
    try (LocalGateway gateway = new LocalGateway(Jobs.script("true").job())) {
      gateway.refuseUpload(Artifact.Type.PATCH);
      assertThat(run(gateway)).isZero();
      assertThat(gateway.result().artifacts())
          .extracting(Artifact::type)
          .hasSize(3)
          .doesNotContain(Artifact.Type.PATCH);
      assertThat(gateway.artifacts().get(Artifact.Type.LOG))
          .contains("changes.patch is not kept")
          .doesNotContain("X-Signature");
    }
  }

  @Test
  void aMissingRepositoryIsReportedWithItsLog() throws IOException {
    String nowhere = directory.resolve("nowhere").toUri().toString();
    try (LocalGateway gateway = new LocalGateway(Jobs.script("true").in(nowhere, null).job())) {
      assertThat(run(gateway)).isEqualTo(1);
      assertThat(cause(gateway)).contains(Cause.REPO_NOT_FOUND);
      assertThat(gateway.result().exitCode()).isEmpty();
      assertThat(gateway.artifacts()).hasSize(4).containsEntry(Artifact.Type.PATCH, "");
    }
  }

  @Test
  void anAgentThatIsNotInstalledIsTold() throws IOException {
    Job job = Jobs.script("x").running(false, "no-such-agent-here").job();
    try (LocalGateway gateway = new LocalGateway(job)) {
      assertThat(run(gateway)).isEqualTo(1);
      assertThat(gateway.result().failure().orElseThrow().message())
          .contains("no-such-agent-here", "not installed");
    }
  }

  @Test
  void aFaultOfTheRunnersIsReported() throws IOException {
    Files.createDirectories(directory.resolve("run/home"));
    try (LocalGateway gateway = new LocalGateway(Jobs.script("true").job())) {
      assertThat(run(gateway)).isEqualTo(1);
      assertThat(cause(gateway)).contains(Cause.INTERNAL);
      assertThat(gateway.result().failure().orElseThrow().message()).doesNotContain("\tat ");
    }
  }

  @Test
  void anAgentThatWreckedItsTreeIsNoSuccess() throws IOException {
    try (LocalGateway gateway =
        new LocalGateway(Jobs.script("cd ..; rm -rf tree; ln -s /etc tree").job())) {
      assertThat(run(gateway)).isEqualTo(1);
      assertThat(cause(gateway)).contains(Cause.INTERNAL);
      assertThat(gateway.artifacts()).doesNotContainKey(Artifact.Type.PATCH);
    }
  }

  @Test
  void anEventStreamIsJudgedByItsEvents() throws IOException {
    String script = "echo '{\"type\":\"turn.started\"}'; echo plain";
    try (LocalGateway gateway =
        new LocalGateway(Jobs.script(script).printing(Job.Output.CODEX_JSON).job())) {
      assertThat(run(gateway)).isEqualTo(1);
      assertThat(cause(gateway)).contains(Cause.AGENT_ERROR);
    }
  }
}
