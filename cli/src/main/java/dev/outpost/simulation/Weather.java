package dev.outpost.simulation;

import java.util.EnumMap;
import java.util.Map;

/**
 * Which faults a history has, how often, and how often they were hit. Every history draws its own:
 * a few kinds at a high rate find what all kinds at a low one never would. When the weather clears,
 * no new fault comes.
 */
final class Weather {
  private final Map<Fault, Double> rates = new EnumMap<>(Fault.class);
  private final Map<Fault, Long> hits = new EnumMap<>(Fault.class);
  private final Chance chance;
  private boolean clear;

  Weather(Chance chance) {
    this.chance = chance;
    double share = chance.oneOf(java.util.List.of(0.0, 0.1, 0.25, 0.5, 1.0));
    for (Fault fault : Fault.values()) {
      if (chance.hit(share)) {
        rates.put(fault, fault.mostRate() * (0.1 + 0.9 * chance.fraction()));
      }
    }
  }

  /** Whether there is now what leads to the fault; it is to be counted when it happens. */
  boolean brings(Fault fault) {
    return !clear && chance.hit(rates.getOrDefault(fault, 0.0));
  }

  /** Whether the fault happens now. */
  boolean has(Fault fault) {
    boolean hit = brings(fault);
    if (hit) {
      count(fault);
    }
    return hit;
  }

  /** Counts a fault that followed from others. */
  void count(Fault fault) {
    hits.merge(fault, 1L, Long::sum);
  }

  /** From now on nothing goes wrong any more. */
  void clearUp() {
    clear = true;
  }

  /** Whether nothing ever goes wrong in this history. */
  boolean isFair() {
    return rates.isEmpty();
  }

  boolean isClear() {
    return clear;
  }

  Map<Fault, Long> hits() {
    return hits;
  }
}
