package dev.outpost.runner.model;

import dev.outpost.run.Budget;
import dev.outpost.run.Failure;
import dev.outpost.run.Price;
import dev.outpost.run.PriceTable;
import dev.outpost.run.Usage;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * Counts what all calls of a run consume, and holds it against the budget. Thread-safe.
 *
 * <p>A budget in dollars must hold although a model's price is not known: such a call counts as the
 * dearest model of the table would. The cost that is told of it is none.
 */
final class Meter {
  private static final double BYTES_PER_TOKEN = 4;

  private final PriceTable prices;
  private final Budget budget;
  private final Runnable over;
  private final Map<Long, Counted> calls = new HashMap<>();
  private Counted settled = Counted.NOTHING;
  private long next;
  private long ended;
  private long answered;
  private Optional<Failure> fault = Optional.empty();
  private boolean isOver;

  /**
   * Consumption.
   *
   * @param told the cost that providers told, or that the table gives
   * @param isTold whether all of it is known
   * @param byProvider whether all of it was told by providers
   * @param bound the cost for the budget
   */
  private record Counted(
      long input,
      long cached,
      long output,
      double told,
      boolean isTold,
      boolean byProvider,
      double bound) {
    static final Counted NOTHING = new Counted(0, 0, 0, 0, true, true, 0);

    Counted plus(Counted other) {
      return new Counted(
          input + other.input,
          cached + other.cached,
          output + other.output,
          told + other.told,
          isTold && other.isTold,
          byProvider && other.byProvider,
          bound + other.bound);
    }
  }

  /**
   * A meter.
   *
   * @param over runs once, when the budget is used up
   */
  Meter(PriceTable prices, Budget budget, Runnable over) {
    this.prices = prices;
    this.budget = budget;
    this.over = over;
  }

  /** A call begins; answers its number. */
  synchronized long begin() {
    return next++;
  }

  /**
   * What a call has told so far.
   *
   * @param model the model asked for, where the answer names none
   */
  void update(long call, Told told, String model) {
    String name = told.model().isEmpty() ? model : told.model();
    take(
        call,
        counted(
            told.fresh(), told.cacheWritten(), told.served(), told.written(), told.cost(), name));
  }

  /**
   * A call that cost something ended and told nothing, or not its end: it counts what was told, at
   * least a token for every four bytes that were asked and one for every event of the answer.
   */
  void updateUntold(long call, Told told, String model, long asked, long events) {
    long known = told.fresh() + told.cacheWritten() + told.served();
    long fresh = known > 0 ? told.fresh() : (long) Math.ceil(asked / BYTES_PER_TOKEN);
    take(
        call,
        counted(
            fresh,
            told.cacheWritten(),
            told.served(),
            Math.max(told.written(), events),
            told.cost(),
            told.model().isEmpty() ? model : told.model()));
  }

  private Counted counted(
      long fresh, long cacheWritten, long served, long written, OptionalDouble cost, String model) {
    Optional<Price> price = prices.of(model);
    double listed =
        price
            .or(prices::dearest)
            .map(known -> known.of(fresh, cacheWritten, served, written))
            .orElse(0.0);
    return new Counted(
        fresh + cacheWritten,
        served,
        written,
        cost.orElse(listed),
        cost.isPresent() || price.isPresent(),
        cost.isPresent(),
        cost.orElse(listed));
  }

  private void take(long call, Counted counted) {
    boolean first;
    synchronized (this) {
      calls.put(call, counted);
      first = !isOver && exceeds(total());
      isOver |= first;
    }
    if (first) {
      over.run();
    }
  }

  /** A call ended well. */
  synchronized void succeeded(long call) {
    answered++;
    fault = Optional.empty();
    settle(call);
  }

  /** A call ended badly. */
  synchronized void failed(long call, Failure why) {
    fault = Optional.of(why);
    settle(call);
  }

  /** A call ended because its caller went away; that says nothing of the provider. */
  synchronized void abandoned(long call) {
    settle(call);
  }

  private void settle(long call) {
    Counted counted = calls.remove(call);
    if (counted != null) {
      settled = settled.plus(counted);
    }
    ended++;
    notifyAll();
  }

  /** Waits until every call has ended, at most that long. */
  synchronized void awaitEnd(Duration atMost) throws InterruptedException {
    long until = System.nanoTime() + atMost.toNanos();
    while (ended < next) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        return;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  private Counted total() {
    Counted total = settled;
    for (Counted call : calls.values()) {
      total = total.plus(call);
    }
    return total;
  }

  private boolean exceeds(Counted total) {
    return (budget.maxCostUsd().isPresent() && total.bound >= budget.maxCostUsd().getAsDouble())
        || (budget.maxTokens().isPresent()
            && total.input + total.cached + total.output >= budget.maxTokens().getAsLong());
  }

  /** Whether the budget is used up. */
  synchronized boolean isOver() {
    return isOver;
  }

  /** What was seen of the run so far. */
  synchronized Seen seen() {
    return new Seen(next, answered, fault, next == 0 ? Optional.empty() : Optional.of(usage()));
  }

  private Usage usage() {
    Counted total = total();
    if (!total.isTold || total.told > Usage.MAX_COST) {
      return new Usage(total.input, total.cached, total.output, OptionalDouble.empty());
    }
    return new Usage(
        total.input,
        total.cached,
        total.output,
        OptionalDouble.of(total.told),
        Optional.of(total.byProvider ? Usage.CostSource.PROVIDER : Usage.CostSource.PRICE_TABLE));
  }

  /** How much of the budget was used, as a sentence. */
  synchronized String spent() {
    Counted total = total();
    long tokens = total.input + total.cached + total.output;
    StringBuilder words = new StringBuilder("the dispatch's budget is used up: ");
    budget
        .maxCostUsd()
        .ifPresent(
            max -> words.append(String.format(Locale.ROOT, "$%.4f of $%.4f", total.bound, max)));
    budget
        .maxTokens()
        .ifPresent(
            max ->
                words
                    .append(budget.maxCostUsd().isPresent() ? ", " : "")
                    .append(tokens + " of " + max + " tokens"));
    return words.append(", in " + next + " calls").toString();
  }
}
