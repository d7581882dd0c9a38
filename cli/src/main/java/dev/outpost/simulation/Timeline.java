package dev.outpost.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Virtual time, and all that happens in it: an agenda of steps, of which the earliest is next.
 * Steps of one instant come in an order left to chance. One thread's at a time.
 */
final class Timeline implements InstantSource {
  private final PriorityQueue<Entry> agenda = new PriorityQueue<>();
  private final Set<Strand> strands = new LinkedHashSet<>();
  private final Chance chance;
  private Instant now;
  private Strand current;
  private long steps;
  private long entries;

  private record Entry(Instant at, int lot, long number, Runnable action)
      implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byTime = at.compareTo(other.at);
      if (byTime != 0) {
        return byTime;
      }
      int byLot = Integer.compare(lot, other.lot);
      return byLot != 0 ? byLot : Long.compare(number, other.number);
    }
  }

  Timeline(Instant start, Chance chance) {
    this.now = start;
    this.chance = chance;
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** How many steps were taken. */
  long steps() {
    return steps;
  }

  /** The name of the strand whose turn it is, or of the world itself. */
  String who() {
    return current == null ? "world" : current.name();
  }

  /** Has something happen after a while; it may not wait. */
  void after(Duration delay, Runnable action) {
    agenda.add(new Entry(now.plus(delay), chance.below(1 << 16), entries++, action));
  }

  /** Starts a process, now. */
  Strand start(String name, Runnable body) {
    return start(name, body, () -> {});
  }

  /** Starts a process, now; the second action happens at its end, however it ends. */
  Strand start(String name, Runnable body, Runnable atEnd) {
    Strand strand = new Strand(name, body, atEnd);
    strands.add(strand);
    long wait = strand.newWait();
    after(Duration.ZERO, () -> turn(strand, wait));
    return strand;
  }

  private void turn(Strand strand, long wait) {
    if (strand.waitsFor(wait)) {
      turn(strand);
    }
  }

  private void turn(Strand strand) {
    current = strand;
    strand.turn();
    current = null;
    if (strand.ended()) {
      strands.remove(strand);
      strand.failure().ifPresent(e -> throwOn(strand, e));
    }
  }

  private static void throwOn(Strand strand, Throwable failure) {
    throw new IllegalStateException("process " + strand.name() + " failed", failure);
  }

  /** Lets time pass for the strand whose turn it is. */
  void sleep(Duration time) {
    Strand strand = current;
    long wait = strand.newWait();
    after(time, () -> turn(strand, wait));
    strand.pause();
  }

  /** Waits for a promise, for so long at most; empty when it was not kept by then. */
  <T> Optional<T> await(Promise<T> promise, Duration atMost) {
    if (promise.value().isEmpty()) {
      Strand strand = current;
      long wait = strand.newWait();
      promise.onceKept(() -> after(Duration.ZERO, () -> turn(strand, wait)));
      after(atMost, () -> turn(strand, wait));
      strand.pause();
    }
    return promise.value();
  }

  /** Ends a process, now: of its code only what unwinds still runs. */
  void stop(Strand strand) {
    if (!strand.ended()) {
      strand.stop();
      after(
          Duration.ZERO,
          () -> {
            if (!strand.ended()) {
              turn(strand);
            }
          });
    }
  }

  /** Ends the process whose turn it is. */
  void stopHere() {
    current.stop();
    current.pause();
  }

  /** Whether the strand whose turn it is has been stopped and only unwinds. */
  boolean isUnwinding() {
    return current != null && current.stopped();
  }

  /** Lets so much time pass in which nothing happens: all that is to come comes so much later. */
  void skip(Duration time) {
    List<Entry> later = new ArrayList<>();
    agenda.forEach(
        next ->
            later.add(new Entry(next.at().plus(time), next.lot(), next.number(), next.action())));
    agenda.clear();
    agenda.addAll(later);
    now = now.plus(time);
  }

  /** Takes the next step if it comes before that instant. */
  boolean step(Instant before) {
    Entry next = agenda.peek();
    if (next == null || !next.at().isBefore(before)) {
      now = before.isAfter(now) ? before : now;
      return false;
    }
    agenda.remove();
    now = next.at();
    steps++;
    next.action().run();
    return true;
  }

  /** Ends whatever still runs. */
  void close() {
    List<Strand> left = new ArrayList<>(strands);
    for (Strand strand : left) {
      strand.stop();
      strand.turn();
    }
    strands.clear();
  }
}
