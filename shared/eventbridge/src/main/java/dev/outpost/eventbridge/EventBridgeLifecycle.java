package dev.outpost.eventbridge;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.relay.LifecycleBus;
import dev.outpost.relay.LifecycleEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;

/** The installation's event bus on EventBridge. Safe for use by many threads. */
public final class EventBridgeLifecycle implements LifecycleBus {
  /** What our events have as their source. */
  public static final String SOURCE = "outpost";

  /** What our events have as their detail type. */
  public static final String DETAIL_TYPE = "Dispatch Status Change";

  /** Most entries of one call (EventBridge: PutEvents). */
  private static final int MAX_ENTRIES = 10;

  private final EventBridgeClient client;
  private final String busName;

  /** On that bus. */
  public EventBridgeLifecycle(EventBridgeClient client, String busName) {
    this.client = Objects.requireNonNull(client, "client");
    this.busName = Objects.requireNonNull(busName, "busName");
  }

  @Override
  public void publish(List<LifecycleEvent> events) {
    for (int from = 0; from < events.size(); from += MAX_ENTRIES) {
      List<PutEventsRequestEntry> entries = new ArrayList<>();
      for (LifecycleEvent event :
          events.subList(from, Math.min(from + MAX_ENTRIES, events.size()))) {
        entries.add(entry(event));
      }
      PutEventsResponse response = client.putEvents(request -> request.entries(entries));
      if (response.failedEntryCount() != null && response.failedEntryCount() > 0) {
        // PutEvents answers 200 although entries were refused.
        throw new IllegalStateException(response.failedEntryCount() + " events were not taken");
      }
    }
  }

  private PutEventsRequestEntry entry(LifecycleEvent event) {
    Map<String, Object> detail = new LinkedHashMap<>(event.told());
    detail.put("tenantId", event.tenantId().value());
    try {
      return PutEventsRequestEntry.builder()
          .eventBusName(busName)
          .source(SOURCE)
          .detailType(DETAIL_TYPE)
          .time(event.at())
          .detail(JSON.std.asString(detail))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory cannot fail", e);
    }
  }
}
