package dev.outpost.machine;

import dev.outpost.embedded.EmbeddedStore;
import dev.outpost.embedded.StoreTransaction;
import dev.outpost.embedded.StoreView;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Events on their way to a sink: each is offered in its turn until the sink takes it, and after a
 * restart once more if it was not yet crossed off. At least once, and in order. Safe for use by
 * many threads.
 */
final class EventOutbox implements AutoCloseable {
  private static final String EVENTS = "ecs/events";
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final int BATCH = 100;

  private final Logger log = System.getLogger(EventOutbox.class.getName());
  private final EmbeddedStore store;
  private final EventSink sink;
  private final Semaphore added = new Semaphore(1);
  private final Thread thread;

  /** Starts to deliver what the store still holds. */
  EventOutbox(EmbeddedStore store, EventSink sink) {
    this.store = store;
    this.sink = sink;
    this.thread = Thread.ofVirtual().name("ecs-events").start(this::deliver);
  }

  /** Adds an event within a transaction; {@link #wake} is to be called after it. */
  void add(StoreTransaction tx, String event) {
    long last =
        tx.descending(EVENTS, "").findFirst().map(entry -> Long.parseLong(entry.key())).orElse(0L);
    tx.put(EVENTS, "%019d".formatted(last + 1), event);
  }

  void wake() {
    added.release();
  }

  private void deliver() {
    Duration pause = FIRST_PAUSE;
    try {
      while (true) {
        added.acquire();
        added.drainPermits();
        while (!deliverAll()) {
          TimeUnit.MILLISECONDS.sleep(pause.toMillis());
          Duration doubled = pause.multipliedBy(2);
          pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        }
        pause = FIRST_PAUSE;
      }
    } catch (InterruptedException _) {
      // Closed. What is left is delivered after the next start.
    }
  }

  /** Delivers what there is; false when the sink refused. */
  private boolean deliverAll() throws InterruptedException {
    while (true) {
      List<StoreView.Entry> events =
          store.read(view -> view.ascending(EVENTS, "").limit(BATCH).toList());
      if (events.isEmpty()) {
        return true;
      }
      for (StoreView.Entry event : events) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        try {
          sink.accept(event.value());
        } catch (RuntimeException e) {
          log.log(Level.WARNING, "a task's event was not taken, and will be offered again: " + e);
          return false;
        }
        store.change(tx -> tx.remove(EVENTS, event.key()));
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
