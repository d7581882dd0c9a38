package dev.outpost.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;

class LocalEventBridgeTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final String TASK_EVENTS =
      "{\"source\":[\"aws.ecs\"],\"detail-type\":[\"ECS Task State Change\"]}";
  private static final String ENDED =
      "{\"source\":[\"outpost\"],\"detail\":{\"status\":[\"success\",\"failed\"]}}";

  private final List<String> ended = new ArrayList<>();
  private final List<String> tasks = new ArrayList<>();
  private final LocalEventBridge bridge =
      new LocalEventBridge(
          List.of(
              new LocalEventBridge.Rule("outpost-local", ENDED, ended::add),
              new LocalEventBridge.Rule(LocalEventBridge.DEFAULT_BUS, TASK_EVENTS, tasks::add)),
          () -> NOW);

  @Test
  void anEventGoesToTheRulesOfItsBusThatMatch() {
    PutEventsResponse response =
        bridge.putEvents(
            r ->
                r.entries(
                    entry("outpost-local", "success"),
                    entry("outpost-local", "running"),
                    entry("another", "success")));
    assertThat(response.failedEntryCount()).isZero();
    assertThat(response.entries()).hasSize(3).allSatisfy(e -> assertThat(e.eventId()).isNotEmpty());
    assertThat(ended).hasSize(1);
    assertThat(Json.read(ended.getFirst()))
        .containsEntry("id", response.entries().getFirst().eventId())
        .containsEntry("version", "0")
        .containsEntry("source", "outpost")
        .containsEntry("detail-type", "Dispatch Status Changed")
        .containsEntry("time", NOW.toString())
        .containsEntry("detail", Map.of("status", "success"));
  }

  @Test
  void aServicesEventIsRoutedAsItIs() {
    String event =
        "{\"source\":\"aws.ecs\",\"detail-type\":\"ECS Task State Change\",\"detail\":{}}";
    bridge.put(LocalEventBridge.DEFAULT_BUS, event);
    bridge.put(LocalEventBridge.DEFAULT_BUS, event.replace("aws.ecs", "aws.ec2"));
    assertThat(tasks).containsExactly(event);
  }

  @Test
  void aTargetThatFailsIsHeardOf() {
    LocalEventBridge failing =
        new LocalEventBridge(
            List.of(
                new LocalEventBridge.Rule(
                    "outpost-local",
                    ENDED,
                    _ -> {
                      throw new IllegalStateException("not now");
                    })),
            () -> NOW);
    assertThatThrownBy(() -> failing.putEvents(r -> r.entries(entry("outpost-local", "failed"))))
        .hasMessage("not now");
  }

  private static PutEventsRequestEntry entry(String bus, String status) {
    return PutEventsRequestEntry.builder()
        .eventBusName(bus)
        .source("outpost")
        .detailType("Dispatch Status Changed")
        .detail("{\"status\":\"" + status + "\"}")
        .build();
  }
}
