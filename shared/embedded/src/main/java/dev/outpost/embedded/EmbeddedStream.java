package dev.outpost.embedded;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The changes of items, in the order of their transactions, until they are acknowledged: what a
 * table's stream is. Durable with the store. Writers may be many threads; one reader.
 */
public final class EmbeddedStream {
  private static final String RECORDS = "stream";
  private static final String COUNTER = "stream_sequence";

  private final EmbeddedStore store;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private long wakes;

  /** The stream of that store. */
  public EmbeddedStream(EmbeddedStore store) {
    this.store = Objects.requireNonNull(store, "store");
  }

  /**
   * A change of an item.
   *
   * @param sequence its place; sorts like the order of the changes
   * @param before the item as it was; empty when it was new
   * @param after the item as it is
   */
  public record ItemChange(
      String sequence, Optional<Map<String, Object>> before, Map<String, Object> after) {
    /** Refuses nulls. */
    public ItemChange {
      Objects.requireNonNull(sequence, "sequence");
      Objects.requireNonNull(before, "before");
      Objects.requireNonNull(after, "after");
    }
  }

  /** Appends a change within the transaction that makes it. */
  void append(
      StoreTransaction tx, Optional<Map<String, Object>> before, Map<String, Object> after) {
    // Counted beside the records, so that a number is never given twice, also when all are gone.
    long next = tx.get(COUNTER, COUNTER).map(Long::parseLong).orElse(0L) + 1;
    tx.put(COUNTER, COUNTER, Long.toString(next));
    Map<String, Object> images = new LinkedHashMap<>();
    before.ifPresent(item -> images.put("before", item));
    images.put("after", after);
    tx.put(RECORDS, Sortable.number(next), ItemJson.write(images));
  }

  /** Tells a waiting reader that a transaction with news is over. */
  void wake() {
    lock.lock();
    try {
      wakes++;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The oldest changes that were not acknowledged.
   *
   * @param max how many at most
   * @param wait how long to wait for the first
   */
  public List<ItemChange> read(int max, Duration wait) throws InterruptedException {
    long nanos = wait.toNanos();
    while (true) {
      long seen;
      lock.lock();
      try {
        seen = wakes;
      } finally {
        lock.unlock();
      }
      List<ItemChange> changes = oldest(max);
      if (!changes.isEmpty() || nanos <= 0) {
        return changes;
      }
      lock.lock();
      try {
        // News that came between looking and waiting must not be slept through.
        while (wakes == seen && nanos > 0) {
          nanos = news.awaitNanos(nanos);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private List<ItemChange> oldest(int max) {
    return store.read(
        view -> {
          try (Stream<StoreView.Entry> entries = view.ascending(RECORDS, "")) {
            return entries.limit(max).map(EmbeddedStream::change).toList();
          }
        });
  }

  @SuppressWarnings("unchecked")
  private static ItemChange change(StoreView.Entry entry) {
    Map<String, Object> images = ItemJson.read(entry.value());
    return new ItemChange(
        entry.key(),
        Optional.ofNullable((Map<String, Object>) images.get("before")),
        (Map<String, Object>) images.get("after"));
  }

  /** Forgets these changes. */
  public void acknowledge(List<String> sequences) {
    store.change(tx -> sequences.forEach(sequence -> tx.remove(RECORDS, sequence)));
  }

  /** How many changes wait to be acknowledged. */
  public long backlog() {
    return store.read(
        view -> {
          try (Stream<StoreView.Entry> entries = view.ascending(RECORDS, "")) {
            return entries.count();
          }
        });
  }
}
