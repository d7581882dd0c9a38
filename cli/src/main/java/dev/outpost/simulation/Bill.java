package dev.outpost.simulation;

import dev.outpost.agent.Catalogue;
import dev.outpost.items.Tables;
import java.util.EnumMap;
import java.util.Map;

/**
 * What something costs, counted and priced.
 *
 * @param amounts how much of each thing AWS bills
 */
record Bill(Map<Billed, Double> amounts) {
  /** How many lives are lived first, so that the code is compiled as it is in a warm function. */
  private static final int WARM_UP = 150;

  private static final int MEASURED = 50;

  Bill {
    amounts = Map.copyOf(amounts);
  }

  /** What happens in a life. */
  interface Deeds {
    void in(Life life);
  }

  /** The mean bill of a deed, with what it costs on each path. */
  static Map<Path, Bill> of(Catalogue catalogue, Deeds deeds) {
    for (int i = 0; i < WARM_UP; i++) {
      deeds.in(new Life(catalogue));
    }
    Map<Path, Map<Billed, Double>> sums = new EnumMap<>(Path.class);
    for (int i = 0; i < MEASURED; i++) {
      Life life = new Life(catalogue);
      deeds.in(life);
      for (Meter.Counted entry : life.meter().counted()) {
        sums.computeIfAbsent(entry.path(), _ -> new EnumMap<>(Billed.class))
            .merge(entry.what(), entry.amount() / MEASURED, Double::sum);
      }
    }
    Map<Path, Bill> bills = new EnumMap<>(Path.class);
    sums.forEach((path, amounts) -> bills.put(path, new Bill(shareOf(path, amounts))));
    return bills;
  }

  /** The reconciler comes whether there is a dispatch or not; a dispatch pays for its own reads. */
  private static Map<Billed, Double> shareOf(Path path, Map<Billed, Double> amounts) {
    if (path != Path.RECONCILE_OPEN) {
      return amounts;
    }
    double rounds = amounts.get(Billed.LAMBDA_REQUEST);
    double idle = rounds * (Tables.WAITING_SHARDS + 2) * 0.5;
    return Map.of(Billed.DYNAMODB_READ, amounts.get(Billed.DYNAMODB_READ) - idle);
  }

  /** All of them together. */
  static Bill sum(Iterable<Bill> bills) {
    Map<Billed, Double> sum = new EnumMap<>(Billed.class);
    bills.forEach(bill -> bill.amounts().forEach((what, n) -> sum.merge(what, n, Double::sum)));
    return new Bill(sum);
  }

  double amount(Billed what) {
    return amounts.getOrDefault(what, 0.0);
  }

  /** Dollars for a million. */
  double dollars(Billed what) {
    return amount(what) * what.perMillion();
  }

  /** Dollars for a million, what keeps artifacts left out. */
  double controlPlane() {
    return dollars(false);
  }

  /** Dollars for a million, what keeps artifacts alone. */
  double storage() {
    return dollars(true);
  }

  private double dollars(boolean storage) {
    double sum = 0;
    for (Billed what : Billed.values()) {
      if (what.isStorage() == storage) {
        sum += dollars(what);
      }
    }
    return sum;
  }
}
