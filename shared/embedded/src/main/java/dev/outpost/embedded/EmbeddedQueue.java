package dev.outpost.embedded;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A queue with the semantics of an SQS standard queue and its dead-letter queue, durable in an
 * {@link EmbeddedStore}. Safe for use by many threads. A store may hold many queues; each may be
 * open only once at a time, for what is in flight is known in memory alone: after a restart all
 * that was not deleted is visible again, as after a visibility timeout. Receive counts survive.
 *
 * <p>As SQS does it (Developer Guide):
 *
 * <ul>
 *   <li>A message is delivered at least once, in no promised order. Here it is the oldest of the
 *       group with the fewest messages in flight: stricter than SQS's fair queues, which prefer
 *       quiet groups only once one is noisy.
 *   <li>Each receipt has its own handle. Only the newest deletes; with an older one the call
 *       succeeds and deletes nothing. The newest one deletes also after its visibility timeout, as
 *       long as the message was not received again.
 *   <li>A message that was received {@code maxReceiveCount} times and is visible again is moved to
 *       the dead-letter queue by the next receive.
 *   <li>A redriven message is a new one: new id, new time, no receipts.
 * </ul>
 */
public final class EmbeddedQueue {
  /** Most messages of one receive (SQS: MaxNumberOfMessages). */
  public static final int MAX_BATCH = 10;

  private final EmbeddedStore store;
  private final String live;
  private final String dead;
  private final int maxReceiveCount;
  private final InstantSource clock;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final QueueState state = new QueueState();
  private long lastId;

  /**
   * Opens the queue of that name, with all messages that it holds in the store.
   *
   * @param maxReceiveCount how often a message may be received before it is a dead letter
   * @param clock tells when messages become visible; how long a receive waits is real time
   */
  public EmbeddedQueue(EmbeddedStore store, String name, int maxReceiveCount, InstantSource clock) {
    if (maxReceiveCount < 1) {
      throw new IllegalArgumentException("maxReceiveCount is " + maxReceiveCount);
    }
    this.store = store;
    this.live = "queue/" + name;
    this.dead = "queue/" + name + "/dead";
    this.maxReceiveCount = maxReceiveCount;
    this.clock = clock;
    Instant now = clock.instant();
    List<StoredMessage> messages =
        store.read(view -> view.ascending(live, "").map(StoredMessage::of).toList());
    messages.forEach(message -> state.add(message, now));
    lastId = Math.max(newest(live), newest(dead));
  }

  private long newest(String map) {
    Optional<StoreView.Entry> last = store.read(view -> view.descending(map, "").findFirst());
    return last.map(entry -> HexFormat.fromHexDigitsToLong(entry.key())).orElse(0L);
  }

  /**
   * Sends a message; it is durable when this returns.
   *
   * @param groupId the group by which the queue is fair; empty for a group of its own
   * @param delay how long it stays hidden, not negative
   * @return its id
   */
  public String send(String body, Optional<String> groupId, Duration delay) {
    Objects.requireNonNull(body, "body");
    if (delay.isNegative()) {
      throw new IllegalArgumentException("a message's delay is " + delay);
    }
    Instant now = clock.instant();
    StoredMessage message = fresh(body, groupId, now, now.plus(delay));
    store.change(tx -> tx.put(live, message.id(), message.json()));
    add(List.of(message));
    return message.id();
  }

  /**
   * Receives what is visible, and hides it. Waits for a first message, not for more.
   *
   * @param max how many at most, 1 to {@value #MAX_BATCH}
   * @param visibilityTimeout how long they stay hidden
   * @param waitTime how long to wait at most while there is none
   * @return the messages; empty after the wait
   */
  public List<QueueMessage> receive(int max, Duration visibilityTimeout, Duration waitTime)
      throws InterruptedException {
    if (max < 1 || max > MAX_BATCH) {
      throw new IllegalArgumentException("a receive asks for " + max + " messages");
    }
    long deadline = System.nanoTime() + waitTime.toNanos();
    while (true) {
      Picked picked;
      lock.lockInterruptibly();
      try {
        picked = pick(max, visibilityTimeout);
        long left = deadline - System.nanoTime();
        while (picked.isEmpty() && left > 0) {
          long _ = changed.awaitNanos(Math.min(left, nanosToNextChange()));
          picked = pick(max, visibilityTimeout);
          left = deadline - System.nanoTime();
        }
      } finally {
        lock.unlock();
      }
      bury(picked.letters());
      if (!picked.received().isEmpty() || picked.letters().isEmpty()) {
        count(picked.received());
        return picked.received().stream().map(StoredMessage::asReceived).toList();
      }
    }
  }

  private record Picked(List<StoredMessage> received, List<StoredMessage> letters) {
    boolean isEmpty() {
      return received.isEmpty() && letters.isEmpty();
    }
  }

  private Picked pick(int max, Duration visibilityTimeout) {
    Instant now = clock.instant();
    state.advance(now);
    Picked picked = new Picked(new ArrayList<>(), new ArrayList<>());
    Optional<StoredMessage> next = state.next();
    while (picked.received().size() < max && next.isPresent()) {
      if (next.get().receives() >= maxReceiveCount) {
        state.remove(next.get());
        picked.letters().add(next.get());
      } else {
        StoredMessage message = next.get().received(now);
        state.take(message, now.plus(visibilityTimeout));
        picked.received().add(message);
      }
      next = state.next();
    }
    return picked;
  }

  private long nanosToNextChange() {
    return state
        .nextChange()
        .map(at -> Math.max(1, Duration.between(clock.instant(), at).toMillis() + 1))
        .map(TimeUnit.MILLISECONDS::toNanos)
        .orElse(Long.MAX_VALUE);
  }

  /** Writes the counts down. Another receive or a delete may have come first: then they stand. */
  private void count(List<StoredMessage> received) {
    if (received.isEmpty()) {
      return;
    }
    store.change(
        tx -> {
          for (StoredMessage message : received) {
            Optional<String> stored = tx.get(live, message.id());
            if (stored.isPresent()
                && StoredMessage.of(new StoreView.Entry(message.id(), stored.get())).receives()
                    < message.receives()) {
              tx.put(live, message.id(), message.json());
            }
          }
        });
  }

  private void bury(List<StoredMessage> letters) {
    if (letters.isEmpty()) {
      return;
    }
    store.change(
        tx -> {
          for (StoredMessage letter : letters) {
            tx.remove(live, letter.id());
            tx.put(dead, letter.id(), letter.json());
          }
        });
  }

  /**
   * Deletes the message of that receipt.
   *
   * @return whether it was deleted; not when it was received again since, or is gone
   */
  public boolean delete(String receiptHandle) {
    Optional<StoredMessage> message;
    lock.lock();
    try {
      message = state.byReceipt(receiptHandle);
      message.ifPresent(state::remove);
    } finally {
      lock.unlock();
    }
    message.ifPresent(m -> store.change(tx -> tx.remove(live, m.id())));
    return message.isPresent();
  }

  /**
   * Sets how long, from now, the message of that receipt stays hidden; zero makes it visible.
   *
   * @return whether it was in flight by that receipt (SQS answers MessageNotInflight otherwise)
   */
  public boolean changeVisibility(String receiptHandle, Duration timeout) {
    lock.lock();
    try {
      Instant now = clock.instant();
      state.advance(now);
      Optional<StoredMessage> message = state.byReceipt(receiptHandle).filter(state::isInFlight);
      message.ifPresent(m -> state.hideUntil(m, now.plus(timeout)));
      changed.signalAll();
      return message.isPresent();
    } finally {
      lock.unlock();
    }
  }

  /** The dead letters, oldest first, as they were last received. */
  public List<QueueMessage> deadLetters() {
    return store.read(
        view ->
            view.ascending(dead, "")
                .map(StoredMessage::of)
                .map(StoredMessage::asReceived)
                .toList());
  }

  /**
   * Sends all dead letters anew.
   *
   * @return how many
   */
  public int redrive() {
    Instant now = clock.instant();
    List<StoredMessage> revived =
        store.transact(
            tx -> {
              List<StoredMessage> messages = new ArrayList<>();
              for (StoreView.Entry entry : tx.ascending(dead, "").toList()) {
                StoredMessage letter = StoredMessage.of(entry);
                StoredMessage message = fresh(letter.body(), letter.group(), now, now);
                tx.remove(dead, letter.id());
                tx.put(live, message.id(), message.json());
                messages.add(message);
              }
              return messages;
            });
    add(revived);
    return revived.size();
  }

  /** How many messages there are. */
  public QueueDepth depth() {
    int letters = store.read(view -> Math.toIntExact(view.ascending(dead, "").count()));
    lock.lock();
    try {
      state.advance(clock.instant());
      return state.depth(letters);
    } finally {
      lock.unlock();
    }
  }

  private StoredMessage fresh(
      String body, Optional<String> groupId, Instant now, Instant delayedUntil) {
    lock.lock();
    try {
      // By the clock, so that an id is not used again after a restart with an empty queue.
      lastId = Math.max(lastId + 1, now.toEpochMilli() << 20);
      return new StoredMessage(
          HexFormat.of().toHexDigits(lastId),
          body,
          groupId,
          now,
          delayedUntil,
          0,
          Optional.empty());
    } finally {
      lock.unlock();
    }
  }

  private void add(List<StoredMessage> messages) {
    lock.lock();
    try {
      Instant now = clock.instant();
      messages.forEach(message -> state.add(message, now));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
