package dev.outpost.runner;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.run.Artifact;
import dev.outpost.run.Cause;
import dev.outpost.run.Context;
import dev.outpost.run.Job;
import dev.outpost.run.Progress;
import dev.outpost.run.Report;
import dev.outpost.run.RunResult;
import dev.outpost.runner.git.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RunnerTest {
  private static final String SECRET = "s3cr3t/of+this-job";

  @TempDir private Path directory;
  private LocalRun run;
  private Repository origin;
  private String base;

  @BeforeEach
  void makeOrigin() throws IOException {
    run = new LocalRun(directory);
    origin = Repository.make(directory.resolve("origin"));
    base = origin.write("a.txt", "one\n").write("README.md", "the guide\n").commit("base");
  }

  @Test
  void aSuccessLeavesFourArtifactsAndAPatchThatApplies() throws IOException {
    String script = "echo two >> a.txt; echo new > b.txt; echo working; echo 'all done'";
    try (LocalGateway gateway =
        new LocalGateway(Jobs.script(script).in(origin.url(), "main").job())) {
      assertThat(run.start(gateway)).isZero();
      RunResult result = gateway.result();
      assertThat(result.failure()).isEmpty();
      assertThat(result.exitCode()).isEqualTo(OptionalInt.of(0));
      assertThat(result.summary()).isEqualTo("all done");
      assertThat(result.baseCommit()).contains(base);
      assertThat(result.filesChanged()).isEqualTo(2);
      assertThat(result.files()).containsExactly("a.txt", "b.txt");
      assertThat(result.artifacts())
          .extracting(Artifact::type)
          .containsExactlyInAnyOrder(
              Artifact.Type.RESULT, Artifact.Type.PATCH, Artifact.Type.LOG, Artifact.Type.METADATA);
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
      run.start(gateway);
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
      run.start(gateway);
    }
    List<Map<String, Object>> lines =
        run.log()
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
      assertThat(run.start(gateway)).isEqualTo(1);
      assertThat(LocalRun.cause(gateway)).contains(Cause.AGENT_ERROR);
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
      run.start(gateway);
    }
    assertThat(run.log())
        .contains(
            "PLAIN=plain-value",
            "KEY=[REDACTED]",
            "OUTPOST_DISPATCH_ID=" + Jobs.DISPATCH_ID,
            "stdin: <>")
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
      assertThat(run.start(gateway)).isZero();
      assertThat(run.log()).contains("--- README.md ---", "the guide");
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
      run.start(gateway);
      assertThat(run.log()).contains("the task itself", "model: <model-1>");
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
      run.start(gateway);
      String all = run.log() + gateway.artifacts() + gateway.result();
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
  void strangeOutputIsSurvived() throws IOException {
    String script =
        """
        printf 'bad \\377\\376 utf8\\n'; printf 'nul \\000 byte\\n'
        head -c 9000000 /dev/zero | tr '\\0' x; echo; printf 'no end'
        """;
    try (LocalGateway gateway = new LocalGateway(Jobs.script(script).job())) {
      assertThat(run.start(gateway)).isZero();
      assertThat(gateway.result().summary()).isEqualTo("no end");
      assertThat(run.log()).contains("bad \ufffd\ufffd utf8", "nul \ufffd byte");
      String kept = gateway.artifacts().get(Artifact.Type.LOG);
      assertThat(kept.chars().filter(c -> c == 'x').count()).isBetween(9_000_000L, 9_000_100L);
    }
  }

  @Test
  void aMissingRepositoryIsReportedWithItsLog() throws IOException {
    String nowhere = directory.resolve("nowhere").toUri().toString();
    try (LocalGateway gateway = new LocalGateway(Jobs.script("true").in(nowhere, null).job())) {
      assertThat(run.start(gateway)).isEqualTo(1);
      assertThat(LocalRun.cause(gateway)).contains(Cause.REPO_NOT_FOUND);
      assertThat(gateway.result().exitCode()).isEmpty();
      assertThat(gateway.artifacts()).hasSize(4).containsEntry(Artifact.Type.PATCH, "");
    }
  }

  @Test
  void anAgentThatIsNotInstalledIsTold() throws IOException {
    Job job = Jobs.script("x").running(false, "no-such-agent-here").job();
    try (LocalGateway gateway = new LocalGateway(job)) {
      assertThat(run.start(gateway)).isEqualTo(1);
      assertThat(gateway.result().failure().orElseThrow().message())
          .contains("no-such-agent-here", "not installed");
    }
  }

  @Test
  void aFaultOfTheRunnersIsReported() throws IOException {
    Files.createDirectories(directory.resolve("run/home"));
    try (LocalGateway gateway = new LocalGateway(Jobs.script("true").job())) {
      assertThat(run.start(gateway)).isEqualTo(1);
      assertThat(LocalRun.cause(gateway)).contains(Cause.INTERNAL);
      assertThat(gateway.result().failure().orElseThrow().message()).doesNotContain("\tat ");
    }
  }

  @Test
  void anAgentThatWreckedItsTreeIsNoSuccess() throws IOException {
    try (LocalGateway gateway =
        new LocalGateway(Jobs.script("cd ..; rm -rf tree; ln -s /etc tree").job())) {
      assertThat(run.start(gateway)).isEqualTo(1);
      assertThat(LocalRun.cause(gateway)).contains(Cause.INTERNAL);
      assertThat(gateway.artifacts()).doesNotContainKey(Artifact.Type.PATCH);
    }
  }

  @Test
  void anEventStreamIsJudgedByItsEvents() throws IOException {
    String script = "echo '{\"type\":\"turn.started\"}'; echo plain";
    try (LocalGateway gateway =
        new LocalGateway(Jobs.script(script).printing(Job.Output.CODEX_JSON).job())) {
      assertThat(run.start(gateway)).isEqualTo(1);
      assertThat(LocalRun.cause(gateway)).contains(Cause.AGENT_ERROR);
    }
  }
}
