package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {
  private final Installation installation = new Installation();

  @AfterEach
  void close() {
    installation.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/dispatches",
        "/dispatch/",
        "/dispatch/a/b",
        "/artifacts",
        "/artifacts/",
        "/keys",
        "/tenants",
        "/webhooks/",
        "/webhooks/x/y",
        "/webhooks//deliveries",
        "/webhooks/x/deliveries/",
        "/webhooks/x/y/deliveries",
        "/webhooks/deliveries/x/rotate",
        "/usage",
        "/audit/",
        "/workspace",
        "/health/",
        "/health/fleet/x",
        "/Dispatch",
        "//dispatch",
        "/runner/claim"
      })
  void anUnknownPathIsNotFound(String path) {
    Reply reply = installation.get(path);
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.code()).isEqualTo("NOT_FOUND");
    assertThat(reply.header("X-Request-ID")).isEqualTo("UbWcJhqHFiAEPWg=");
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /dispatch, 'POST, GET, HEAD, OPTIONS'",
    "DELETE, /dispatch, 'POST, GET, HEAD, OPTIONS'",
    "POST, /dispatch/x, 'GET, DELETE, HEAD, OPTIONS'",
    "PATCH, /artifacts/x, 'GET, HEAD, OPTIONS'",
    "PUT, /webhooks, 'POST, GET, HEAD, OPTIONS'",
    "POST, /webhooks/deliveries, 'GET, DELETE, HEAD, OPTIONS'",
    "GET, /webhooks/x/rotate, 'POST, OPTIONS'",
    "DELETE, /webhooks/x/deliveries, 'GET, HEAD, OPTIONS'",
    "POST, /health, 'GET, HEAD, OPTIONS'",
    "BREW, /health/fleet, 'GET, HEAD, OPTIONS'"
  })
  void anotherMethodIsNotAllowed(String method, String path, String allowed) {
    Reply reply = installation.send(Event.of(method, path));
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.code()).isEqualTo("METHOD_NOT_ALLOWED");
    assertThat(reply.header("Allow")).isEqualTo(allowed);
  }

  @Test
  void optionsTellsTheMethodsToAnybody() {
    Reply reply = installation.send(Event.of("OPTIONS", "/dispatch").withoutAuthorizer());
    assertThat(reply.status()).isEqualTo(204);
    assertThat(reply.header("Allow")).isEqualTo("POST, GET, HEAD, OPTIONS");
    assertThat(reply.body()).isEmpty();
  }

  @Test
  void headIsAGetWithoutItsBody() {
    Reply reply = installation.send(Event.of("HEAD", "/dispatch"));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEmpty();
    assertThat(installation.send(Event.of("HEAD", "/dispatch/nonsense")).status()).isEqualTo(404);
    assertThat(installation.send(Event.of("HEAD", "/dispatch").withoutAuthorizer()).status())
        .isEqualTo(401);
  }
}
