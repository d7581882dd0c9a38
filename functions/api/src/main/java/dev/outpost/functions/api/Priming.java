package dev.outpost.functions.api;

import dev.outpost.edge.Body;
import dev.outpost.edge.HttpRequest;
import java.util.Map;

/**
 * Requests that a starting instance sends itself, so that the first client does not pay for loading
 * and compiling. None has an effect: one asks for the health, which opens the way to the store; the
 * others break a rule after everything on the way to admission was done.
 */
final class Priming {
  /** Enough for the first compiler's counters; more costs a start without SnapStart time. */
  private static final int ROUNDS = 50;

  private static final Map<String, String> NOBODY =
      Map.of(
          "access",
          "granted",
          "tenantId",
          "00000000-0000-0000-0000-000000000000",
          "keyId",
          "key_priming",
          "scopes",
          "admin",
          "tier",
          "free");

  /** The timeout is the one thing that is wrong. */
  private static final Body REFUSED =
      Body.ofText(
          """
          {"agent":"claude","task":"An instance starts.","repo":"owner/name","branch":"main",
           "tags":{"a":"b"},"idempotencyKey":"k","timeoutSeconds":1}""");

  private Priming() {}

  static void run(Api api) {
    api.answer(request("GET", "/health", Body.NONE));
    for (int i = 0; i < ROUNDS; i++) {
      api.answer(refused());
    }
  }

  /** A request that goes all the way but the last step. */
  static HttpRequest refused() {
    return request("POST", "/dispatch", REFUSED);
  }

  private static HttpRequest request(String method, String path, Body body) {
    return new HttpRequest(
        method + " " + path, method, path, Map.of(), Map.of(), Map.of(), body, "priming", NOBODY);
  }
}
