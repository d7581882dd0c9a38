package dev.outpost.functions.authorizer;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Requests that no client sent. */
final class Rehearsal {
  /** A key that is nobody's: keys are random. */
  static final String NOBODYS_KEY = "otp_" + "0".repeat(64);

  private Rehearsal() {}

  /** A request with that key. */
  static InputStream event(String key) {
    String event =
        "{\"version\":\"2.0\",\"type\":\"REQUEST\",\"routeKey\":\"GET /dispatch\","
            + "\"rawPath\":\"/dispatch\",\"headers\":{\"x-api-key\":\""
            + key
            + "\"},"
            + "\"requestContext\":{\"http\":{\"method\":\"GET\"},\"requestId\":\"rehearsal\"}}";
    return new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8));
  }
}
