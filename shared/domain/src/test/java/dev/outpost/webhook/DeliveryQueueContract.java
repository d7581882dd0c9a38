package dev.outpost.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.tenant.TenantId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link DeliveryQueue} does. */
public abstract class DeliveryQueueContract {
  private static final Duration SOON = Duration.ofSeconds(5);

  private final TenantId tenant = TenantId.random();
  private final DeliveryKey key = Samples.delivery(tenant, Samples.webhookId(), Samples.T0).key();

  /** The port under test, with nothing in it. */
  protected abstract DeliveryQueue queue();

  /** Takes what is to be received now, or within the time at most, off the queue. */
  protected abstract List<Received> receive(Duration within);

  /**
   * A message.
   *
   * @param body what it says
   * @param group its message group
   */
  public record Received(String body, TenantId group) {}

  private Received message(int attempt) {
    return new Received(
        """
        {"tenantId":"%s","webhookId":"%s","deliveryId":"%s","attempt":%d}"""
            .formatted(tenant, key.webhookId(), key.id(), attempt),
        tenant);
  }

  @Test
  void aMessageNamesADeliveryAndTheAttemptInItsTenantsGroup() {
    DeliveryQueue queue = queue();
    queue.send(key, 3);
    assertThat(receive(SOON)).containsExactly(message(3));
    assertThat(receive(Duration.ZERO)).isEmpty();
  }

  @Test
  void eachAttemptIsAMessageOfItsOwn() {
    DeliveryQueue queue = queue();
    queue.send(key, 1);
    assertThat(receive(SOON)).containsExactly(message(1));
    queue.send(key, 1);
    assertThat(receive(SOON)).containsExactly(message(1));
    queue.send(key, 2);
    assertThat(receive(SOON)).containsExactly(message(2));
  }
}
