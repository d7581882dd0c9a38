package dev.outpost.runner.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.outpost.run.Budget;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.ModelAccess;
import dev.outpost.run.ModelProtocol;
import dev.outpost.run.Price;
import dev.outpost.run.PriceTable;
import dev.outpost.run.Usage;
import dev.outpost.runner.output.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ModelGatewayTest {
  private static final String REAL = "sk-real-key-of-the-provider";
  private static final PriceTable PRICES =
      new PriceTable(
          Optional.of(LocalDate.of(2026, 11, 25)),
          Map.of("m-1", new Price(1, 2, 0.1, 10), "m-2", new Price(2, 2, 0.2, 5)));
  private static final String MESSAGE_START =
      """
      {"type":"message_start","message":{"id":"x","model":"m-1","content":[],\
      "usage":{"input_tokens":1000,"cache_creation_input_tokens":50,\
      "cache_read_input_tokens":300,"output_tokens":1}}}""";

  private final AtomicInteger over = new AtomicInteger();
  private final HttpClient client = HttpClient.newHttpClient();
  private Upstream upstream;
  private Optional<ModelGateway> opened = Optional.empty();

  @BeforeEach
  void start() throws IOException {
    upstream = new Upstream();
  }

  @AfterEach
  void stop() {
    opened.ifPresent(ModelGateway::close);
    upstream.close();
    client.shutdownNow();
  }

  private ModelGateway open(ModelProtocol protocol) throws IOException {
    return open(protocol, Budget.NONE);
  }

  private ModelGateway open(ModelProtocol protocol, Budget budget) throws IOException {
    ModelGateway gateway =
        ModelGateway.open(
            new ModelAccess(protocol, upstream.url(), Optional.of(REAL), PRICES),
            ModelGateway.newKey(),
            budget,
            over::incrementAndGet);
    opened = Optional.of(gateway);
    return gateway;
  }

  private HttpRequest.Builder request(ModelGateway gateway, String path) {
    return HttpRequest.newBuilder(URI.create(gateway.url() + path))
        .header("x-api-key", gateway.key());
  }

  private HttpResponse<String> post(ModelGateway gateway, String path, String body)
      throws IOException, InterruptedException {
    return client.send(
        request(gateway, path).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static Usage usage(ModelGateway gateway) {
    return gateway.seen().usage().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "ANTHROPIC, /v1/messages, x-api-key, ''",
    "OPENAI, /v1/responses, authorization, 'Bearer '",
    "GEMINI, /v1beta/models/m-1:generateContent, x-goog-api-key, ''"
  })
  void theRealKeyTakesThePlaceOfTheRunsOwn(
      ModelProtocol protocol, String path, String header, String scheme) throws Exception {
    upstream.say(200, "application/json", "{\"ok\":true}");
    ModelGateway gateway = open(protocol);
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(gateway.url() + path + "?alt=x&key=gone"))
                .header("authorization", "Bearer " + gateway.key())
                .header("x-api-key", "other")
                .header("x-goog-api-key", "other")
                .header("cookie", "a=b")
                .header("accept-encoding", "br, gzip")
                .header("x-kept", "yes")
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"m-1\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"ok\":true}");
    Upstream.Call call = upstream.calls().getFirst();
    assertThat(call.uri()).isEqualTo("/base" + path + "?alt=x");
    assertThat(call.body()).isEqualTo("{\"model\":\"m-1\"}");
    assertThat(call.headers().getFirst(header)).isEqualTo(scheme + REAL);
    assertThat(call.headers().getFirst("x-kept")).isEqualTo("yes");
    assertThat(call.headers().getFirst("accept-encoding")).isEqualTo("identity");
    assertThat(call.headers().toString()).doesNotContain(gateway.key(), "other", "a=b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "wrong", REAL})
  void withoutTheRunsKeyNothingPasses(String key) throws Exception {
    ModelGateway gateway = open(ModelProtocol.ANTHROPIC);
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/messages"))
                .header("x-api-key", key)
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("\"type\":\"error\"", "authentication_error");
    assertThat(upstream.calls()).isEmpty();
    assertThat(gateway.seen().calls()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "ANTHROPIC, POST, /v1/files",
    "ANTHROPIC, POST, /v1/messages/batches",
    "ANTHROPIC, POST, /v1/messages/../files",
    "ANTHROPIC, POST, /v1/%2e%2e/messages",
    "ANTHROPIC, POST, //v1/messages",
    "ANTHROPIC, DELETE, /v1/messages",
    "ANTHROPIC, GET, /",
    "OPENAI, POST, /v1/files",
    "OPENAI, POST, /v1/fine_tuning/jobs",
    "OPENAI, GET, /v1/responses/resp_1",
    "OPENAI, POST, /v1/messages",
    "GEMINI, POST, /upload/v1beta/files",
    "GEMINI, POST, /v1beta/cachedContents",
    "GEMINI, POST, /v1beta/models/m:batchGenerateContent"
  })
  void whatAnAgentDoesNotNeedStaysShut(ModelProtocol protocol, String method, String path)
      throws Exception {
    ModelGateway gateway = open(protocol);
    assertThat(raw(gateway, method + " " + path + " HTTP/1.1", "")).startsWith("HTTP/1.1 404");
    assertThat(upstream.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST http://evil.test/v1/messages HTTP/1.1",
        "POST https://api.anthropic.com/v1/messages HTTP/1.1",
        "CONNECT evil.test:443 HTTP/1.1",
        "POST //evil.test/v1/messages HTTP/1.1",
        "POST @evil.test/v1/messages HTTP/1.1"
      })
  void noOtherHostIsReachedThroughIt(String line) throws Exception {
    ModelGateway gateway = open(ModelProtocol.ANTHROPIC);
    assertThat(raw(gateway, line, "")).doesNotStartWith("HTTP/1.1 2");
    assertThat(upstream.calls()).isEmpty();
  }

  @Test
  void aCallForAnotherHostIsRefused() throws Exception {
    ModelGateway gateway = open(ModelProtocol.ANTHROPIC);
    assertThat(raw(gateway, "POST /v1/messages HTTP/1.1", "evil.test")).startsWith("HTTP/1.1 404");
    assertThat(upstream.calls()).isEmpty();
  }

  private static String raw(ModelGateway gateway, String line, String host) throws IOException {
    try (Socket socket = new Socket(gateway.url().getHost(), gateway.url().getPort())) {
      socket
          .getOutputStream()
          .write(
              (line
                      + "\r\nHost: "
                      + (host.isEmpty() ? gateway.url().getAuthority() : host)
                      + "\r\nX-Api-Key: "
                      + gateway.key()
                      + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
                  .getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Test
  void redirectsAreNotFollowed() throws Exception {
    upstream.play(
        (exchange, _) -> {
          exchange.getResponseHeaders().set("Location", upstream.url() + "/elsewhere");
          exchange.sendResponseHeaders(307, -1);
        });
    ModelGateway gateway = open(ModelProtocol.ANTHROPIC);
    assertThat(post(gateway, "/v1/messages", "{}").statusCode()).isEqualTo(307);
    assertThat(upstream.calls()).hasSize(1);
  }

  @Test
  void aPartArrivesBeforeTheAnswerIsOver() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    upstream.play(
        (exchange, _) -> {
          OutputStream out = Upstream.begin(exchange);
          out.write("data: {\"first\":1}\n\n".getBytes(UTF_8));
          out.flush();
          // The provider goes on only when the agent has the first part in hand.
          boolean arrived = seen.await(30, TimeUnit.SECONDS);
          out.write(("data: {\"arrived\":" + arrived + "}\n\n").getBytes(UTF_8));
        });
    ModelGateway gateway = open(ModelProtocol.OPENAI);
    HttpResponse<InputStream> answer =
        client.send(
            request(gateway, "/v1/responses")
                .POST(HttpRequest.BodyPublishers.ofString("{\"stream\":true}"))
                .build(),
            HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = answer.body()) {
      String first = new String(in.readNBytes(19), UTF_8);
      assertThat(first).isEqualTo("data: {\"first\":1}\n\n");
      seen.countDown();
      assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("data: {\"arrived\":true}\n\n");
    }
  }

  @Test
  void anthropicsStreamIsMetered() throws Exception {
    upstream.stream(
        MESSAGE_START,
        "{\"type\":\"ping\"}",
        "{\"type\":\"content_block_delta\",\"delta\":{\"text\":\"\\\"usage\\\":{\\\"input\"}}",
        "{\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"output_tokens\":20}}",
        "{\"type\":\"message_stop\"}");
    ModelGateway gateway = open(ModelProtocol.ANTHROPIC);
    assertThat(post(gateway, "/v1/messages", "{\"model\":\"m-1\",\"stream\":true}").body())
        .contains("message_start", "message_stop");
    Usage usage = usage(gateway);
    assertThat(usage.inputTokens()).isEqualTo(1050);
    assertThat(usage.cachedTokens()).isEqualTo(300);
    assertThat(usage.outputTokens()).isEqualTo(20);
    // 1000 x 1 + 50 x 2 + 300 x 0.1 + 20 x 10 dollars for a million.
    assertThat(usage.costUsd().orElseThrow()).isEqualTo(0.00133, within(1e-12));
    assertThat(usage.costSource()).contains(Usage.CostSource.PRICE_TABLE);
  }

  @Test
  void anthropicsWholeAnswerIsMetered() throws Exception {
    upstream.say(
        200,
        "application/json",
        """
        {"model":"m-2","content":[{"type":"tool_use","input":{"usage":{"input_tokens":7}}}],
         "usage":{"input_tokens":11,"output_tokens":2,"service_tier":"standard"}}""");
    ModelGateway gateway = open(ModelProtocol.ANTHROPIC);
    post(gateway, "/v1/messages", "{\"model\":\"m-1\"}");
    assertThat(usage(gateway).inputTokens()).isEqualTo(11);
    assertThat(usage(gateway).outputTokens()).isEqualTo(2);
    assertThat(usage(gateway).costUsd().orElseThrow()).isEqualTo(0.000032, within(1e-12));
  }

  @Test
  void countingTokensCostsNothing() throws Exception {
    upstream.say(200, "application/json", "{\"input_tokens\":2095}");
    ModelGateway gateway = open(ModelProtocol.ANTHROPIC);
    assertThat(post(gateway, "/v1/messages/count_tokens", "{}").body()).contains("2095");
    assertThat(usage(gateway).tokens()).isZero();
  }

  @Test
  void openAisResponsesAreMeteredWithoutCountingTheCacheTwice() throws Exception {
    upstream.stream(
        "{\"type\":\"response.created\",\"response\":{\"model\":\"m-1\",\"usage\":null}}",
        "{\"type\":\"response.output_text.delta\",\"delta\":\"hello\"}",
        """
        {"type":"response.completed","response":{"model":"m-1","output":[],"usage":{\
        "input_tokens":1111,"input_tokens_details":{"cached_tokens":333},"output_tokens":27,\
        "output_tokens_details":{"reasoning_tokens":5},"total_tokens":1138}}}""");
    ModelGateway gateway = open(ModelProtocol.OPENAI);
    post(gateway, "/v1/responses", "{\"model\":\"m-1\",\"stream\":true}");
    assertThat(usage(gateway))
        .extracting(Usage::inputTokens, Usage::cachedTokens, Usage::outputTokens)
        .containsExactly(778L, 333L, 27L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"prompt_tokens_details\":{\"cached_tokens\":10} | 90 | 10 | 9",
        "\"prompt_cache_hit_tokens\":40,\"prompt_cache_miss_tokens\":60 | 60 | 40 | 9",
        "\"completion_tokens_details\":{\"reasoning_tokens\":94},\"total_tokens\":203 | 100 | 0 | 103",
        "\"total_tokens\":109 | 100 | 0 | 9"
      })
  void chatsAreMeteredAsEachProviderCounts(String more, long input, long cached, long output)
      throws Exception {
    upstream.say(
        200,
        "application/json",
        "{\"model\":\"m-1\",\"choices\":[],\"usage\":{\"prompt_tokens\":100,"
            + "\"completion_tokens\":9,"
            + more
            + "}}");
    ModelGateway gateway = open(ModelProtocol.OPENAI);
    post(gateway, "/chat/completions", "{\"model\":\"m-1\"}");
    assertThat(usage(gateway))
        .extracting(Usage::inputTokens, Usage::cachedTokens, Usage::outputTokens)
        .containsExactly(input, cached, output);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"\"cost\":0.0125 | 0.0125", "\"cost_in_usd_ticks\":37756000 | 0.0037756"})
  void aCostThatTheProviderTellsIsTaken(String told, double cost) throws Exception {
    upstream.say(
        200,
        "application/json",
        "{\"model\":\"unheard-of\",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,"
            + told
            + "}}");
    ModelGateway gateway = open(ModelProtocol.OPENAI);
    post(gateway, "/v1/chat/completions", "{}");
    assertThat(usage(gateway).costUsd().orElseThrow()).isEqualTo(cost, within(1e-12));
    assertThat(usage(gateway).costSource()).contains(Usage.CostSource.PROVIDER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"stream\":true,\"n\":1} | {\"stream_options\":{\"include_usage\":true},\"stream\":true,\"n\":1}",
        "{\"stream_options\":{\"include_usage\":false},\"stream\":true} | {\"stream_options\":{\"include_usage\":true},\"stream\":true}",
        "{\"stream\":true,\"stream_options\":null} | {\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
        "{\"stream\":false} | {\"stream\":false}",
        "{\"a\":{\"stream\":true}} | {\"a\":{\"stream\":true}}"
      })
  void aStreamedChatIsAskedForItsUsage(String sent, String passed) throws Exception {
    upstream.stream(
        "{\"model\":\"m-1\",\"choices\":[{\"delta\":{\"content\":\"hi\"}}],\"usage\":null}",
        "{\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":6}}",
        "[DONE]");
    ModelGateway gateway = open(ModelProtocol.OPENAI);
    post(gateway, "/v1/chat/completions", sent);
    assertThat(upstream.calls().getFirst().body()).isEqualTo(passed);
    assertThat(usage(gateway).tokens()).isEqualTo(11);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"background\":true}",
        "{\"stream\":true,\"stream\":false}",
        "[]",
        "{} {}",
        "not json"
      })
  void whatCannotBeMeteredIsRefused(String body) throws Exception {
    ModelGateway gateway = open(ModelProtocol.OPENAI);
    HttpResponse<String> answer = post(gateway, "/v1/responses", body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("invalid_request_error");
    assertThat(upstream.calls()).isEmpty();
  }

  @Test
  void geminisStreamCountsItsNewestNumbers() throws Exception {
    upstream.stream(
        "{\"usageMetadata\":{\"promptTokenCount\":1111,\"candidatesTokenCount\":3},\"modelVersion\":\"m-1\"}",
        """
        {"usageMetadata":{"promptTokenCount":1111,"cachedContentTokenCount":333,\
        "candidatesTokenCount":22,"thoughtsTokenCount":5,"totalTokenCount":1138}}""");
    ModelGateway gateway = open(ModelProtocol.GEMINI);
    post(gateway, "/v1beta/models/m-2:streamGenerateContent?alt=sse", "{}");
    assertThat(usage(gateway))
        .extracting(Usage::inputTokens, Usage::cachedTokens, Usage::outputTokens)
        .containsExactly(778L, 333L, 27L);
  }

  @Test
  void sideCallsOfOtherModelsCountToo() throws Exception {
    ModelGateway gateway = open(ModelProtocol.OPENAI);
    for (String model : new String[] {"m-1", "m-2"}) {
      upstream.say(
          200,
          "application/json",
          "{\"model\":\"" + model + "\",\"usage\":{\"input_tokens\":1000000,\"output_tokens\":0}}");
      post(gateway, "/v1/responses", "{}");
    }
    assertThat(usage(gateway).inputTokens()).isEqualTo(2_000_000);
    assertThat(usage(gateway).costUsd().orElseThrow()).isEqualTo(3, within(1e-9));
  }

  @Test
  void whatHasNoPriceHasNoCostButCountsAsTheDearestAgainstTheBudget() throws Exception {
    upstream.say(
        200,
        "application/json",
        "{\"model\":\"unheard-of\",\"usage\":{\"input_tokens\":100000,\"output_tokens\":100000}}");
    ModelGateway gateway =
        open(
            ModelProtocol.OPENAI,
            // 0.1 million x 2 + 0.1 million x 10.
            new Budget(OptionalDouble.of(1.2), OptionalLong.empty()));
    post(gateway, "/v1/responses", "{}");
    assertThat(usage(gateway).costUsd()).isEmpty();
    assertThat(over).hasValue(1);
  }

  @Test
  void aBudgetOfTokensEndsTheRunAndFurtherCalls() throws Exception {
    upstream.say(
        200,
        "application/json",
        "{\"model\":\"m-1\",\"usage\":{\"input_tokens\":400,\"output_tokens\":200}}");
    ModelGateway gateway =
        open(ModelProtocol.ANTHROPIC, new Budget(OptionalDouble.empty(), OptionalLong.of(1000)));
    assertThat(post(gateway, "/v1/messages", "{}").statusCode()).isEqualTo(200);
    assertThat(over).hasValue(0);
    assertThat(post(gateway, "/v1/messages", "{}").statusCode()).isEqualTo(200);
    assertThat(over).hasValue(1);
    HttpResponse<String> refused = post(gateway, "/v1/messages", "{}");
    assertThat(refused.statusCode()).isEqualTo(402);
    assertThat(refused.body())
        .contains("\"type\":\"error\"", "budget_exceeded", "1200 of 1000 tokens");
    assertThat(upstream.calls()).hasSize(2);
    assertThat(over).hasValue(1);
    assertThat(gateway.spent()).contains("1200 of 1000 tokens, in 2 calls");
  }

  @Test
  void aBudgetIsHeldWhileAnAnswerStillStreams() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    upstream.play(
        (exchange, _) -> {
          OutputStream out = Upstream.begin(exchange);
          out.write(("data: " + MESSAGE_START + "\n\n").getBytes(UTF_8));
          out.flush();
          boolean inTime = ended.await(30, TimeUnit.SECONDS);
          out.write(("data: {\"in_time\":" + inTime + "}\n\n").getBytes(UTF_8));
        });
    ModelGateway gateway =
        ModelGateway.open(
            new ModelAccess(ModelProtocol.ANTHROPIC, upstream.url(), Optional.of(REAL), PRICES),
            "key",
            new Budget(OptionalDouble.of(0.001), OptionalLong.empty()),
            ended::countDown);
    opened = Optional.of(gateway);
    assertThat(post(gateway, "/v1/messages", "{}").body()).contains("\"in_time\":true");
  }

  @Test
  void anAgentThatLeavesBeforeTheEndIsCountedAllTheSame() throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    CountDownLatch gone = new CountDownLatch(1);
    upstream.play(
        (exchange, _) -> {
          OutputStream out = Upstream.begin(exchange);
          byte[] event = ("data: {\"delta\":\"" + "x".repeat(500) + "\"}\n\n").getBytes(UTF_8);
          for (int i = 0; i < 10; i++) {
            out.write(event);
          }
          out.flush();
          sent.countDown();
          gone.await();
          for (int i = 0; i < 20_000; i++) {
            out.write(event);
            out.flush();
          }
        });
    ModelGateway gateway = open(ModelProtocol.OPENAI);
    HttpResponse<InputStream> answer =
        client.send(
            request(gateway, "/v1/responses")
                .POST(HttpRequest.BodyPublishers.ofString("{\"a\":\"" + "x".repeat(4000) + "\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofInputStream());
    sent.await();
    answer.body().readNBytes(100);
    answer.body().close();
    gone.countDown();
    while (usage(gateway).tokens() == 0) {
      Thread.sleep(10);
    }
    assertThat(usage(gateway).inputTokens()).isGreaterThanOrEqualTo(1000);
    assertThat(usage(gateway).outputTokens()).isPositive();
    assertThat(gateway.seen().fault()).isEmpty();
  }

  @Test
  void aCompressedAnswerIsUnpackedForMeterAndAgent() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write("{\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}".getBytes(UTF_8));
    }
    upstream.play(
        (exchange, _) -> {
          exchange.getResponseHeaders().set("Content-Encoding", "gzip");
          exchange.sendResponseHeaders(200, packed.size());
          packed.writeTo(exchange.getResponseBody());
        });
    ModelGateway gateway = open(ModelProtocol.ANTHROPIC);
    assertThat(post(gateway, "/v1/messages", "{}").body()).contains("\"input_tokens\":3");
    assertThat(usage(gateway).tokens()).isEqualTo(7);
  }

  @Test
  void anEncodingThatCannotBeReadDoesNotPassUnmetered() throws Exception {
    upstream.play(
        (exchange, _) -> {
          exchange.getResponseHeaders().set("Content-Encoding", "br");
          exchange.sendResponseHeaders(200, 3);
          exchange.getResponseBody().write(new byte[] {1, 2, 3});
        });
    ModelGateway gateway = open(ModelProtocol.ANTHROPIC);
    assertThat(post(gateway, "/v1/messages", "{}").statusCode()).isEqualTo(502);
  }

  @ParameterizedTest
  @CsvSource({
    "401, MODEL_AUTH",
    "402, MODEL_AUTH",
    "403, MODEL_AUTH",
    "404, MODEL_NOT_FOUND",
    "429, RATE_LIMITED",
    "500, MODEL_OVERLOADED",
    "529, MODEL_OVERLOADED"
  })
  void anErrorPassesUnchangedAndIsRemembered(int status, Cause cause) throws Exception {
    String body = "{\"type\":\"error\",\"error\":{\"type\":\"some_error\",\"message\":\"No.\"}}";
    upstream.play(
        (exchange, _) -> {
          exchange.getResponseHeaders().set("Retry-After", "7");
          Upstream.answer(exchange, status, "application/json", body);
        });
    ModelGateway gateway = open(ModelProtocol.ANTHROPIC);
    HttpResponse<String> answer = post(gateway, "/v1/messages", "{}");
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.headers().firstValue("retry-after")).contains("7");
    Failure fault = gateway.seen().fault().orElseThrow();
    assertThat(fault.cause()).isEqualTo(cause);
    assertThat(fault.message()).contains(status + ": some_error: No.");
  }

  @Test
  void geminisWrongKeyIsKnownByItsType() throws Exception {
    upstream.say(
        400,
        "application/json",
        """
        {"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT",
         "details":[{"reason":"API_KEY_INVALID"}]}}""");
    ModelGateway gateway = open(ModelProtocol.GEMINI);
    post(gateway, "/v1beta/models/m-1:generateContent", "{}");
    assertThat(gateway.seen().fault().map(Failure::cause)).contains(Cause.MODEL_AUTH);
  }

  @Test
  void anErrorInTheMiddleOfAStreamIsRemembered() throws Exception {
    upstream.stream(
        MESSAGE_START,
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Busy\"}}");
    ModelGateway gateway = open(ModelProtocol.ANTHROPIC);
    assertThat(post(gateway, "/v1/messages", "{}").statusCode()).isEqualTo(200);
    assertThat(gateway.seen().fault().map(Failure::cause)).contains(Cause.MODEL_OVERLOADED);
    assertThat(usage(gateway).inputTokens()).isEqualTo(1050);
  }

  @Test
  void aStreamThatBreaksBreaksForTheAgentToo() throws Exception {
    upstream.play(
        (exchange, _) -> {
          OutputStream out = Upstream.begin(exchange);
          out.write(("data: " + MESSAGE_START + "\n\n").getBytes(UTF_8));
          out.flush();
          throw new IOException("the provider falls over");
        });
    ModelGateway gateway = open(ModelProtocol.ANTHROPIC);
    assertThatThrownBy(() -> post(gateway, "/v1/messages", "{}")).isInstanceOf(IOException.class);
    assertThat(gateway.seen().fault().map(Failure::cause)).contains(Cause.MODEL_OVERLOADED);
    assertThat(usage(gateway).inputTokens()).isEqualTo(1050);
  }

  @Test
  void aProviderThatIsNotThereIsTold() throws Exception {
    ModelGateway gateway = open(ModelProtocol.GEMINI);
    upstream.close();
    HttpResponse<String> answer = post(gateway, "/v1beta/models/m-1:generateContent", "{}");
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).contains("\"code\":502");
    assertThat(gateway.seen().fault().map(Failure::cause)).contains(Cause.MODEL_OVERLOADED);
  }

  @Test
  void aLaterAnswerMakesUpForAnEarlierFault() throws Exception {
    ModelGateway gateway = open(ModelProtocol.ANTHROPIC);
    upstream.say(529, "application/json", "{}");
    post(gateway, "/v1/messages", "{}");
    assertThat(gateway.seen().fault()).isPresent();
    upstream.say(200, "application/json", "{\"usage\":{\"input_tokens\":1}}");
    post(gateway, "/v1/messages", "{}");
    assertThat(gateway.seen().fault()).isEmpty();
    assertThat(gateway.seen().answered()).isEqualTo(1);
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws Exception {
    ModelGateway gateway = open(ModelProtocol.ANTHROPIC);
    try {
      HttpResponse<String> answer =
          post(gateway, "/v1/messages", "{\"a\":\"" + "x".repeat(33 * 1024 * 1024) + "\"}");
      assertThat(answer.statusCode()).isEqualTo(413);
    } catch (IOException _) {
      // The connection may be closed while the rest is still being sent.
    }
    assertThat(upstream.calls()).isEmpty();
  }

  @Test
  void noTextOfTheGatewaysShowsTheRealKey() throws Exception {
    ModelGateway gateway = open(ModelProtocol.ANTHROPIC);
    upstream.close();
    HttpResponse<String> answer = post(gateway, "/v1/messages", "{}");
    assertThat(answer.body() + answer.headers() + gateway.seen() + gateway.spent())
        .doesNotContain(REAL);
  }

  @Test
  void bothViewsOfARunAreJoined() {
    Failure agents = new Failure(Cause.AGENT_ERROR, "it ended with 1");
    Failure auth = new Failure(Cause.MODEL_AUTH, "401");
    Verdict good = new Verdict(Optional.empty(), "done", Optional.empty());
    Verdict bad = new Verdict(Optional.of(agents), "", Optional.empty());
    Verdict spent =
        new Verdict(Optional.of(new Failure(Cause.BUDGET_EXCEEDED, "x")), "", Optional.empty());
    Seen nothing = new Seen(0, 0, Optional.empty(), Optional.empty());
    Seen abandoned = new Seen(2, 0, Optional.empty(), Optional.empty());
    Seen refused = new Seen(2, 0, Optional.of(auth), Optional.empty());
    Seen refusedLater = new Seen(3, 1, Optional.of(auth), Optional.empty());
    Seen odd = new Seen(3, 1, Optional.of(new Failure(Cause.AGENT_ERROR, "400")), Optional.empty());
    assertThat(nothing.join(bad).failure()).contains(agents);
    assertThat(nothing.join(good).failure().orElseThrow().cause()).isEqualTo(Cause.AGENT_ERROR);
    assertThat(abandoned.join(good).failure().orElseThrow().message()).contains("never asked");
    assertThat(refused.join(good).failure()).contains(auth);
    assertThat(refused.join(bad).failure()).contains(auth);
    assertThat(refusedLater.join(good).failure()).isEmpty();
    assertThat(refusedLater.join(bad).failure()).contains(auth);
    assertThat(refusedLater.join(spent).failure()).isEqualTo(spent.failure());
    assertThat(odd.join(bad).failure()).contains(agents);
  }

  @Test
  void aCostIsTakenFromWhoKnowsItBest() {
    Usage agents = new Usage(1, 1, 1, OptionalDouble.of(0.5));
    Usage listed =
        new Usage(9, 8, 7, OptionalDouble.of(0.7), Optional.of(Usage.CostSource.PRICE_TABLE));
    Usage told = new Usage(9, 8, 7, OptionalDouble.of(0.9), Optional.of(Usage.CostSource.PROVIDER));
    Seen nothing = new Seen(0, 0, Optional.empty(), Optional.empty());
    assertThat(nothing.join(Optional.of(agents))).contains(agents);
    assertThat(seen(listed).join(Optional.empty())).contains(listed);
    assertThat(seen(told).join(Optional.of(agents))).contains(told);
    assertThat(seen(listed).join(Optional.of(agents)))
        .contains(new Usage(9, 8, 7, OptionalDouble.of(0.5), Optional.of(Usage.CostSource.AGENT)));
  }

  private static Seen seen(Usage usage) {
    return new Seen(1, 1, Optional.empty(), Optional.of(usage));
  }
}
