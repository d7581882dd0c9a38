package dev.outpost.functions.api;

import dev.outpost.edge.Body;
import dev.outpost.edge.HttpRequest;
import java.util.List;
import java.util.Map;

/**
 * Requests that no client sent. None has an effect: they read what nobody has, which opens the way
 * to the store, or break a rule after everything on the way to admission was done.
 */
final class Rehearsal {
  private static final Map<String, String> NOBODY =
      Map.of(
          "access",
          "granted",
          "tenantId",
          "00000000-0000-0000-0000-000000000000",
          "keyId",
          "key_rehearsal",
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

  /** All of them. A dispatch's id begins with its time, so that the one here can't be. */
  static final List<HttpRequest> REQUESTS =
      List.of(
          request("GET", "/health", Body.NONE),
          request("GET", "/dispatch/dsp_00000000000000000000000000", Body.NONE),
          request("GET", "/dispatch", Body.NONE),
          request("POST", "/dispatch", REFUSED));

  private Rehearsal() {}

  private static HttpRequest request(String method, String path, Body body) {
    return new HttpRequest(
        method + " " + path, method, path, Map.of(), Map.of(), Map.of(), body, "rehearsal", NOBODY);
  }
}
