package dev.outpost.relay;

import java.util.List;

/** The installation's own event bus. Safe for use by many threads. */
@FunctionalInterface
public interface LifecycleBus {
  /**
   * Publishes events, at least once each. An exception means that some may not have been published;
   * all may be published again.
   */
  void publish(List<LifecycleEvent> events);
}
