package dev.outpost.simulation;

import dev.outpost.agent.Catalogue;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Many histories, one seed after the other, on all cores. */
public final class Campaign {
  /** The stage that histories take place in: part of the names of what their calls are about. */
  public static final String STAGE = Functions.STAGE;

  /** How many violated seeds are kept; one would do, but the others may be easier to read. */
  private static final int MAX_VIOLATIONS = 20;

  private final Catalogue catalogue;
  private final Optional<CallListener> listener;
  private final Map<Fault, Long> hits = new EnumMap<>(Fault.class);
  private final Map<Long, String> violations = new TreeMap<>();
  private long histories;
  private long steps;
  private long dispatches;

  /** Of dispatches to that catalogue's agents. */
  public Campaign(Catalogue catalogue) {
    this(catalogue, Optional.empty());
  }

  /** The same, of which somebody hears what each function asks of AWS. */
  public Campaign(Catalogue catalogue, CallListener listener) {
    this(catalogue, Optional.of(listener));
  }

  private Campaign(Catalogue catalogue, Optional<CallListener> listener) {
    this.catalogue = Objects.requireNonNull(catalogue, "catalogue");
    this.listener = Objects.requireNonNull(listener, "listener");
  }

  /**
   * What a campaign found.
   *
   * @param histories how many were run
   * @param steps how many steps they took, all together
   * @param dispatches how many dispatches they accepted
   * @param hits how often each kind of fault was hit, by its name
   * @param violations what was violated first in a seed's history, by the seed
   */
  public record Findings(
      long histories,
      long steps,
      long dispatches,
      Map<String, Long> hits,
      Map<Long, String> violations) {}

  /**
   * Runs the histories of seeds from one on. Ends early when the time is up or when too much is
   * violated.
   *
   * @param from the first seed
   * @param seeds how many
   * @param atMost when to end; asked with the nanoseconds of {@code ticker}
   * @param ticker nanoseconds of a real clock
   * @param progress is told the findings so far, about once a second
   */
  public Findings run(
      long from, long seeds, Duration atMost, LongSupplier ticker, Consumer<Findings> progress)
      throws InterruptedException {
    long begin = ticker.getAsLong();
    AtomicLong next = new AtomicLong(from);
    int workers = Runtime.getRuntime().availableProcessors();
    CountDownLatch working = new CountDownLatch(workers);
    for (int i = 0; i < workers; i++) {
      // A virtual thread, because a history's processes are: they hand over to it in a microsecond.
      Thread.ofVirtual()
          .name("history")
          .start(
              () -> {
                try {
                  long seed = next.getAndIncrement();
                  while (seed < from + seeds
                      && ticker.getAsLong() - begin < atMost.toNanos()
                      && mayGoOn()) {
                    add(seed, history(seed));
                    seed = next.getAndIncrement();
                  }
                } finally {
                  working.countDown();
                }
              });
    }
    while (!working.await(1, java.util.concurrent.TimeUnit.SECONDS)) {
      progress.accept(findings());
    }
    return findings();
  }

  private World.Outcome history(long seed) {
    return new World(seed, catalogue, Optional.empty(), listener).run();
  }

  /**
   * Runs one history and tells its every step.
   *
   * @return what was violated
   */
  public java.util.List<String> replay(long seed, Consumer<String> trace) {
    return new World(seed, catalogue, Optional.of(trace)).run().violations();
  }

  private synchronized boolean mayGoOn() {
    return violations.size() < MAX_VIOLATIONS;
  }

  private synchronized void add(long seed, World.Outcome outcome) {
    histories++;
    steps += outcome.steps();
    dispatches += outcome.dispatches();
    outcome.hits().forEach((fault, count) -> hits.merge(fault, count, Long::sum));
    if (!outcome.violations().isEmpty()) {
      violations.put(seed, outcome.violations().getFirst());
    }
  }

  private synchronized Findings findings() {
    Map<String, Long> byName = new TreeMap<>();
    for (Fault fault : Fault.values()) {
      byName.put(fault.name(), hits.getOrDefault(fault, 0L));
    }
    return new Findings(histories, steps, dispatches, byName, new TreeMap<>(violations));
  }
}
