package dev.outpost.functions.webhooks;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.edge.RequestLine;
import dev.outpost.edge.sqs.SqsBatch;
import dev.outpost.edge.start.LambdaEvents;
import dev.outpost.edge.start.Primed;
import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.Deliver;
import dev.outpost.webhook.DeliveryId;
import dev.outpost.webhook.DeliveryKey;
import dev.outpost.webhook.DeliveryQueue;
import dev.outpost.webhook.Outcome;
import dev.outpost.webhook.WebhookId;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.lambda.powertools.logging.PowertoolsLogging;
import software.amazon.lambda.powertools.metrics.MetricsFactory;

/**
 * Makes the attempts to tell webhooks that the delivery queue names.
 *
 * <p>A batch's attempts are made one after the other, so that a batch takes {@link
 * HttpEndpoints#WHOLE} for each of its messages at most, and the store's part besides: a batch of
 * five takes less than a minute.
 */
public final class WebhooksFunction implements RequestHandler<SQSEvent, SQSBatchResponse>, Primed {
  private static final Logger LOG = LoggerFactory.getLogger(WebhooksFunction.class);

  private static final String REHEARSED =
      """
      {"Records":[{"messageId":"rehearsal","receiptHandle":"","eventSource":"aws:sqs",
       "body":"{\\"tenantId\\":\\"%s\\",\\"webhookId\\":\\"%s\\",\\"deliveryId\\":\\"%s\\",\\"attempt\\":1}",
       "attributes":{"ApproximateReceiveCount":"1"},"messageAttributes":{}}]}"""
          .formatted(Rehearsal.TENANT, Rehearsal.WEBHOOK, Rehearsal.DELIVERY);

  /** Memory that it is given, in MB: it waits for endpoints most of its time. */
  public static final int MEMORY_MB = 256;

  private final Deliver deliver;
  private final Optional<WebhooksWiring> wiring;

  /** For Lambda: wired from the environment. */
  public WebhooksFunction() {
    this(WebhooksWiring.read(System.getenv()));
    Primed.register(this);
  }

  /** On that use case. */
  public WebhooksFunction(Deliver deliver) {
    this.deliver = Objects.requireNonNull(deliver, "deliver");
    this.wiring = Optional.empty();
  }

  private WebhooksFunction(WebhooksWiring wiring) {
    this.deliver = wiring.deliver();
    this.wiring = Optional.of(wiring);
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    return PowertoolsLogging.withLogging(context, () -> SqsBatch.each(event, this::attempt));
  }

  /**
   * A message about a delivery that can't be, for ids begin with their time; and one of the same
   * where neither a store nor an endpoint is.
   */
  @Override
  public Round rehearsal() {
    Optional<WebhooksFunction> nowhere = wiring.map(w -> new WebhooksFunction(w.nowhere()));
    return context -> {
      SQSEvent event = LambdaEvents.read(SQSEvent.class, REHEARSED);
      LambdaEvents.write(SQSBatchResponse.class, handleRequest(event, context));
      nowhere.ifPresent(
          function ->
              LambdaEvents.write(SQSBatchResponse.class, function.handleRequest(event, context)));
    };
  }

  private boolean attempt(SQSMessage message) throws IOException {
    Map<String, Object> body = JSON.std.mapFrom(message.getBody());
    DeliveryKey key =
        new DeliveryKey(
            id(body, "tenantId", TenantId::parse),
            id(body, "webhookId", WebhookId::parse),
            id(body, "deliveryId", DeliveryId::parse));
    if (!(body.get("attempt") instanceof Integer attempt)) {
      throw nameless("attempt");
    }
    try {
      tell(key, attempt, deliver.deliver(key, attempt));
      return true;
    } catch (SdkException e) {
      if (!isLast(message)) {
        throw e;
      }
      // AWS is not well, which is no fault of the message: the record keeps when its next attempt
      // is due, and the reconciler begins that.
      LOG.warn("delivery {} is left to the reconciler", key.id(), e);
      return true;
    }
  }

  private static <T> T id(
      Map<String, Object> body, String name, Function<String, Optional<T>> parse)
      throws IOException {
    return parse.apply(String.valueOf(body.get(name))).orElseThrow(() -> nameless(name));
  }

  /** It can never mean anything: the queue's own count of receives takes it to the DLQ. */
  private static IOException nameless(String name) {
    return new IOException("the message has no " + name);
  }

  private static void tell(DeliveryKey key, int attempt, Optional<Outcome> outcome) {
    String what =
        outcome.isEmpty()
            ? "nothing to do"
            : switch (outcome.get()) {
              case Outcome.Answered answered when answered.taken() -> "taken, " + answered.status();
              case Outcome.Answered answered -> "not taken, " + answered.status();
              case Outcome.Unanswered unanswered -> "not taken: " + unanswered.why();
            };
    LOG.info("delivery {} to {}, attempt {}: {}", key.id(), key.webhookId(), attempt, what);
    if (outcome.isPresent()
        && !(outcome.get() instanceof Outcome.Answered answered && answered.taken())) {
      countNotTaken();
    }
  }

  /** Whether SQS moves the message to the dead letters unless it does its work now. */
  private static boolean isLast(SQSMessage message) {
    String receives =
        message.getAttributes() == null
            ? null
            : message.getAttributes().get("ApproximateReceiveCount");
    return receives != null && Integer.parseInt(receives) >= DeliveryQueue.MAX_RECEIVES;
  }

  private static void countNotTaken() {
    MetricsFactory.getMetricsInstance()
        .flushMetrics(
            metrics -> {
              metrics.setNamespace(RequestLine.NAMESPACE);
              metrics.addMetric("WebhookNotTaken", 1);
            });
  }
}
