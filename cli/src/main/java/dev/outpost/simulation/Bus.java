package dev.outpost.simulation;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.dispatch.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;

/** The installation's own bus on EventBridge: keeps what was put on it. */
final class Bus implements EventBridgeClient {
  private final List<PutEventsRequestEntry> entries = new ArrayList<>();
  private final Map<String, Status> told = new HashMap<>();

  @Override
  public PutEventsResponse putEvents(PutEventsRequest request) {
    if (request.entries().isEmpty() || request.entries().size() > 10) {
      throw new IllegalArgumentException("PutEvents takes 1 to 10 entries");
    }
    List<PutEventsResultEntry> results = new ArrayList<>();
    for (PutEventsRequestEntry entry : request.entries()) {
      entries.add(entry);
      tell(entry.detail());
      results.add(PutEventsResultEntry.builder().eventId("event-" + entries.size()).build());
    }
    return PutEventsResponse.builder().failedEntryCount(0).entries(results).build();
  }

  private void tell(String detail) {
    try {
      Map<String, Object> event = JSON.std.mapFrom(detail);
      told.put(
          event.get("dispatchId") + "#" + event.get("version"),
          Status.of((String) event.get("status")).orElseThrow());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Which status it was told of each dispatch and version, {@code id#version}. */
  Map<String, Status> told() {
    return told;
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
