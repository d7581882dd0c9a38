package dev.outpost.dispatch;

import java.util.Objects;

/**
 * A client's word for one intended dispatch, and what it asked for under it.
 *
 * @param key the client's word, 1 to {@value #MAX_LENGTH} characters, unique within the tenant
 * @param payloadHash the SHA-256 of the request that came with it, in hex
 */
public record IdempotencyKey(String key, String payloadHash) {
  /** Longest key, in characters. */
  public static final int MAX_LENGTH = 128;

  /** Refuses nulls. */
  public IdempotencyKey {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(payloadHash, "payloadHash");
  }
}
