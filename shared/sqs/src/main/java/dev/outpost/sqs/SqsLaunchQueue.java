package dev.outpost.sqs;

import dev.outpost.dispatch.DispatchId;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.tenant.TenantId;
import java.time.Duration;
import java.util.Objects;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/**
 * The launch queue on a standard queue of SQS. A message is {@code {"dispatchId":"dsp_…"}} in its
 * tenant's group. Safe for use by many threads.
 *
 * <p>On a standard queue the group makes the queue fair between tenants, without an order and
 * without blocking (Amazon SQS Developer Guide, "Amazon SQS fair queues"). A delay of one message
 * is for standard queues too: only FIFO queues refuse it (Amazon SQS API Reference, SendMessage,
 * {@code DelaySeconds}).
 */
public final class SqsLaunchQueue implements LaunchQueue {
  private final SqsClient client;
  private final String queueUrl;

  /**
   * The queue of that URL.
   *
   * @param client stays the caller's to close
   */
  public SqsLaunchQueue(SqsClient client, String queueUrl) {
    this.client = Objects.requireNonNull(client, "client");
    this.queueUrl = Objects.requireNonNull(queueUrl, "queueUrl");
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException when the delay is out of its bounds
   */
  @Override
  public void send(DispatchId id, TenantId tenantId, Duration delay) {
    if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0 || delay.toNanosPart() != 0) {
      throw new IllegalArgumentException("a delay is 0 to 900 whole seconds, not " + delay);
    }
    SendMessageRequest.Builder message =
        SendMessageRequest.builder()
            .queueUrl(queueUrl)
            // An id has letters, digits and an underscore: nothing that JSON would escape.
            .messageBody("{\"dispatchId\":\"" + id + "\"}")
            .messageGroupId(tenantId.value());
    if (!delay.isZero()) {
      message.delaySeconds(Math.toIntExact(delay.toSeconds()));
    }
    client.sendMessage(message.build());
  }
}
