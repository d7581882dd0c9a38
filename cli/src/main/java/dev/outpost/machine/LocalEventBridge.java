package dev.outpost.machine;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;
import software.amazon.event.ruler.Ruler;

/**
 * EventBridge on one machine: buses whose rules match with AWS's own matcher. Safe for use by many
 * threads; a target is called on the thread that puts the event.
 */
final class LocalEventBridge implements EventBridgeClient {
  /** The bus that AWS services put their events on. */
  static final String DEFAULT_BUS = "default";

  private final List<Rule> rules;
  private final InstantSource clock;

  /** With these rules. */
  LocalEventBridge(List<Rule> rules, InstantSource clock) {
    this.rules = List.copyOf(rules);
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * A rule.
   *
   * @param bus the bus it listens to
   * @param pattern the event pattern, as it is deployed
   * @param target what gets a matching event, as JSON text
   */
  record Rule(String bus, String pattern, Consumer<String> target) {
    Rule {
      Objects.requireNonNull(bus, "bus");
      Objects.requireNonNull(pattern, "pattern");
      Objects.requireNonNull(target, "target");
    }
  }

  /** Puts a whole event on a bus, as AWS services do; an exception is that of a target. */
  void put(String bus, String event) {
    for (Rule rule : rules) {
      if (rule.bus().equals(bus) && matches(rule, event)) {
        rule.target().accept(event);
      }
    }
  }

  private static boolean matches(Rule rule, String event) {
    try {
      return Ruler.matchesRule(event, rule.pattern());
    } catch (Exception e) {
      throw new IllegalStateException("a rule of bus " + rule.bus() + " is malformed", e);
    }
  }

  @Override
  public PutEventsResponse putEvents(PutEventsRequest request) {
    List<PutEventsResultEntry> results = new ArrayList<>();
    for (PutEventsRequestEntry entry : request.entries()) {
      String id = UUID.randomUUID().toString();
      put(entry.eventBusName() == null ? DEFAULT_BUS : entry.eventBusName(), event(id, entry));
      results.add(PutEventsResultEntry.builder().eventId(id).build());
    }
    return PutEventsResponse.builder().failedEntryCount(0).entries(results).build();
  }

  private String event(String id, PutEventsRequestEntry entry) {
    try {
      Map<String, Object> event = new LinkedHashMap<>();
      event.put("version", "0");
      event.put("id", id);
      event.put("detail-type", entry.detailType());
      event.put("source", entry.source());
      event.put("account", "000000000000");
      event.put("time", (entry.time() == null ? clock.instant() : entry.time()).toString());
      event.put("region", "local");
      event.put("resources", entry.resources());
      event.put("detail", JSON.std.mapFrom(entry.detail()));
      return JSON.std.asString(event);
    } catch (IOException e) {
      throw new UncheckedIOException("an event's detail must be a JSON object", e);
    }
  }

  @Override
  public String serviceName() {
    return "events";
  }

  @Override
  public void close() {}
}
