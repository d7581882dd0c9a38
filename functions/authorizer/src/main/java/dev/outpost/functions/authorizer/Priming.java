package dev.outpost.functions.authorizer;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;

/**
 * Requests that a starting instance sends itself, so that the first client does not pay for loading
 * and compiling: many without a key, and one with a key that nobody has, which opens the way to the
 * store.
 */
final class Priming {
  private static final Logger LOG = System.getLogger(Priming.class.getName());

  /** Enough for the first compiler's counters; more costs a start without SnapStart time. */
  private static final int ROUNDS = 50;

  private static final String NOBODYS_KEY = "otp_" + "0".repeat(64);

  private Priming() {}

  static void run(AuthorizerFunction function) {
    try {
      for (int i = 0; i < ROUNDS; i++) {
        judge(function, "");
      }
      judge(function, NOBODYS_KEY);
    } catch (RuntimeException e) {
      // An instance that starts while the store is away will find it later.
      LOG.log(Level.WARNING, "the store does not answer", e);
    }
  }

  private static void judge(AuthorizerFunction function, String key) {
    String event =
        "{\"version\":\"2.0\",\"type\":\"REQUEST\",\"routeKey\":\"GET /dispatch\","
            + "\"rawPath\":\"/dispatch\",\"headers\":{\"x-api-key\":\""
            + key
            + "\"},"
            + "\"requestContext\":{\"http\":{\"method\":\"GET\"},\"requestId\":\"priming\"}}";
    try {
      function.handleRequest(
          new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)),
          OutputStream.nullOutputStream(),
          null);
    } catch (IOException e) {
      throw new UncheckedIOException("memory can always be read", e);
    }
  }
}
