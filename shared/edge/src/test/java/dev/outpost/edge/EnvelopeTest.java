package dev.outpost.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EnvelopeTest {
  private static final Instant NOW = Instant.parse("2026-11-22T21:20:30Z");
  private final Envelope envelope = new Envelope(() -> NOW);

  @Test
  void aSuccessCarriesDataAndMeta() {
    HttpResponse response =
        envelope.success(201, Map.of("id", 1), "req-1", Map.of("Location", "/x"));
    assertThat(response.status()).isEqualTo(201);
    assertThat(response.body())
        .isEqualTo(
            """
            {"success":true,"data":{"id":1},"meta":{"requestId":"req-1","timestamp":"2026-11-22T21:20:30.000Z"}}""");
    assertThat(response.headers())
        .containsEntry("X-Request-ID", "req-1")
        .containsEntry("Content-Type", "application/json")
        .containsEntry("Location", "/x");
  }

  @ParameterizedTest
  @EnumSource
  void everyErrorHasItsStatusAndTheRequestId(ErrorCode code) {
    HttpResponse response = envelope.error(new ApiError(code, "No."), "req-1");
    assertThat(response.status()).isEqualTo(code.status());
    assertThat(response.body())
        .startsWith(
            "{\"success\":false,\"error\":{\"code\":\""
                + code
                + "\",\"message\":\"No.\"},\"meta\"");
    assertThat(response.headers()).containsEntry("X-Request-ID", "req-1");
    assertThat(response.headers().containsKey("WWW-Authenticate"))
        .isEqualTo(code == ErrorCode.AUTHENTICATION_ERROR);
  }

  @Test
  void allMistakesAreToldAtOnce() {
    ApiError error =
        ApiError.validation(
            List.of(new FieldError("agent", "is missing"), new FieldError("task", "is missing")));
    assertThat(envelope.error(error, "r").body())
        .contains("\"path\":\"agent\"")
        .contains("\"path\":\"task\"");
  }

  @Test
  void aUsedUpDaySaysWhenToComeBack() {
    ApiError error = ApiError.dayUsedUp(10, 0, Instant.parse("2026-11-23T00:00:00Z"), NOW);
    assertThat(envelope.error(error, "r").headers())
        .containsEntry("Retry-After", "9571")
        .containsEntry("RateLimit-Limit", "10")
        .containsEntry("RateLimit-Remaining", "0")
        .containsEntry("RateLimit-Reset", "9571");
  }

  @Test
  void theAnswerHasTheShapeOfPayloadFormatTwo() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    envelope.success(200, Map.of(), "r").writeTo(out);
    Map<?, ?> answer = Json.object(new ByteArrayInputStream(out.toByteArray()));
    assertThat(answer.get("statusCode")).isEqualTo(200);
    assertThat(answer.get("isBase64Encoded")).isEqualTo(false);
    assertThat(answer.get("headers")).isInstanceOf(Map.class);
    assertThat(answer.get("body")).isInstanceOf(String.class);
  }
}
