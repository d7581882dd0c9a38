package dev.outpost.webhook;

/**
 * The queue of attempts to make. A message names a delivery and the number of the attempt, so one
 * that is late or comes twice finds that it is of no use any more. Safe for use by many threads.
 */
@FunctionalInterface
public interface DeliveryQueue {
  /**
   * How often a message is received before it goes to the dead letters (SQS: maxReceiveCount). Not
   * an endpoint's fault is counted here, only our own: a refused attempt has done its work.
   */
  int MAX_RECEIVES = 5;

  /**
   * Sends a message in the tenant's group. May throw an unchecked exception; then it is unknown
   * whether it was sent.
   */
  void send(DeliveryKey key, int attempt);
}
