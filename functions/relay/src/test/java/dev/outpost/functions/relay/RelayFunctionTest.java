package dev.outpost.functions.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Status;
import dev.outpost.edge.CatalogueFile;
import dev.outpost.embedded.Installation;
import dev.outpost.eventbridge.EventBridgeLifecycle;
import dev.outpost.fleet.Endings;
import dev.outpost.launch.WakeWaiting;
import dev.outpost.relay.FallBack;
import dev.outpost.relay.Relay;
import dev.outpost.relay.Tell;
import dev.outpost.tenant.Tier;
import dev.outpost.webhook.Webhook;
import dev.outpost.webhook.WebhookId;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;

class RelayFunctionTest {
  private final Installation installation = new Installation(Tier.FREE);
  private final MemoryEventBridge bridge = new MemoryEventBridge();
  private final RelayFunction function =
      new RelayFunction(
          new Relay(
              installation.launchQueue(),
              new WakeWaiting(
                  installation.dispatches(),
                  installation.tenants(),
                  installation.launchQueue(),
                  installation),
              new Tell(
                  installation.dispatches(),
                  installation.announce(),
                  new EventBridgeLifecycle(bridge, "outpost-prod"),
                  new FallBack(
                      installation.dispatches(),
                      installation.tenants(),
                      CatalogueFile.packaged(),
                      installation.launchQueue()),
                  Relay.USUALLY_PUBLISHED,
                  installation),
              installation.endings()));

  /** EventBridge's PutEvents, which may refuse entries although it answers 200. */
  private static final class MemoryEventBridge implements EventBridgeClient {
    private final List<PutEventsRequestEntry> taken = new ArrayList<>();
    private boolean refuseNext;

    @Override
    public PutEventsResponse putEvents(PutEventsRequest request) {
      if (refuseNext) {
        refuseNext = false;
        return PutEventsResponse.builder().failedEntryCount(request.entries().size()).build();
      }
      taken.addAll(request.entries());
      return PutEventsResponse.builder().failedEntryCount(0).build();
    }

    @Override
    public String serviceName() {
      return "events";
    }

    @Override
    public void close() {}
  }

  private static DynamodbEvent sample() throws IOException {
    Path file = Path.of(System.getProperty("outpost.root"), "events", "relay.json");
    try (InputStream in = Files.newInputStream(file)) {
      return LambdaEventSerializers.serializerFor(
              DynamodbEvent.class, RelayFunctionTest.class.getClassLoader())
          .fromJson(in);
    }
  }

  @Test
  void aWebhookOfTheTenantsIsToBeToldOfTheSamplesEndOnceHoweverOftenItComes() throws IOException {
    Webhook webhook =
        Webhook.of(
            new WebhookId("whk_01KANWJ0M8Q2Z5Y7X3C9D4E6FG"),
            Installation.SAMPLE_TENANT,
            URI.create("https://listener.example/outpost"),
            Set.of(Status.FAILED),
            Instant.EPOCH);
    installation.webhooks().change(Installation.SAMPLE_TENANT, _ -> List.of(webhook));
    function.handleRequest(sample(), null);
    function.handleRequest(sample(), null);
    assertThat(
            installation
                .deliveries()
                .list(Installation.SAMPLE_TENANT, webhook.id(), Optional.empty(), 9))
        .singleElement()
        .satisfies(
            delivery -> {
              assertThat(delivery.event().id()).isEqualTo(Installation.SAMPLE_ID);
              assertThat(installation.toDeliver())
                  .hasSize(2)
                  .allMatch(message -> message.contains(delivery.id().value()));
            });
  }

  @Test
  void theSampleEventTellsTheBusAndWakesTheNextWaitingDispatch() throws IOException {
    DispatchId waiting = installation.accept();
    DispatchId later = installation.accept();
    assertThat(function.handleRequest(sample(), null).getBatchItemFailures()).isEmpty();
    assertThat(installation.enqueued()).containsExactly(waiting).doesNotContain(later);
    assertThat(bridge.taken).hasSize(1);
    PutEventsRequestEntry told = bridge.taken.getFirst();
    assertThat(told.source()).isEqualTo("outpost");
    assertThat(told.eventBusName()).isEqualTo("outpost-prod");
    Map<String, Object> detail = JSON.std.mapFrom(told.detail());
    assertThat(detail)
        .containsEntry("dispatchId", Installation.SAMPLE_ID.value())
        .containsEntry("status", "failed")
        .containsEntry("cause", "spot_interruption");
    assertThat(told.detail()).doesNotContain("hello.txt");
  }

  @Test
  void whatTheStreamMayHaveGivenUpIsToldOnceMoreWithTheEnd() throws IOException {
    installation.pass(Tell.BROUGHT_WITHIN);
    function.handleRequest(sample(), null);
    assertThat(bridge.taken)
        .extracting(entry -> JSON.std.mapFrom(entry.detail()).get("status"))
        .containsExactly("running", "failed");
  }

  @Test
  void theEndIsCountedForTheFleetsHealth() throws IOException {
    function.handleRequest(sample(), null);
    assertThat(installation.endings().lastHour(Instant.parse("2026-11-22T10:02:00Z")))
        .containsExactly(new Endings.Count("script", Status.FAILED, 1, Duration.ofSeconds(55)));
  }

  @Test
  void entriesThatTheBusRefusedComeAgainAndNothingIsCountedTwice() throws IOException {
    bridge.refuseNext = true;
    DynamodbEvent event = sample();
    assertThatThrownBy(() -> function.handleRequest(event, null))
        .as("a batch that fails as a whole is halved")
        .isInstanceOf(RuntimeException.class);
    assertThat(function.handleRequest(event, null).getBatchItemFailures()).isEmpty();
    assertThat(bridge.taken).hasSize(1);
    assertThat(installation.endings().lastHour(Instant.parse("2026-11-22T10:02:00Z")))
        .extracting(Endings.Count::dispatches)
        .containsExactly(1L);
  }

  @Test
  void aRemovalByTimeToLiveIsNoNews() throws IOException {
    DynamodbEvent event = sample();
    event.getRecords().getFirst().getDynamodb().setNewImage(null);
    assertThat(function.handleRequest(event, null).getBatchItemFailures()).isEmpty();
    assertThat(bridge.taken).isEmpty();
  }

  @Test
  void aRecordThatNobodyCanReadHoldsUpNoOther() throws IOException {
    DynamodbEvent event = sample();
    DynamodbEvent broken = sample();
    broken.getRecords().getFirst().getDynamodb().getNewImage().remove("state");
    event.setRecords(List.of(broken.getRecords().getFirst(), event.getRecords().getFirst()));
    assertThat(function.handleRequest(event, null).getBatchItemFailures()).isEmpty();
    assertThat(bridge.taken).hasSize(1);
  }
}
