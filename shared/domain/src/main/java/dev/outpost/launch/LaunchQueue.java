package dev.outpost.launch;

import dev.outpost.dispatch.DispatchId;
import dev.outpost.tenant.TenantId;
import java.time.Duration;

/**
 * The queue of dispatches that the launcher is to look at: to launch or to stop, as their state
 * demands. A message says no more than that, so one too many does no harm. Safe for use by many
 * threads.
 */
public interface LaunchQueue {
  /** Longest delay of a message (SQS: DelaySeconds). */
  Duration MAX_DELAY = Duration.ofMinutes(15);

  /**
   * How often a message is received before it goes to the dead letters (SQS: maxReceiveCount). What
   * has failed so often is no passing trouble; with a visibility timeout of three minutes that is a
   * quarter of an hour.
   */
  int MAX_RECEIVES = 5;

  /**
   * Sends a message. May throw an unchecked exception; then it is unknown whether it was sent.
   *
   * @param tenantId the message group, by which the queue is fair between tenants
   * @param delay how long the message stays hidden, whole seconds from zero to {@link #MAX_DELAY}
   */
  void send(DispatchId id, TenantId tenantId, Duration delay);

  /** Sends a message without delay. */
  default void send(DispatchId id, TenantId tenantId) {
    send(id, tenantId, Duration.ZERO);
  }
}
