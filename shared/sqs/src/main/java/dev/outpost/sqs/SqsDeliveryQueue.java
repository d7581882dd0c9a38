package dev.outpost.sqs;

import dev.outpost.webhook.DeliveryKey;
import dev.outpost.webhook.DeliveryQueue;
import java.util.Objects;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/**
 * The delivery queue on a standard queue of SQS. A message is {@code
 * {"tenantId":"…","webhookId":"whk_…","deliveryId":"msg_…","attempt":1}} in its tenant's group,
 * which makes the queue fair as it makes {@link SqsLaunchQueue}. Safe for use by many threads.
 */
public final class SqsDeliveryQueue implements DeliveryQueue {
  private final SqsClient client;
  private final String queueUrl;

  /**
   * The queue of that URL.
   *
   * @param client stays the caller's to close
   */
  public SqsDeliveryQueue(SqsClient client, String queueUrl) {
    this.client = Objects.requireNonNull(client, "client");
    this.queueUrl = Objects.requireNonNull(queueUrl, "queueUrl");
  }

  @Override
  public void send(DeliveryKey key, int attempt) {
    client.sendMessage(
        SendMessageRequest.builder()
            .queueUrl(queueUrl)
            .messageBody(body(key, attempt))
            .messageGroupId(key.tenantId().value())
            .build());
  }

  /** Ids have letters, digits, underscores and hyphens: nothing that JSON would escape. */
  private static String body(DeliveryKey key, int attempt) {
    return "{\"tenantId\":\""
        + key.tenantId()
        + "\",\"webhookId\":\""
        + key.webhookId()
        + "\",\"deliveryId\":\""
        + key.id()
        + "\",\"attempt\":"
        + attempt
        + "}";
  }
}
