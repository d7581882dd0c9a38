package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.edge.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to ask wrongly: what the client hears, and that nothing is left of it. */
class RefusedDispatchesTest {
  private static final String TASK = "Write the test that is missing.";
  private final Installation installation = new Installation();

  @AfterEach
  void close() {
    installation.close();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("dev.outpost.functions.api.WrongFields#all")
  void aWrongFieldIsNamedAndNothingIsStored(String path, Object value, String told) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("agent", "claude");
    body.put("task", TASK);
    put(body, path, value);
    Reply reply = installation.send(Event.post(ascii(Json.text(body))));
    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.code()).isEqualTo("VALIDATION_ERROR");
    assertThat(reply.body()).contains(Json.text(told).replace("\"", ""));
    assertThat(reply.paths()).containsExactly(path);
    assertNothingHappened();
  }

  @ParameterizedTest
  @MethodSource("wrongBodies")
  void aBodyThatIsNoJsonObjectIsRefused(String body) {
    Reply reply = installation.send(Event.post(body));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.code()).isEqualTo("VALIDATION_ERROR");
    assertThat(reply.paths()).containsExactly("");
    assertNothingHappened();
  }

  static Stream<String> wrongBodies() {
    return Stream.of(
        "",
        "null",
        "[]",
        "\"agent\"",
        "agent=claude&task=x",
        "{\"agent\":\"claude\"",
        "{\"agent\":\"claude\",}",
        "{\"agent\":\"claude\"} trailing",
        "{\"agent\":\"claude\",\"agent\":\"codex\",\"task\":\"" + TASK + "\"}",
        "{\"tags\":" + "[".repeat(200) + "]".repeat(200) + "}");
  }

  @Test
  void aBodyInAnotherEncodingIsRefused() {
    byte[] latin = "{\"task\":\"fünfzehn Zeichen\"}".getBytes(StandardCharsets.ISO_8859_1);
    Reply reply = installation.send(Event.post("").base64Body(latin));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).contains("it is not UTF-8");
    assertNothingHappened();
  }

  @Test
  void aBodyBeyondTheLimitIsRefusedBeforeItIsRead() {
    Reply reply = installation.send(Event.post("{" + " ".repeat(256 * 1024)));
    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.code()).isEqualTo("PAYLOAD_TOO_LARGE");
    assertNothingHappened();
  }

  @Test
  void theLimitCountsDecodedBytes() {
    byte[] body = (" ".repeat(255 * 1024) + "{}").getBytes(StandardCharsets.UTF_8);
    assertThat(installation.send(Event.post("").base64Body(body)).status()).isEqualTo(400);
  }

  @Test
  void allMistakesAreToldAtOnce() {
    Reply reply =
        installation.send(
            Event.post(
                """
                {"agent":"nobody","task":"short","branch":"a b","timeoutSeconds":1,"tags":[],
                 "expiresAt":"soon","foo":1,"resourceConstraints":{"maxDiskGb":1}}"""));
    assertThat(reply.paths())
        .containsExactlyInAnyOrder(
            "agent",
            "task",
            "branch",
            "branch",
            "timeoutSeconds",
            "tags",
            "expiresAt",
            "foo",
            "resourceConstraints.maxDiskGb");
    assertNothingHappened();
  }

  @Test
  void twoDifferentIdempotencyKeysAreRefused() {
    Reply reply = installation.send(Event.file().header("idempotency-key", "another"));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.paths()).containsExactly("idempotencyKey");
    assertNothingHappened();
  }

  @Test
  void aWrongKeyInTheHeaderIsRefused() {
    Reply reply =
        installation.send(
            Event.post("{\"agent\":\"claude\",\"task\":\"" + TASK + "\"}")
                .header("idempotency-key", "two words"));
    assertThat(reply.paths()).containsExactly("Idempotency-Key");
    assertNothingHappened();
  }

  @Test
  void aBranchHasNoMeaningInAnEmptyWorkTree() {
    Reply reply =
        installation.send(
            Event.post(
                "{\"agent\":\"claude\",\"task\":\""
                    + TASK
                    + "\",\"repo\":\"a/b\",\"branch\":\"main\",\"workspaceInitMode\":\"none\"}"));
    assertThat(reply.paths()).containsExactly("branch");
    assertNothingHappened();
  }

  @Test
  void anUnknownQueryParameterIsRefused() {
    Reply reply =
        installation.send(
            Event.of("POST", "/dispatch?dryRun=true")
                .body("{\"agent\":\"claude\",\"task\":\"" + TASK + "\"}"));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.paths()).containsExactly("dryRun");
    assertNothingHappened();
  }

  @Test
  void anAgentWithoutItsCredentialIsUnavailableBeforeAnythingIsStored() {
    Reply reply = installation.send(Event.post("{\"agent\":\"codex\",\"task\":\"" + TASK + "\"}"));
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.code()).isEqualTo("SERVICE_UNAVAILABLE");
    assertThat(reply.body()).contains("OPENAI_API_KEY");
    assertNothingHappened();
  }

  /** The same JSON with escapes for what is not ASCII: the only way half a pair can travel. */
  private static String ascii(String json) {
    StringBuilder ascii = new StringBuilder();
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      ascii.append(c < 0x7F ? String.valueOf(c) : String.format("\\u%04x", (int) c));
    }
    return ascii.toString();
  }

  private void assertNothingHappened() {
    assertThat(installation.stored()).isZero();
    assertThat(installation.enqueued()).isZero();
  }

  private static void put(Map<String, Object> body, String path, Object value) {
    int dot = path.indexOf('.');
    if (dot < 0) {
      body.put(path, value);
      if (path.equals("branch")) {
        body.put("repo", "octo-org/shop");
      }
    } else {
      body.put(path.substring(0, dot), Map.of(path.substring(dot + 1), value));
    }
  }
}
