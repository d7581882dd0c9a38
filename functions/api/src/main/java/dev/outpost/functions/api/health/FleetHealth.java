package dev.outpost.functions.api.health;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Availability;
import dev.outpost.agent.Catalogue;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Status;
import dev.outpost.fleet.Endings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How the agents are doing: what is open now, and what ended within the last hour. A part that
 * can't be read is null, and the whole is then called degraded. Safe for use by many threads.
 */
public final class FleetHealth {
  private static final Logger LOG = System.getLogger(FleetHealth.class.getName());
  private static final Duration MAX_AGE = Duration.ofSeconds(30);

  private final Catalogue catalogue;
  private final Set<String> agentsOn;
  private final Availability availability;
  private final Dispatches dispatches;
  private final Endings endings;
  private final InstantSource clock;
  private final Cached<Map<String, Object>> body;

  /**
   * Of an installation.
   *
   * @param agentsOn ids of the agents that may be dispatched to
   */
  public FleetHealth(
      Catalogue catalogue,
      Set<String> agentsOn,
      Availability availability,
      Dispatches dispatches,
      Endings endings,
      InstantSource clock) {
    this.catalogue = Objects.requireNonNull(catalogue, "catalogue");
    this.agentsOn = Set.copyOf(agentsOn);
    this.availability = Objects.requireNonNull(availability, "availability");
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.endings = Objects.requireNonNull(endings, "endings");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.body = new Cached<>(this::look, MAX_AGE, clock);
  }

  /** The fleet's health, at most half a minute old. */
  public Map<String, Object> get() {
    return body.get();
  }

  private Map<String, Object> look() {
    Optional<Map<String, Map<Status, Integer>>> open = part("open", dispatches::open);
    Optional<List<Endings.Count>> ended = part("endings", () -> endings.lastHour(clock.instant()));
    List<Map<String, Object>> agents = new ArrayList<>();
    for (Agent agent : catalogue.agents()) {
      agents.add(agent(agent, open, ended));
    }
    Map<String, Object> look = new LinkedHashMap<>();
    look.put("success", true);
    look.put("status", open.isPresent() && ended.isPresent() ? "healthy" : "degraded");
    look.put("pool", pool());
    look.put("agents", agents);
    look.put("dispatches", counts(open, ended));
    return look;
  }

  /** Tasks are started for one dispatch each; none waits in advance. */
  private static Map<String, Object> pool() {
    Map<String, Object> pool = new LinkedHashMap<>();
    pool.put("totalTasks", 0);
    pool.put("idleTasks", 0);
    pool.put("busyTasks", 0);
    pool.put("startingTasks", 0);
    return pool;
  }

  private Map<String, Object> agent(
      Agent agent,
      Optional<Map<String, Map<Status, Integer>>> open,
      Optional<List<Endings.Count>> ended) {
    Optional<String> missing = missing(agent);
    long total = 0;
    long successes = 0;
    Duration ran = Duration.ZERO;
    for (Endings.Count count : ended.orElse(List.of())) {
      if (count.agent().equals(agent.id())) {
        total += count.dispatches();
        successes += count.status() == Status.SUCCESS ? count.dispatches() : 0;
        ran = ran.plus(count.ran());
      }
    }
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("agent", agent.id());
    shown.put("available", missing.isEmpty());
    shown.put("reason", missing.orElse(null));
    shown.put("modelId", agent.defaultModel().orElse(null));
    shown.put("active", open.map(counts -> active(counts, agent.id())).orElse(null));
    shown.put("successRate", total == 0 ? null : (double) successes / total);
    shown.put("avgDurationMs", total == 0 ? null : ran.toMillis() / total);
    return shown;
  }

  private Optional<String> missing(Agent agent) {
    if (!agentsOn.contains(agent.id())) {
      return Optional.of("The agent is not enabled on this installation.");
    }
    return part("availability", () -> availability.missing(agent))
        .orElse(Optional.of("Whether it is available can't be told now."));
  }

  private static int active(Map<String, Map<Status, Integer>> open, String agent) {
    int active = 0;
    for (Map.Entry<Status, Integer> entry : open.getOrDefault(agent, Map.of()).entrySet()) {
      active += entry.getKey() == Status.PENDING ? 0 : entry.getValue();
    }
    return active;
  }

  /** Open statuses as they are now, terminal ones as they were reached within the last hour. */
  private static Map<String, Object> counts(
      Optional<Map<String, Map<Status, Integer>>> open, Optional<List<Endings.Count>> ended) {
    Map<Status, Long> byStatus = new EnumMap<>(Status.class);
    long lastHour = 0;
    for (Map<Status, Integer> counts : open.orElse(Map.of()).values()) {
      counts.forEach((status, number) -> byStatus.merge(status, (long) number, Long::sum));
    }
    for (Endings.Count count : ended.orElse(List.of())) {
      byStatus.merge(count.status(), count.dispatches(), Long::sum);
      lastHour += count.dispatches();
    }
    Map<String, Object> shown = new LinkedHashMap<>();
    for (Status status : Status.values()) {
      boolean known = status.isTerminal() ? ended.isPresent() : open.isPresent();
      shown.put(status.wire(), known ? byStatus.getOrDefault(status, 0L) : null);
    }
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("lastHourTotal", ended.isPresent() ? lastHour : null);
    counts.put("byStatus", shown);
    return counts;
  }

  private static <T> Optional<T> part(String name, Supplier<T> source) {
    try {
      return Optional.of(source.get());
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "the fleet's health lacks a part: " + name, e);
      return Optional.empty();
    }
  }
}
