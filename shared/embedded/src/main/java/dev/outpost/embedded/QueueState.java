package dev.outpost.embedded;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * Which of a queue's messages can be received, and which are hidden until when. In memory only: a
 * restart makes visible what was in flight. Not safe for use by many threads.
 */
final class QueueState {
  private final Map<String, Slot> slots = new HashMap<>();
  private final Map<String, Group> groups = new HashMap<>();
  private final PriorityQueue<Hidden> hidden =
      new PriorityQueue<>(Comparator.comparing(Hidden::until).thenComparing(h -> h.slot().id));

  private enum Where {
    VISIBLE,
    DELAYED,
    IN_FLIGHT
  }

  /** A message's place. */
  private static final class Slot {
    private final String id;
    private StoredMessage message;
    private Where where = Where.VISIBLE;
    private Instant until = Instant.MIN;

    Slot(StoredMessage message) {
      this.id = message.id();
      this.message = message;
    }
  }

  /** An entry of the queue of hidden ones; stale when its slot has another time by now. */
  private record Hidden(Instant until, Slot slot) {}

  /** The visible messages of a group by age, and how many of it are in flight. */
  private static final class Group {
    private final TreeMap<String, Slot> visible = new TreeMap<>();
    private int inFlight;
  }

  void add(StoredMessage message, Instant now) {
    Slot slot = new Slot(message);
    slots.put(slot.id, slot);
    if (message.delayedUntil().isAfter(now)) {
      hide(slot, Where.DELAYED, message.delayedUntil());
    } else {
      show(slot);
    }
  }

  /** Makes visible what was hidden until now or before. */
  void advance(Instant now) {
    while (!hidden.isEmpty() && !hidden.peek().until().isAfter(now)) {
      Hidden due = hidden.remove();
      if (isCurrent(due)) {
        leave(due.slot());
        show(due.slot());
      }
    }
  }

  /** When the next hidden message becomes visible. */
  Optional<Instant> nextChange() {
    while (!hidden.isEmpty() && !isCurrent(hidden.peek())) {
      hidden.remove();
    }
    return Optional.ofNullable(hidden.peek()).map(Hidden::until);
  }

  private boolean isCurrent(Hidden entry) {
    Slot slot = entry.slot();
    return slots.get(slot.id) == slot
        && slot.where != Where.VISIBLE
        && slot.until.equals(entry.until());
  }

  /** The visible message that is next: of the group with the fewest in flight, its oldest. */
  Optional<StoredMessage> next() {
    Group best = null;
    for (Group group : groups.values()) {
      if (!group.visible.isEmpty() && (best == null || isBefore(group, best))) {
        best = group;
      }
    }
    return Optional.ofNullable(best).map(group -> group.visible.firstEntry().getValue().message);
  }

  private static boolean isBefore(Group a, Group b) {
    return a.inFlight != b.inFlight
        ? a.inFlight < b.inFlight
        : a.visible.firstKey().compareTo(b.visible.firstKey()) < 0;
  }

  /** Puts a visible message in flight. */
  void take(StoredMessage received, Instant until) {
    Slot slot = slots.get(received.id());
    leave(slot);
    slot.message = received;
    hide(slot, Where.IN_FLIGHT, until);
  }

  /** The message whose newest receipt has that handle. */
  Optional<StoredMessage> byReceipt(String receiptHandle) {
    int end = receiptHandle.lastIndexOf('-');
    return Optional.ofNullable(end < 0 ? null : slots.get(receiptHandle.substring(0, end)))
        .map(slot -> slot.message)
        .filter(message -> message.receiptHandle().equals(receiptHandle));
  }

  boolean isInFlight(StoredMessage message) {
    return slots.get(message.id()).where == Where.IN_FLIGHT;
  }

  /** Sets until when a message in flight is hidden. */
  void hideUntil(StoredMessage message, Instant until) {
    Slot slot = slots.get(message.id());
    leave(slot);
    hide(slot, Where.IN_FLIGHT, until);
  }

  void remove(StoredMessage message) {
    Slot slot = slots.get(message.id());
    leave(slot);
    slots.remove(slot.id);
    groups.computeIfPresent(
        group(slot), (_, group) -> group.visible.isEmpty() && group.inFlight == 0 ? null : group);
  }

  QueueDepth depth(int dead) {
    return new QueueDepth(count(Where.VISIBLE), count(Where.IN_FLIGHT), count(Where.DELAYED), dead);
  }

  private int count(Where where) {
    return Math.toIntExact(slots.values().stream().filter(slot -> slot.where == where).count());
  }

  private void show(Slot slot) {
    slot.where = Where.VISIBLE;
    groups.computeIfAbsent(group(slot), _ -> new Group()).visible.put(slot.id, slot);
  }

  private void hide(Slot slot, Where where, Instant until) {
    slot.where = where;
    slot.until = until;
    hidden.add(new Hidden(until, slot));
    if (where == Where.IN_FLIGHT) {
      groups.computeIfAbsent(group(slot), _ -> new Group()).inFlight++;
    }
  }

  private void leave(Slot slot) {
    Group group = groups.get(group(slot));
    switch (slot.where) {
      case VISIBLE -> group.visible.remove(slot.id);
      case IN_FLIGHT -> group.inFlight--;
      case DELAYED -> {}
    }
  }

  /** SQS takes each message without a group for a group of its own. */
  private static String group(Slot slot) {
    return slot.message.group().map("group "::concat).orElse(slot.id);
  }
}
