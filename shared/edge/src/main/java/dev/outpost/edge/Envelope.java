package dev.outpost.edge;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The form of every answer of the API: {@code {"success":true,"data":…,"meta":…}} or {@code
 * {"success":false,"error":…,"meta":…}}. Safe for use by many threads.
 */
public final class Envelope {
  private final InstantSource clock;

  /** Envelopes stamped by that clock. */
  public Envelope(InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** A success without headers of its own. */
  public HttpResponse success(int status, Map<String, ?> data, String requestId) {
    return success(status, data, requestId, Map.of());
  }

  /**
   * A success.
   *
   * @param data the data, of values that JSON knows
   * @param requestId API Gateway's id of the request
   * @param headers headers that belong to the answer
   */
  public HttpResponse success(
      int status, Map<String, ?> data, String requestId, Map<String, String> headers) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("success", true);
    body.put("data", data);
    return enclose(status, body, requestId, headers);
  }

  /** An error. */
  public HttpResponse error(ApiError error, String requestId) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("code", error.code().name());
    told.put("message", error.message());
    if (!error.details().isEmpty()) {
      told.put("details", error.details());
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("success", false);
    body.put("error", told);
    Map<String, String> headers = new LinkedHashMap<>(error.headers());
    if (error.code() == ErrorCode.AUTHENTICATION_ERROR) {
      // A 401 must say how to authenticate (RFC 9110, section 11.6.1).
      headers.put("WWW-Authenticate", "Bearer realm=\"outpost\"");
    }
    return enclose(error.code().status(), body, requestId, headers);
  }

  /** A body without the envelope, as the health endpoints have it, under the same headers. */
  public HttpResponse bare(int status, Map<String, ?> body, String requestId) {
    return response(status, body, requestId, Map.of());
  }

  private HttpResponse enclose(
      int status, Map<String, Object> body, String requestId, Map<String, String> headers) {
    Map<String, Object> meta = new LinkedHashMap<>();
    meta.put("requestId", requestId);
    meta.put("timestamp", WireTime.of(clock.instant()));
    body.put("meta", meta);
    return response(status, body, requestId, headers);
  }

  private static HttpResponse response(
      int status, Map<String, ?> body, String requestId, Map<String, String> headers) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Content-Type", "application/json");
    // Answers are one tenant's, and some hold URLs that open its artifacts.
    all.put("Cache-Control", "no-store");
    all.put("X-Request-ID", requestId);
    return new HttpResponse(status, all, Json.text(body));
  }
}
