package dev.outpost.edge;

/** The codes of the API's errors; a client may decide by them. */
public enum ErrorCode {
  /** The request breaks a rule; {@code details.errors} names each. */
  VALIDATION_ERROR(400),
  /** No key, or one that is good for nothing. */
  AUTHENTICATION_ERROR(401),
  /** The key is good, but not for this; or its tenant is suspended. */
  AUTHORIZATION_ERROR(403),
  /** There is no such thing, or it is another tenant's. */
  NOT_FOUND(404),
  /** The path exists, but not with that method; the {@code Allow} header names those it has. */
  METHOD_NOT_ALLOWED(405),
  /** The state of the thing does not allow it. */
  CONFLICT(409),
  /** The body is too large. */
  PAYLOAD_TOO_LARGE(413),
  /** The idempotency key came with another request before. */
  IDEMPOTENCY_MISMATCH(422),
  /** The tier's day is used up. */
  QUOTA_EXCEEDED(429),
  /** Too many requests in a short time. */
  RATE_LIMIT_EXCEEDED(429),
  /** A fault of Outpost's own. */
  INTERNAL_ERROR(500),
  /** The installation can't do that now. */
  SERVICE_UNAVAILABLE(503);

  private final int status;

  ErrorCode(int status) {
    this.status = status;
  }

  /** The HTTP status that goes with it. */
  public int status() {
    return status;
  }
}
