package dev.outpost.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.run.Artifact;
import dev.outpost.run.Budget;
import dev.outpost.run.Cause;
import dev.outpost.run.Job;
import dev.outpost.run.ModelAccess;
import dev.outpost.run.ModelProtocol;
import dev.outpost.run.Price;
import dev.outpost.run.PriceTable;
import dev.outpost.run.Report;
import dev.outpost.run.RunResult;
import dev.outpost.run.Usage;
import dev.outpost.runner.git.Repository;
import dev.outpost.runner.model.Upstream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole runs of an agent that calls a model. */
@Timeout(120)
class ModelRunTest {
  private static final String REAL = "real-key-of-the-provider-0123456789";

  @TempDir private Path directory;
  private LocalRun run;
  private Upstream upstream;
  private Repository origin;

  @BeforeEach
  void start() throws IOException {
    run = new LocalRun(directory);
    upstream = new Upstream();
    upstream.say(
        200,
        "application/json",
        "{\"model\":\"m-1\",\"usage\":{\"input_tokens\":400,\"output_tokens\":200}}");
    origin = Repository.make(directory.resolve("origin"));
    origin.write("a.txt", "one\n").commit("base");
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  private Job job(String script, Budget budget, Map<String, String> files) {
    return Jobs.script(script)
        .in(origin.url(), "main")
        .with(Map.of("MODEL_URL", "{gateway_url}", "MODEL_KEY", "{gateway_key}"), Map.of())
        .job(
            new ModelAccess(
                ModelProtocol.ANTHROPIC,
                upstream.url(),
                Optional.of(REAL),
                new PriceTable(
                    Optional.of(LocalDate.of(2026, 11, 25)),
                    Map.of("m-1", new Price(1000, 1000, 1000, 1000)))),
            budget,
            files);
  }

  @Test
  void anAgentReachesItsModelWithoutTheRealKeyAndIsMetered() throws IOException {
    String script = "env > env.txt; cat \"$HOME/.rc/config\" >> env.txt; " + ModelCaller.times(2);
    try (LocalGateway gateway =
        new LocalGateway(
            job(
                script,
                Budget.NONE,
                Map.of(".rc/config", "at={gateway_url}/v1 as={gateway_key} for={model}\n")))) {
      assertThat(run.start(gateway)).as(run.log()).isZero();
      RunResult result = gateway.result();
      assertThat(result.usage())
          .contains(
              new Usage(
                  800, 0, 400, OptionalDouble.of(1.2), Optional.of(Usage.CostSource.PRICE_TABLE)));
      assertThat(upstream.calls())
          .hasSize(2)
          .allMatch(call -> REAL.equals(call.headers().getFirst("x-api-key")));
      String patch = gateway.artifacts().get(Artifact.Type.PATCH);
      assertThat(patch)
          .contains("+MODEL_URL=http://127.0.0.1:", "+MODEL_KEY=[REDACTED]")
          .containsPattern("\\+at=http://127.0.0.1:\\d+/v1 as=\\[REDACTED] for=model-1")
          .doesNotContain("{gateway", REAL);
      assertThat(run.log()).doesNotContain(REAL, "m-1");
    }
  }

  @ParameterizedTest
  @CsvSource({"1.3,", ", 1300"})
  void aBudgetThatIsUsedUpEndsTheRunAndKeepsItsChange(Double dollars, Long tokens)
      throws IOException {
    Budget budget =
        new Budget(
            dollars == null ? OptionalDouble.empty() : OptionalDouble.of(dollars),
            tokens == null ? OptionalLong.empty() : OptionalLong.of(tokens));
    String script = "echo two >> a.txt; " + ModelCaller.times(100_000) + "; sleep 60";
    try (LocalGateway gateway = new LocalGateway(job(script, budget, Map.of()))) {
      run.start(gateway);
      assertThat(LocalRun.cause(gateway)).contains(Cause.BUDGET_EXCEEDED);
      assertThat(gateway.result().failure().orElseThrow().message())
          .contains("budget is used up", "in 3 calls");
      assertThat(gateway.artifacts().get(Artifact.Type.PATCH)).contains("+two");
      assertThat(gateway.result().usage().orElseThrow().tokens()).isEqualTo(1800);
      assertThat(upstream.calls()).hasSize(3);
    }
  }

  @Test
  void whatIsConsumedIsReportedWhileTheAgentRuns() throws IOException {
    String script = ModelCaller.times(1) + "; sleep 1";
    try (LocalGateway gateway = new LocalGateway(job(script, Budget.NONE, Map.of()))) {
      run.start(gateway);
      assertThat(gateway.reports())
          .anyMatch(
              report ->
                  report.stage() instanceof Report.Stage.Working
                      && report.usage().map(Usage::tokens).equals(Optional.of(600L)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "401, MODEL_AUTH, false",
    "429, RATE_LIMITED, true",
    "404, MODEL_NOT_FOUND, false",
    "529, MODEL_OVERLOADED, true"
  })
  void whatTheGatewaySawIsTheCauseWhateverTheAgentSays(int status, Cause cause, boolean retryable)
      throws IOException {
    upstream.say(status, "application/json", "{\"error\":{\"message\":\"" + REAL + " refused\"}}");
    String script = ModelCaller.times(1) + "; echo all is well";
    try (LocalGateway gateway = new LocalGateway(job(script, Budget.NONE, Map.of()))) {
      run.start(gateway);
      assertThat(LocalRun.cause(gateway)).contains(cause);
      assertThat(cause.retryable()).isEqualTo(retryable);
      assertThat(gateway.result().failure().orElseThrow().message())
          .contains("answered " + status)
          .doesNotContain(REAL);
    }
  }

  @Test
  void aSuccessWithoutASingleAnswerOfTheModelIsNotBelieved() throws IOException {
    try (LocalGateway gateway =
        new LocalGateway(job("echo two >> a.txt; echo all is well", Budget.NONE, Map.of()))) {
      run.start(gateway);
      assertThat(LocalRun.cause(gateway)).contains(Cause.AGENT_ERROR);
      assertThat(gateway.result().failure().orElseThrow().message()).contains("never asked");
      assertThat(gateway.artifacts().get(Artifact.Type.PATCH)).contains("+two");
      assertThat(gateway.result().usage()).isEmpty();
    }
  }

  @Test
  void aFileOutOfItsHomeIsNotWritten() throws IOException {
    try (LocalGateway gateway =
        new LocalGateway(job("true", Budget.NONE, Map.of("../tree/a.txt", "x")))) {
      run.start(gateway);
      assertThat(LocalRun.cause(gateway)).contains(Cause.INTERNAL);
    }
  }
}
