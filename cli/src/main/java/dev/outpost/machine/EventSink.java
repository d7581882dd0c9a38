package dev.outpost.machine;

/** Takes events of EventBridge's form. Safe for use by many threads. */
@FunctionalInterface
public interface EventSink {
  /**
   * Takes one event. When this throws, it was not taken and will be offered again.
   *
   * @param event the whole event as JSON
   */
  void accept(String event);
}
