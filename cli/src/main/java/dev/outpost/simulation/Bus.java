package dev.outpost.simulation;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;

/** The installation's own bus on EventBridge: keeps what was put on it. */
final class Bus implements EventBridgeClient {
  private final List<PutEventsRequestEntry> entries = new ArrayList<>();

  @Override
  public PutEventsResponse putEvents(PutEventsRequest request) {
    if (request.entries().isEmpty() || request.entries().size() > 10) {
      throw new IllegalArgumentException("PutEvents takes 1 to 10 entries");
    }
    List<PutEventsResultEntry> results = new ArrayList<>();
    for (PutEventsRequestEntry entry : request.entries()) {
      entries.add(entry);
      results.add(PutEventsResultEntry.builder().eventId("event-" + entries.size()).build());
    }
    return PutEventsResponse.builder().failedEntryCount(0).entries(results).build();
  }

  List<PutEventsRequestEntry> entries() {
    return entries;
  }

  @Override
  public String serviceName() {
    return "events";
  }

  @Override
  public void close() {}
}
