package dev.outpost.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class HttpRequestTest {
  private static final Path EVENTS = Path.of(System.getProperty("outpost.root"), "events");

  @Test
  void aRequestEventIsReadWithItsCaller() throws Exception {
    HttpRequest request;
    try (InputStream event = Files.newInputStream(EVENTS.resolve("api.json"))) {
      request = HttpRequest.read(event);
    }
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/dispatch");
    assertThat(request.routeKey()).isEqualTo("POST /dispatch");
    assertThat(request.requestId()).isEqualTo("UbWcJhqHFiAEPWg=");
    assertThat(request.header("x-api-key").orElseThrow()).startsWith("otp_");
    assertThat(request.authorizer())
        .containsEntry("access", "granted")
        .containsEntry("tier", "starter");
    assertThat(Json.object(request.body().text()).get("agent")).isEqualTo("claude");
  }

  @Test
  void anAuthorisersEventHasNoBodyAndNoCaller() throws Exception {
    try (InputStream event = Files.newInputStream(EVENTS.resolve("authorizer.json"))) {
      HttpRequest request = HttpRequest.read(event);
      assertThat(request.body().isEmpty()).isTrue();
      assertThat(request.authorizer()).isEmpty();
      assertThat(request.header("x-api-key")).isPresent();
    }
  }

  @Test
  void headerNamesAreLowerCased() throws IOException {
    assertThat(read("\"headers\":{\"X-API-Key\":\"k\"}").header("x-api-key")).contains("k");
  }

  @Test
  void aRepeatedParameterIsOneJoinedByCommas() throws IOException {
    assertThat(read("\"queryStringParameters\":{\"tag\":\"a,b\"}").query())
        .containsEntry("tag", "a,b");
  }

  @Test
  void theNameOfAStageIsNoPartOfThePath() throws IOException {
    String staged = "\"rawPath\":\"/dev/dispatch\",\"requestContext\":{\"stage\":\"dev\"}";
    assertThat(read(staged).path()).isEqualTo("/dispatch");
    String other = "\"rawPath\":\"/devices\",\"requestContext\":{\"stage\":\"dev\"}";
    assertThat(read(other).path()).isEqualTo("/devices");
  }

  @Test
  void aBodyInBase64IsDecoded() throws Exception {
    String encoded =
        Base64.getEncoder().encodeToString("{\"task\":\"ä\"}".getBytes(StandardCharsets.UTF_8));
    Body body = read("\"body\":\"" + encoded + "\",\"isBase64Encoded\":true").body();
    assertThat(body.text()).isEqualTo("{\"task\":\"ä\"}");
    assertThat(body.size()).isEqualTo(13);
  }

  @Test
  void aBodyThatIsNotUtf8IsRefusedOnlyWhenItIsRead() throws IOException {
    String encoded = Base64.getEncoder().encodeToString(new byte[] {(byte) 0xC3, 0x28});
    Body body = read("\"body\":\"" + encoded + "\",\"isBase64Encoded\":true").body();
    assertThat(body.size()).isEqualTo(2);
    assertThatThrownBy(body::text).isInstanceOf(MalformedJson.class).hasMessage("it is not UTF-8");
  }

  @Test
  void anotherFormatIsAFaultOfTheConfiguration() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HttpRequest.read(stream("{\"version\":\"1.0\"}")))
        .withMessageContaining("2.0");
    assertThatIllegalArgumentException().isThrownBy(() -> HttpRequest.read(stream("[]")));
  }

  @Test
  void aRequestPrintsNoHeaderAndNoBody() throws IOException {
    HttpRequest request = read("\"headers\":{\"x-api-key\":\"secret\"},\"body\":\"secret\"");
    assertThat(request.toString()).doesNotContain("secret");
  }

  private static HttpRequest read(String fields) throws IOException {
    return HttpRequest.read(stream("{\"version\":\"2.0\"," + fields + "}"));
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
