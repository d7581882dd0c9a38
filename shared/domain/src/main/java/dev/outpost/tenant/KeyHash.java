package dev.outpost.tenant;

import java.util.Objects;

/** The SHA-256 of an API key, in lower-case hex: what the table knows of it. */
public record KeyHash(String value) {
  /** Refuses null. */
  public KeyHash {
    Objects.requireNonNull(value, "value");
  }
}
