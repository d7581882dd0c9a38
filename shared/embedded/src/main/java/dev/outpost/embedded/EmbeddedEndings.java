package dev.outpost.embedded;

import dev.outpost.dispatch.Status;
import dev.outpost.fleet.Ending;
import dev.outpost.fleet.Endings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Counts of endings on the embedded store. Safe for use by many threads of one process. */
public final class EmbeddedEndings implements Endings {
  private static final String ENDINGS = "endings";

  /** Old buckets go when a new one comes; this is more than anybody looks back. */
  private static final Duration KEPT = WINDOW.multipliedBy(2);

  private final EmbeddedStore store;

  /** In that store. */
  public EmbeddedEndings(EmbeddedStore store) {
    this.store = Objects.requireNonNull(store, "store");
  }

  @Override
  public void add(List<Ending> endings) {
    store.change(
        tx -> {
          for (Ending ending : endings) {
            Instant bucket = Endings.bucket(ending.at());
            String key =
                Sortable.instant(bucket) + "/" + ending.agent() + "/" + ending.status().wire();
            String[] told = tx.get(ENDINGS, key).orElse("0|0").split("\\|", -1);
            tx.put(
                ENDINGS,
                key,
                (Long.parseLong(told[0]) + 1)
                    + "|"
                    + (Long.parseLong(told[1]) + ending.ran().toMillis()));
            forgetBefore(tx, bucket.minus(KEPT));
          }
        });
  }

  private static void forgetBefore(StoreTransaction tx, Instant instant) {
    String bound = Sortable.instant(instant);
    List<String> old;
    try (Stream<StoreView.Entry> entries = tx.ascending(ENDINGS, "")) {
      old =
          entries
              .takeWhile(entry -> entry.key().compareTo(bound) < 0)
              .map(StoreView.Entry::key)
              .toList();
    }
    old.forEach(key -> tx.remove(ENDINGS, key));
  }

  @Override
  public List<Count> lastHour(Instant now) {
    String first = Sortable.instant(Endings.bucket(now.minus(WINDOW)));
    String end = Sortable.instant(Endings.bucket(now).plus(BUCKET));
    Map<String, Count> counts = new TreeMap<>();
    store.read(
        view -> {
          try (Stream<StoreView.Entry> entries = view.ascending(ENDINGS, "", first)) {
            entries
                .takeWhile(entry -> entry.key().compareTo(end) < 0)
                .forEach(entry -> add(counts, entry));
          }
          return counts;
        });
    return new ArrayList<>(counts.values());
  }

  private static void add(Map<String, Count> counts, StoreView.Entry entry) {
    String[] names = entry.key().split("/", -1);
    String[] told = entry.value().split("\\|", -1);
    Count count =
        new Count(
            names[1],
            Status.of(names[2]).orElseThrow(),
            Long.parseLong(told[0]),
            Duration.ofMillis(Long.parseLong(told[1])));
    counts.merge(
        names[1] + "/" + names[2],
        count,
        (one, other) ->
            new Count(
                one.agent(),
                one.status(),
                one.dispatches() + other.dispatches(),
                one.ran().plus(other.ran())));
  }
}
