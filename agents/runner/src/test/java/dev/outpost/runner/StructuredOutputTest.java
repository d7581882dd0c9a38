package dev.outpost.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.run.Artifact;
import dev.outpost.run.Cause;
import dev.outpost.run.Context;
import dev.outpost.run.Job;
import dev.outpost.runner.scrub.Scrubber;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs whose result is wanted as data. */
@Timeout(60)
class StructuredOutputTest {
  private static final String SCHEMA =
      """
      {"type":"object","required":["count"],"additionalProperties":false,
       "properties":{"count":{"type":"integer","minimum":1},"names":{"type":"array"}}}""";

  @TempDir private Path directory;
  private LocalRun run;

  @BeforeEach
  void makeRun() {
    run = new LocalRun(directory);
  }

  private static Job job(String script) {
    return Jobs.script(script).returning(SCHEMA);
  }

  @Test
  void whatTheAgentWroteToItsFileComesBackAsData() throws IOException {
    String script =
        "echo '{\"count\": 2, \"names\": [\"a\", null]}' > \"$OUTPOST_OUTPUT\"; echo bye";
    try (LocalGateway gateway = new LocalGateway(job(script))) {
      assertThat(run.start(gateway)).as(run.log()).isZero();
      assertThat(gateway.output()).contains("{\"count\":2,\"names\":[\"a\",null]}");
      assertThat(JSON.std.mapFrom(gateway.artifacts().get(Artifact.Type.RESULT)))
          .containsEntry("summary", "bye")
          .extracting("output")
          .isInstanceOfSatisfying(Map.class, m -> assertThat(m.get("count")).isEqualTo(2));
      assertThat(gateway.artifacts().get(Artifact.Type.PATCH)).as("outside the tree").isEmpty();
    }
  }

  @Test
  void withoutAFileTheLastMessageIsTaken() throws IOException {
    try (LocalGateway gateway = new LocalGateway(job("echo working; echo '{\"count\": 3.0}'"))) {
      assertThat(run.start(gateway)).as(run.log()).isZero();
      assertThat(gateway.output()).contains("{\"count\":3.0}");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "echo done | wrote nothing to $OUTPOST_OUTPUT, and its last message is no JSON",
        "echo '{}' | wrong at its top",
        "echo '{\"count\":0}' | wrong at /count",
        "echo '{\"count\":1.5}' | wrong at /count",
        "echo '{\"count\":1,\"other\":2}' | wrong at /other",
        "echo '{\"count\":1e999999999}' | its last message is no JSON",
        "echo '{\"count\":1,\"count\":2}' | its last message is no JSON",
        "echo nonsense > \"$OUTPOST_OUTPUT\"; echo '{\"count\":1}' | not valid JSON"
      })
  void anythingElseIsToldWithItsPlace(String script, String told) throws IOException {
    refused(script, told);
  }

  @Test
  void aFileBeyondTheLimitIsTooLarge() throws IOException {
    refused("head -c 70000 /dev/zero > \"$OUTPOST_OUTPUT\"", "is larger than 65536 bytes");
  }

  @Test
  void aPatternThatTakesForEverIsCutShort() throws Exception {
    StructuredOutput wanted =
        new StructuredOutput(
            "{\"pattern\":\"^(.*a){7}$\"}", new Scrubber(List.of()), Duration.ofMillis(50));
    assertThat(wanted.find(directory.resolve("none"), "\"" + "a".repeat(60) + "!\""))
        .isEqualTo(
            new StructuredOutput.Found.Invalid("checking the output took longer than 50 ms"));
  }

  private void refused(String script, String told) throws IOException {
    try (LocalGateway gateway = new LocalGateway(job(script))) {
      assertThat(run.start(gateway)).isEqualTo(1);
      assertThat(LocalRun.cause(gateway)).contains(Cause.OUTPUT_INVALID);
      assertThat(gateway.result().failure().orElseThrow().message()).contains(told);
      assertThat(gateway.output()).isEmpty();
    }
  }

  @Test
  void aFailedAgentStaysTheFailureThatItIs() throws IOException {
    try (LocalGateway gateway = new LocalGateway(job("echo '{\"count\":1}'; exit 3"))) {
      run.start(gateway);
      assertThat(LocalRun.cause(gateway)).contains(Cause.AGENT_ERROR);
      assertThat(gateway.output()).isEmpty();
    }
  }

  @Test
  void aSecretDoesNotComeBackAsData() throws IOException {
    String secret = "s3cr3t-of-this-job-0123";
    Job job =
        Jobs.script("echo \"{\\\"count\\\":1,\\\"names\\\":[\\\"$KEY\\\"]}\"")
            .with(Map.of(), Map.of("KEY", secret))
            .returning(SCHEMA);
    try (LocalGateway gateway = new LocalGateway(job)) {
      assertThat(run.start(gateway)).as(run.log()).isZero();
      assertThat(gateway.output().orElseThrow()).contains("REDACTED").doesNotContain(secret);
    }
  }

  @Test
  void anAgentWithAPreambleIsToldWhatIsWantedAndWhere() throws IOException {
    Job job =
        Jobs.script("the very task")
            .running(true, "sh", "-c", "cat; echo '{\"count\":1}' > \"$OUTPOST_OUTPUT\"")
            .guided(Context.MINIMAL)
            .returning(SCHEMA);
    try (LocalGateway gateway = new LocalGateway(job)) {
      assertThat(run.start(gateway)).as(run.log()).isZero();
      assertThat(gateway.artifacts().get(Artifact.Type.LOG))
          .containsSubsequence("OUTPOST_OUTPUT", "JSON Schema", "minimum", "the very task");
    }
  }

  @Test
  void whoWantsNoDataHasNoFileForIt() throws IOException {
    try (LocalGateway gateway =
        new LocalGateway(Jobs.script("env | grep -c OUTPOST_OUTPUT").job())) {
      run.start(gateway);
      assertThat(gateway.artifacts().get(Artifact.Type.LOG)).contains("info 0");
    }
  }
}
