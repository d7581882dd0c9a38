package dev.outpost.functions.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.edge.start.Invocation;
import dev.outpost.embedded.Installation;
import dev.outpost.tenant.Tier;
import dev.outpost.webhook.Deliver;
import dev.outpost.webhook.Deliveries;
import dev.outpost.webhook.Delivery;
import dev.outpost.webhook.DeliveryId;
import dev.outpost.webhook.DeliveryKey;
import dev.outpost.webhook.DeliveryQueue;
import dev.outpost.webhook.Endpoints;
import dev.outpost.webhook.Outcome;
import dev.outpost.webhook.Retry;
import dev.outpost.webhook.Webhook;
import dev.outpost.webhook.WebhookId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

class WebhooksFunctionTest {
  private static final DeliveryKey KEY = Told.delivery().key();

  private final Installation installation = new Installation(Tier.STARTER);
  private final Deliveries deliveries = installation.deliveries();
  private final WebhooksFunction function =
      function(new HttpEndpoints(Told.SECRETS, Reach.THIS_MACHINE_TOO));

  private WebhooksFunction function(Endpoints endpoints) {
    return new WebhooksFunction(
        new Deliver(installation.webhooks(), deliveries, endpoints, installation));
  }

  private static SQSEvent sample() throws IOException {
    Path file = Path.of(System.getProperty("outpost.root"), "events", "webhooks.json");
    try (InputStream in = Files.newInputStream(file)) {
      return LambdaEventSerializers.serializerFor(
              SQSEvent.class, WebhooksFunctionTest.class.getClassLoader())
          .fromJson(in);
    }
  }

  private static SQSEvent event(SQSMessage... messages) {
    SQSEvent event = new SQSEvent();
    event.setRecords(List.of(messages));
    return event;
  }

  private static SQSMessage message(String id, String body) {
    SQSMessage message = new SQSMessage();
    message.setBody(body);
    message.setMessageId(id);
    return message;
  }

  private static String body(DeliveryKey key, int attempt) throws IOException {
    return JSON.std.asString(
        Map.of(
            "tenantId", key.tenantId().value(),
            "webhookId", key.webhookId().value(),
            "deliveryId", key.id().value(),
            "attempt", attempt));
  }

  private static List<String> comeAgain(SQSBatchResponse response) {
    return response.getBatchItemFailures().stream()
        .map(SQSBatchResponse.BatchItemFailure::getItemIdentifier)
        .toList();
  }

  private void register(URI url) {
    installation.webhooks().change(Told.TENANT, _ -> List.of(Told.webhook(url)));
  }

  /** As the relay does. */
  private void announce() {
    deliveries.add(Told.delivery());
  }

  private Delivery delivery() {
    return deliveries.find(KEY).orElseThrow();
  }

  private boolean enabled() {
    return installation.webhooks().find(Told.TENANT, Told.WEBHOOK).orElseThrow().enabled();
  }

  @Test
  void theSampleEventTellsTheEndOfTheSampleDispatch() throws IOException {
    try (LocalEndpoint endpoint = new LocalEndpoint(LocalEndpoint.status(204))) {
      register(endpoint.url());
      announce();
      assertThat(comeAgain(function.handleRequest(sample(), null))).isEmpty();
      assertThat(endpoint.requests())
          .singleElement()
          .satisfies(request -> assertThat(request.body()).contains("\"dispatch.failed\""));
      assertThat(delivery().state()).isInstanceOf(Delivery.State.Delivered.class);
    }
  }

  @Test
  void aRedeliveryTellsNothingMore() throws IOException {
    try (LocalEndpoint endpoint = new LocalEndpoint(LocalEndpoint.status(200))) {
      register(endpoint.url());
      announce();
      function.handleRequest(sample(), null);
      assertThat(comeAgain(function.handleRequest(sample(), null))).isEmpty();
      assertThat(endpoint.requests()).hasSize(1);
    }
  }

  @Test
  void whatIsNotTakenWaitsUntilItIsDueAndIsCounted() throws IOException {
    try (LocalEndpoint endpoint = new LocalEndpoint(LocalEndpoint.status(500))) {
      register(endpoint.url());
      announce();
      SQSEvent event = sample();
      String printed = printed(() -> function.handleRequest(event, null));
      assertThat(printed).contains("\"WebhookNotTaken\":1");
      assertThat(delivery().state()).isInstanceOf(Delivery.State.Waiting.class);
      assertThat(delivery().last().orElseThrow().outcome()).isEqualTo(new Outcome.Answered(500));
      assertThat(enabled()).isTrue();
      // The same attempt is not over: its message would make it again.
      assertThat(delivery().isAt(1)).isTrue();
    }
  }

  @Test
  void theNextAttemptHasTheSameIdAndThenTheOldMessageIsOfNoUse() throws IOException {
    try (LocalEndpoint endpoint = new LocalEndpoint(LocalEndpoint.status(503))) {
      register(endpoint.url());
      announce();
      function.handleRequest(sample(), null);
      installation.pass(Duration.ofMinutes(5));
      new Retry(deliveries, installation.deliveryQueue()).retry(KEY, installation.instant());
      String next = installation.toDeliver().getFirst();
      assertThat(comeAgain(function.handleRequest(event(message("next", next)), null))).isEmpty();
      assertThat(comeAgain(function.handleRequest(sample(), null))).isEmpty();
      assertThat(endpoint.requests())
          .hasSize(2)
          .extracting(request -> request.headers().get("webhook-id"))
          .containsOnly(KEY.id().value());
    }
  }

  @Test
  void whoIsGoneIsDisabledAndToldNothingMore() throws IOException {
    try (LocalEndpoint endpoint = new LocalEndpoint(LocalEndpoint.status(410))) {
      register(endpoint.url());
      announce();
      function.handleRequest(sample(), null);
      assertThat(enabled()).isFalse();
      assertThat(delivery().state()).isInstanceOf(Delivery.State.GivenUp.class);
      function.handleRequest(sample(), null);
      assertThat(endpoint.requests()).hasSize(1);
    }
  }

  @Test
  void deployedNoEndpointOfThisMachineIsTold() throws IOException {
    try (LocalEndpoint endpoint = new LocalEndpoint(LocalEndpoint.status(200))) {
      register(endpoint.url());
      announce();
      WebhooksFunction deployed = function(new HttpEndpoints(Told.SECRETS, Reach.THE_INTERNET));
      assertThat(comeAgain(deployed.handleRequest(sample(), null))).isEmpty();
      assertThat(endpoint.requests()).isEmpty();
      assertThat(delivery().last().orElseThrow().outcome()).isEqualTo(HttpEndpoints.NO_HTTPS);
    }
  }

  @Test
  void whatNobodyIsToBeToldIsNothingToDo() throws IOException {
    assertThat(comeAgain(function.handleRequest(sample(), null))).isEmpty();
    announce();
    assertThat(comeAgain(function.handleRequest(sample(), null))).isEmpty();
    assertThat(delivery().state())
        .as("its webhook was removed")
        .isInstanceOf(Delivery.State.GivenUp.class);
  }

  @Test
  void aMessageThatMeansNothingFailsAlone() throws IOException {
    announce();
    List<SQSMessage> messages = new ArrayList<>();
    messages.add(message("no json", "no json"));
    messages.add(message("empty", "{}"));
    messages.add(message("good", body(KEY, 1)));
    messages.add(message("no attempt", body(KEY, 1).replace(":1", ":\"1\"")));
    messages.add(
        message("no id", body(new DeliveryKey(Told.TENANT, new WebhookId("x"), KEY.id()), 1)));
    messages.add(
        message(
            "no delivery",
            body(new DeliveryKey(Told.TENANT, Told.WEBHOOK, new DeliveryId("x")), 1)));
    assertThat(comeAgain(function.handleRequest(event(messages.toArray(new SQSMessage[0])), null)))
        .containsExactly("no json", "empty", "no attempt", "no id", "no delivery");
    assertThat(delivery().isAt(1)).isFalse();
  }

  @Test
  void anAttemptThatTheStoreIsAwayForComesAgainAndAtLastIsLeftToTheReconciler() throws IOException {
    WebhooksFunction away =
        function(
            (_, _, _) -> {
              throw SdkClientException.create("no answer");
            });
    register(URI.create("https://hooks.example/"));
    announce();
    SQSMessage message = message("m", body(KEY, 1));
    for (int receive = 1; receive < DeliveryQueue.MAX_RECEIVES; receive++) {
      message.setAttributes(Map.of("ApproximateReceiveCount", String.valueOf(receive)));
      assertThat(comeAgain(away.handleRequest(event(message), null))).containsExactly("m");
    }
    message.setAttributes(
        Map.of("ApproximateReceiveCount", String.valueOf(DeliveryQueue.MAX_RECEIVES)));
    assertThat(comeAgain(away.handleRequest(event(message), null))).isEmpty();
    assertThat(delivery().isAt(1)).isTrue();
  }

  @Test
  void aFaultOfOurOwnTakesTheMessageToTheDeadLetters() throws IOException {
    WebhooksFunction faulty =
        function(
            (_, _, _) -> {
              throw new IllegalStateException("a fault");
            });
    register(URI.create("https://hooks.example/"));
    announce();
    SQSMessage message = message("m", body(KEY, 1));
    message.setAttributes(
        Map.of("ApproximateReceiveCount", String.valueOf(DeliveryQueue.MAX_RECEIVES)));
    assertThat(comeAgain(faulty.handleRequest(event(message), null))).containsExactly("m");
  }

  @Test
  void anAttemptIsOneLineWithNeitherUrlNorSecretNorPayload() throws IOException {
    try (LocalEndpoint endpoint = new LocalEndpoint(LocalEndpoint.status(500));
        Logged logged = Logged.listen()) {
      register(endpoint.url());
      announce();
      function.handleRequest(sample(), null);
      assertThat(endpoint.requests()).hasSize(1);
      assertThat(logged.lines())
          .containsExactly(
              "delivery " + KEY.id() + " to " + Told.WEBHOOK + ", attempt 1: not taken, 500");
    }
  }

  private static String printed(Runnable work) {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      work.run();
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theRehearsalTellsAnEndpointThatIsNotThere() {
    Rehearsal rehearsal = new Rehearsal(InstantSource.system().instant());
    WebhooksWiring wiring = new WebhooksWiring("dev", InstantSource.system());
    DeliveryKey key = new DeliveryKey(Rehearsal.TENANT, Rehearsal.WEBHOOK, Rehearsal.DELIVERY);
    assertThat(wiring.nowhere().deliver(key, 1)).contains(new Outcome.Answered(200));
    Webhook webhook = Told.webhook(URI.create("https://nowhere.invalid/"));
    assertThat(rehearsal.endpoints().tell(webhook, Told.delivery(), Told.NOW))
        .isEqualTo(new Outcome.Answered(200));
  }

  @Test
  void aRehearsalHasNoEffect() throws Exception {
    function.rehearsal().play(new Invocation("webhooks", "rehearsal", Invocation.SILENCE));
    assertThat(deliveries.list(Rehearsal.TENANT, Rehearsal.WEBHOOK, Optional.empty(), 10))
        .isEmpty();
  }

  @Test
  void whatIsMissingInTheEnvironmentIsNamed() {
    assertThatThrownBy(() -> WebhooksWiring.read(Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("OUTPOST_STAGE");
  }
}
