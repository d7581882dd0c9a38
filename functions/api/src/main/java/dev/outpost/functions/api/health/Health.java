package dev.outpost.functions.api.health;

import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Dispatches;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Whether this function instance lives, and whether it can do its work: the store answers. Safe for
 * use by many threads.
 */
public final class Health {
  private static final Logger LOG = System.getLogger(Health.class.getName());

  /** Anybody may ask, so that the store is asked seldom. */
  private static final Duration MAX_AGE = Duration.ofSeconds(5);

  /** An id that is never given: the cheapest read there is. */
  private static final DispatchId NOBODY = DispatchId.floor(Instant.EPOCH);

  private final String version;
  private final InstantSource clock;
  private final Instant startedAt;
  private final Cached<Map<String, Object>> store;

  /** Of a function instance that starts now and stands on that store. */
  public Health(String version, Dispatches dispatches, InstantSource clock) {
    this.version = Objects.requireNonNull(version, "version");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.startedAt = clock.instant();
    Objects.requireNonNull(dispatches, "dispatches");
    this.store = new Cached<>(() -> look(dispatches, clock), MAX_AGE, clock);
  }

  /** That the function answers at all. */
  public Map<String, Object> live() {
    return body("healthy");
  }

  /** With the result of each check. */
  public Map<String, Object> full() {
    Map<String, Object> check = store.get();
    Map<String, Object> body = body(String.valueOf(check.get("status")));
    body.put("checks", Map.of("store", check));
    return body;
  }

  /** Whether such a body tells of health. */
  public static boolean isHealthy(Map<String, Object> body) {
    return "healthy".equals(body.get("status"));
  }

  private Map<String, Object> body(String status) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", status);
    body.put("version", version);
    body.put("uptime", Duration.between(startedAt, clock.instant()).toSeconds());
    return body;
  }

  private static Map<String, Object> look(Dispatches dispatches, InstantSource clock) {
    Instant begin = clock.instant();
    Map<String, Object> check = new LinkedHashMap<>();
    try {
      dispatches.find(NOBODY);
      check.put("status", "healthy");
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "the store does not answer", e);
      check.put("status", "unhealthy");
    }
    check.put("durationMs", Duration.between(begin, clock.instant()).toMillis());
    return check;
  }
}
