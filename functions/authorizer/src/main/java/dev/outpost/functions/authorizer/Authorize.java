package dev.outpost.functions.authorizer;

import dev.outpost.dispatch.Day;
import dev.outpost.tenant.Access;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.ApiKeys;
import dev.outpost.tenant.KeyHash;
import dev.outpost.tenant.KeySecret;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;

/** Says what a request's key is good for. Safe for use by many threads. */
public final class Authorize {
  private static final Logger LOG = System.getLogger(Authorize.class.getName());
  private static final String BEARER = "bearer ";

  private final ApiKeys keys;
  private final InstantSource clock;

  /** The use case on that port. */
  public Authorize(ApiKeys keys, InstantSource clock) {
    this.keys = Objects.requireNonNull(keys, "keys");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * Judges the key of a request, by one strongly consistent read.
   *
   * <p>A request with two different keys has none: whichever we chose, the client might mean the
   * other.
   *
   * @param apiKey the header {@code X-API-Key}
   * @param authorization the header {@code Authorization}; of another scheme than Bearer it is
   *     somebody else's
   * @throws RuntimeException when the store can't be read: then nobody knows
   */
  public Verdict judge(Optional<String> apiKey, Optional<String> authorization) {
    Optional<String> header = apiKey.map(String::strip).filter(text -> !text.isEmpty());
    Optional<String> bearer = authorization.flatMap(Authorize::bearer);
    if (header.isEmpty() && bearer.isEmpty()) {
      return new Verdict.Refused(Access.MISSING);
    }
    if (header.isPresent() && bearer.isPresent() && !header.equals(bearer)) {
      return new Verdict.Refused(Access.UNKNOWN);
    }
    Optional<KeyHash> hash = KeySecret.parse(header.orElseGet(bearer::get)).map(KeySecret::hash);
    Optional<ApiKey> key = hash.flatMap(keys::find);
    if (key.isEmpty()) {
      return new Verdict.Refused(Access.UNKNOWN);
    }
    Instant now = clock.instant();
    Access access = key.get().access(now);
    if (access != Access.GRANTED) {
      return new Verdict.Refused(access);
    }
    touch(key.get(), Day.of(now).date());
    return new Verdict.Granted(key.get());
  }

  /** Notes the key's use, once a day; that it can't be noted is no reason to refuse. */
  private void touch(ApiKey key, LocalDate today) {
    if (key.lastUsed().isPresent() && !key.lastUsed().get().isBefore(today)) {
      return;
    }
    try {
      keys.used(key.hash(), today);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "the use of key " + key.keyId() + " can't be noted now", e);
    }
  }

  private static Optional<String> bearer(String authorization) {
    String text = authorization.strip();
    if (!text.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Optional.empty();
    }
    return Optional.of(text.substring(BEARER.length()).strip()).filter(key -> !key.isEmpty());
  }

  /** What a key is good for. */
  public sealed interface Verdict {
    /**
     * For all that its scopes allow.
     *
     * @param key the key
     */
    record Granted(ApiKey key) implements Verdict {
      /** Refuses null. */
      public Granted {
        Objects.requireNonNull(key, "key");
      }
    }

    /**
     * For nothing.
     *
     * @param why why not
     */
    record Refused(Access why) implements Verdict {
      /** Refuses null. */
      public Refused {
        Objects.requireNonNull(why, "why");
      }
    }
  }
}
