package dev.outpost.runner.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Job;
import dev.outpost.run.Usage;
import dev.outpost.runner.log.LogSink;
import dev.outpost.runner.log.LogStream;
import dev.outpost.runner.scrub.Scrubber;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentOutputTest {
  private static final String SECRET = "hunter2hunter2";

  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();

  private AgentOutput reading(Job.Output form, String... lines) {
    Scrubber scrubber = new Scrubber(List.of(SECRET));
    LogSink sink = new LogSink(logged, InstantSource.fixed(Instant.EPOCH));
    AgentOutput output = AgentOutput.of(form, LogStream.ofAgent(sink, scrubber), scrubber);
    for (String line : lines) {
      output.line(line);
    }
    return output;
  }

  private static Cause cause(Verdict verdict) {
    return verdict.failure().map(Failure::cause).orElse(null);
  }

  private static final String CLAUDE_INIT =
      "{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"s\",\"tools\":[\"Bash\"],\"model\":\"m-1\"}";
  private static final String CLAUDE_TOOL =
      "{\"type\":\"assistant\",\"message\":{\"id\":\"m1\",\"content\":[{\"type\":\"text\",\"text\":\"I look.\"},"
          + "{\"type\":\"tool_use\",\"name\":\"Bash\",\"input\":{\"command\":\"ls -la\\npwd\"}}],"
          + "\"usage\":{\"input_tokens\":1111,\"cache_read_input_tokens\":333,\"cache_creation_input_tokens\":10,\"output_tokens\":22}}}";
  private static final String CLAUDE_TOOL_RESULT =
      "{\"type\":\"user\",\"message\":{\"content\":[{\"type\":\"tool_result\",\"is_error\":true,\"content\":[{\"type\":\"text\",\"text\":\"no such file\"}]}]}}";
  private static final String CLAUDE_RESULT =
      "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,\"num_turns\":2,\"result\":\"All done.\\nSee hunter2hunter2.\","
          + "\"total_cost_usd\":0.0123,\"usage\":{\"input_tokens\":2222,\"cache_creation_input_tokens\":10,\"cache_read_input_tokens\":666,\"output_tokens\":44},"
          + "\"modelUsage\":{\"m-1\":{\"costUSD\":0.0123,\"costBasis\":\"list\"}},\"permission_denials\":[]}";

  @Test
  void claudesRunIsReadToItsResult() {
    AgentOutput output =
        reading(
            Job.Output.CLAUDE_STREAM_JSON,
            CLAUDE_INIT,
            CLAUDE_TOOL,
            CLAUDE_TOOL_RESULT,
            CLAUDE_RESULT);
    Verdict verdict = output.verdict(0);
    assertThat(verdict.failure()).isEmpty();
    assertThat(verdict.summary()).isEqualTo("All done.\nSee [REDACTED].");
    assertThat(verdict.usage()).contains(new Usage(2232, 666, 44, OptionalDouble.of(0.0123)));
    assertThat(logged.toString(UTF_8))
        .contains("\"model m-1\"", "\"I look.\"", "\"Bash: ls -la …\"", "\"-> no such file\"");
  }

  @Test
  void claudesUsageIsKnownBeforeItsResult() {
    AgentOutput output =
        reading(
            Job.Output.CLAUDE_STREAM_JSON,
            CLAUDE_TOOL,
            CLAUDE_TOOL,
            CLAUDE_TOOL.replace("\"m1\"", "\"m2\""));
    assertThat(output.usage()).contains(new Usage(2242, 666, 44, OptionalDouble.empty()));
    Verdict verdict = output.verdict(143);
    assertThat(cause(verdict)).isEqualTo(Cause.AGENT_ERROR);
    assertThat(verdict.summary()).isEqualTo("I look.");
  }

  private static final String AIDER_GOOD =
      """
      Aider v0.86.2
      Main model: deepseek/deepseek-coder with diff edit format
      README.md
      Tokens: 27k sent, 1.2k received. Cost: $0.10 message, $0.44 session.
      Applied edit to README.md
      """;

  @Test
  void aiderThatWasAnsweredLastHasSucceeded() {
    AgentOutput output =
        reading(
            Job.Output.AIDER_TEXT,
            ("litellm.InternalServerError: DeepseekException - busy\nRetrying in 0.2 seconds...\n"
                    + AIDER_GOOD)
                .split("\n"));
    Verdict verdict = output.verdict(0);
    assertThat(verdict.failure()).isEmpty();
    assertThat(verdict.summary()).isEqualTo("Applied edit to README.md");
    assertThat(cause(output.verdict(1))).isEqualTo(Cause.AGENT_ERROR);
  }

  // The lines are those of aider's issue 1923 and of its own sources, see AiderOutput.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "litellm.RateLimitError: litellm.RateLimitError: VertexAIException - { | RATE_LIMITED",
        "litellm.AuthenticationError: AuthenticationError: DeepseekException - no | MODEL_AUTH",
        "litellm.NotFoundError: DeepseekException - Model Not Exist | MODEL_NOT_FOUND",
        "litellm.InternalServerError: DeepseekException - oops | MODEL_OVERLOADED",
        "litellm.ServiceUnavailableError: DeepseekException - busy | MODEL_OVERLOADED",
        "litellm.APIConnectionError: DeepseekException - refused | MODEL_OVERLOADED",
        "litellm.exceptions.Timeout: Connection timed out | MODEL_OVERLOADED",
        "litellm.BadRequestError: DeepseekException - no such field | AGENT_ERROR",
        "Model deepseek/deepseek-coder has hit a token limit! | AGENT_ERROR"
      })
  void aiderWhoseLastCallFailedHasNotSucceededThoughItEditedBefore(String line, Cause cause) {
    AgentOutput output =
        reading(
            Job.Output.AIDER_TEXT,
            (AIDER_GOOD + line + "\n  \"error\": {\n}\nThe API provider is down.\n").split("\n"));
    Verdict verdict = output.verdict(0);
    assertThat(cause(verdict)).isEqualTo(cause);
    assertThat(verdict.failure().orElseThrow().message()).isEqualTo(line);
  }

  @Test
  void exitCodeZeroWithoutAResultIsNoSuccess() {
    assertThat(cause(reading(Job.Output.CLAUDE_STREAM_JSON, CLAUDE_INIT).verdict(0)))
        .isEqualTo(Cause.AGENT_ERROR);
    assertThat(cause(reading(Job.Output.CODEX_JSON).verdict(0))).isEqualTo(Cause.AGENT_ERROR);
    assertThat(cause(reading(Job.Output.GEMINI_STREAM_JSON).verdict(0)))
        .isEqualTo(Cause.AGENT_ERROR);
  }

  @Test
  void aResultWithAnotherExitCodeIsNoSuccess() {
    assertThat(cause(reading(Job.Output.CLAUDE_STREAM_JSON, CLAUDE_RESULT).verdict(1)))
        .isEqualTo(Cause.AGENT_ERROR);
  }

  @ParameterizedTest
  @CsvSource({
    "401, MODEL_AUTH",
    "403, MODEL_AUTH",
    "404, MODEL_NOT_FOUND",
    "429, RATE_LIMITED",
    "500, MODEL_OVERLOADED",
    "529, MODEL_OVERLOADED",
    "400, AGENT_ERROR"
  })
  void claudesApiErrorIsNoSuccessThoughItSaysSo(int status, Cause cause) {
    String line =
        "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,\"api_error_status\":"
            + status
            + ",\"result\":\"API Error\"}";
    assertThat(cause(reading(Job.Output.CLAUDE_STREAM_JSON, line).verdict(1))).isEqualTo(cause);
    String inProse =
        "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,\"result\":\"API Error: "
            + status
            + " of 200 things\"}";
    assertThat(cause(reading(Job.Output.CLAUDE_STREAM_JSON, inProse).verdict(1))).isEqualTo(cause);
  }

  @ParameterizedTest
  @CsvSource({
    "error_max_budget_usd, BUDGET_EXCEEDED",
    "error_max_turns, AGENT_ERROR",
    "error_during_execution, AGENT_ERROR"
  })
  void claudesLimitsAreTold(String subtype, Cause cause) {
    String line = "{\"type\":\"result\",\"subtype\":\"" + subtype + "\",\"is_error\":false}";
    Verdict verdict = reading(Job.Output.CLAUDE_STREAM_JSON, line).verdict(0);
    assertThat(cause(verdict)).isEqualTo(cause);
    assertThat(verdict.failure().orElseThrow().message()).isNotBlank();
  }

  @Test
  void aGuessedCostIsNone() {
    String unknown = CLAUDE_RESULT.replace("\"list\"", "\"unknown\"");
    Usage usage = reading(Job.Output.CLAUDE_STREAM_JSON, unknown).verdict(0).usage().orElseThrow();
    assertThat(usage.costUsd()).isEmpty();
  }

  private static final String[] CODEX = {
    "{\"type\":\"thread.started\",\"thread_id\":\"t\"}",
    "{\"type\":\"turn.started\"}",
    "{\"type\":\"item.started\",\"item\":{\"type\":\"command_execution\",\"command\":\"bash -lc 'ls'\"}}",
    "{\"type\":\"item.completed\",\"item\":{\"type\":\"command_execution\",\"exit_code\":2}}",
    "{\"type\":\"item.completed\",\"item\":{\"type\":\"file_change\",\"changes\":[{\"path\":\"a.txt\",\"kind\":\"update\"}]}}",
    "{\"type\":\"item.completed\",\"item\":{\"type\":\"error\",\"message\":\"only a warning\"}}",
    "{\"type\":\"error\",\"message\":\"Reconnecting... 1/5\"}",
    "{\"type\":\"item.completed\",\"item\":{\"type\":\"agent_message\",\"text\":\"It is fixed.\"}}",
    "{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":1111,\"cached_input_tokens\":333,\"output_tokens\":22,\"reasoning_output_tokens\":5}}"
  };

  @Test
  void codexRunIsReadToItsCompletedTurn() {
    Verdict verdict = reading(Job.Output.CODEX_JSON, CODEX).verdict(0);
    assertThat(verdict.failure()).isEmpty();
    assertThat(verdict.summary()).isEqualTo("It is fixed.");
    assertThat(verdict.usage()).contains(new Usage(778, 333, 22, OptionalDouble.empty()));
    assertThat(logged.toString(UTF_8))
        .contains("shell: bash -lc 'ls'", "-> exit code 2", "update a.txt", "only a warning");
  }

  @ParameterizedTest
  @CsvSource({
    "'unexpected status 401 Unauthorized: bad key', MODEL_AUTH",
    "'exceeded retry limit, last status: 429 Too Many Requests', RATE_LIMITED",
    "'{\"error\":{\"code\":\"model_not_found\"}}', MODEL_NOT_FOUND",
    "'unexpected status 503 Service Unavailable', MODEL_OVERLOADED",
    "'I read 404 files', AGENT_ERROR"
  })
  void codexFailedTurnHasItsCause(String message, Cause cause) {
    String line =
        "{\"type\":\"turn.failed\",\"error\":{\"message\":\""
            + message.replace("\"", "\\\"")
            + "\"}}";
    assertThat(cause(reading(Job.Output.CODEX_JSON, line).verdict(1))).isEqualTo(cause);
  }

  private static final String GEMINI_RESULT =
      "{\"type\":\"result\",\"status\":\"success\",\"stats\":{\"total_tokens\":1138,\"input_tokens\":1111,\"output_tokens\":22,\"cached\":333,\"input\":778,\"tool_calls\":1}}";

  @Test
  void geminisRunIsReadToItsResult() {
    Verdict verdict =
        reading(
                Job.Output.GEMINI_STREAM_JSON,
                "{\"type\":\"init\",\"session_id\":\"s\",\"model\":\"g-1\"}",
                "{\"type\":\"message\",\"role\":\"user\",\"content\":\"the task\"}",
                "{\"type\":\"message\",\"role\":\"assistant\",\"content\":\"I will lo\",\"delta\":true}",
                "{\"type\":\"message\",\"role\":\"assistant\",\"content\":\"ok.\\nNow\",\"delta\":true}",
                "{\"type\":\"tool_use\",\"tool_name\":\"read_file\",\"parameters\":{\"file_path\":\"a.txt\"}}",
                "{\"type\":\"tool_result\",\"status\":\"error\",\"error\":{\"message\":\"no file\"}}",
                "{\"type\":\"message\",\"role\":\"assistant\",\"content\":\"Done.\",\"delta\":true}",
                GEMINI_RESULT)
            .verdict(0);
    assertThat(verdict.failure()).isEmpty();
    assertThat(verdict.summary()).isEqualTo("Done.");
    // 5 of the 27 are thoughts.
    assertThat(verdict.usage()).contains(new Usage(778, 333, 27, OptionalDouble.empty()));
    assertThat(logged.toString(UTF_8))
        .contains("\"I will look.\"", "\"Now\"", "\"read_file: a.txt\"", "\"-> no file\"")
        .doesNotContain("the task");
  }

  @ParameterizedTest
  @CsvSource({
    "145, MODEL_AUTH", "173, RATE_LIMITED", "148, MODEL_NOT_FOUND", "244, MODEL_OVERLOADED",
    "41, MODEL_AUTH", "53, AGENT_ERROR", "1, AGENT_ERROR", "143, AGENT_ERROR"
  })
  void geminisExitCodeTellsTheStatus(int exitCode, Cause cause) {
    assertThat(cause(reading(Job.Output.GEMINI_STREAM_JSON).verdict(exitCode))).isEqualTo(cause);
  }

  @Test
  void geminisErrorFieldComesFirst() {
    String line =
        "{\"type\":\"result\",\"status\":\"error\",\"error\":{\"type\":\"Error\",\"message\":\"quota\",\"code\":429}}";
    assertThat(cause(reading(Job.Output.GEMINI_STREAM_JSON, line).verdict(145)))
        .isEqualTo(Cause.RATE_LIMITED);
  }

  @ParameterizedTest
  @EnumSource(Job.Output.class)
  void noLineBreaksAReader(Job.Output form) {
    AgentOutput output =
        reading(
            form,
            "",
            "plain text",
            "{",
            "{\"type\":",
            "[]",
            "null",
            "{\"type\":1}",
            "{\"type\":\"assistant\",\"message\":[1,null,{}]}",
            "{\"type\":\"assistant\",\"message\":{\"content\":[null,1,{\"type\":\"text\"}],\"usage\":3}}",
            "{\"type\":\"user\",\"message\":{\"content\":[{\"type\":\"tool_result\",\"content\":[]}]}}",
            "{\"type\":\"item.completed\",\"item\":\"x\"}",
            "{\"type\":\"turn.completed\"}",
            "{\"type\":\"tool_use\"}",
            "{\"type\":\"result\",\"usage\":{\"input_tokens\":-5,\"output_tokens\":\"x\"},\"stats\":[]}",
            "{\"a\":".repeat(5000));
    assertThat(output.verdict(1).failure()).isPresent();
    assertThat(logged.toString(UTF_8)).contains("plain text");
  }

  @Test
  void theLastWordsOfTextAreItsSummary() {
    Verdict verdict = reading(Job.Output.TEXT, "one", "two", "  ").verdict(0);
    assertThat(verdict.failure()).isEmpty();
    assertThat(verdict.summary()).isEqualTo("two");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 127, 137})
  void anotherExitCodeIsAFailureWithTheLastComplaint(int code) {
    AgentOutput output = reading(Job.Output.TEXT, "one");
    output.complaint("cannot find " + SECRET);
    Failure failure = output.verdict(code).failure().orElseThrow();
    assertThat(failure.cause()).isEqualTo(Cause.AGENT_ERROR);
    assertThat(failure.message()).contains("exit code " + code, "cannot find [REDACTED]");
  }

  @Test
  void aSecretAtTheEndOfAMessageIsHiddenBeforeItIsCut() {
    AgentOutput output = reading(Job.Output.TEXT, "one");
    String words = "x".repeat(Failure.MAX_MESSAGE - 40);
    output.complaint(words + SECRET);
    assertThat(output.verdict(1).failure().orElseThrow().message()).doesNotContain("hunter");
    assertThat(ModelFault.of(OptionalInt.empty(), "").message()).isNotBlank();
  }

  /** As the programs wrote them, ids and lists of tools left out. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "CLAUDE_STREAM_JSON|1|MODEL_AUTH|{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,\"terminal_reason\":\"api_error\",\"result\":\"Failed to authenticate. API Error: 401 The key is not valid.\"}",
        "CLAUDE_STREAM_JSON|1|MODEL_OVERLOADED|{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":true,\"result\":\"API Error: 529 Overloaded. This is a server-side issue, usually temporary\"}",
        "CLAUDE_STREAM_JSON|1|MODEL_AUTH|{\"type\":\"result\",\"subtype\":\"error_during_execution\",\"is_error\":true,\"errors\":[\"Internal error: \\\"Unauthorized (401) from http://127.0.0.1:1/v1/chat/completions: invalid_request_error: The key is not valid.\\\"\"]}",
        "CLAUDE_STREAM_JSON|1|MODEL_NOT_FOUND|{\"type\":\"result\",\"subtype\":\"error_during_execution\",\"is_error\":true,\"errors\":[\"Internal error: {\\n  \\\"message\\\": \\\"API error (status 404 Not Found): invalid_request_error: The model does not exist.\\\",\\n  \\\"http_status\\\": 404\\n}\"]}",
        "CLAUDE_STREAM_JSON|1|AGENT_ERROR|{\"type\":\"result\",\"subtype\":\"error_during_execution\",\"is_error\":true,\"errors\":[\"Internal error: \\\"serialization error: EOF while parsing a string at line 1 column 6\\\"\"]}",
        "CODEX_JSON|1|MODEL_AUTH|{\"type\":\"turn.failed\",\"error\":{\"message\":\"unexpected status 401 Unauthorized: The key is not valid., url: http://127.0.0.1:1/v1/responses\"}}",
        "CODEX_JSON|1|RATE_LIMITED|{\"type\":\"turn.failed\",\"error\":{\"message\":\"exceeded retry limit, last status: 429 Too Many Requests\"}}",
        "CODEX_JSON|1|AGENT_ERROR|{\"type\":\"turn.failed\",\"error\":{\"message\":\"stream disconnected before completion: stream closed before response.completed\"}}",
        "GEMINI_STREAM_JSON|145|MODEL_AUTH|{\"type\":\"result\",\"status\":\"error\",\"error\":{\"type\":\"unknown\",\"message\":\"[API Error: {\\\"error\\\":{\\\"code\\\":401,\\\"message\\\":\\\"The key is not valid.\\\",\\\"status\\\":\\\"UNAUTHENTICATED\\\"}}]\"}}",
        "GEMINI_STREAM_JSON|173|RATE_LIMITED|{\"type\":\"result\",\"status\":\"error\",\"error\":{\"type\":\"unknown\",\"message\":\"[API Error: Too many requests.]\"}}",
        "GEMINI_STREAM_JSON|244|MODEL_OVERLOADED|{\"type\":\"result\",\"status\":\"error\",\"error\":{\"type\":\"unknown\",\"message\":\"[API Error: {\\\"error\\\":{\\\"code\\\":500,\\\"message\\\":\\\"The stub answers 500.\\\",\\\"status\\\":\\\"INTERNAL\\\"}}]\"}}",
        "GEMINI_STREAM_JSON|1|AGENT_ERROR|{\"type\":\"result\",\"status\":\"error\",\"error\":{\"type\":\"unknown\",\"message\":\"[API Error: Incomplete JSON segment at the end]\"}}"
      })
  void theWordsOfTheRealProgramsHaveTheirCause(
      Job.Output form, int exitCode, Cause cause, String line) {
    assertThat(cause(reading(form, line).verdict(exitCode))).isEqualTo(cause);
  }
}
