package dev.outpost.machine;

import dev.outpost.embedded.EmbeddedStore;
import dev.outpost.embedded.StoreTransaction;
import dev.outpost.embedded.StoreView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * The tasks, durable, and an event of each change of theirs in the same transaction: none is lost,
 * whenever the process ends. Safe for use by many threads.
 */
final class LocalTasks {
  /** How long a stopped task is remembered ("at least one hour", DescribeTasks). */
  static final Duration STOPPED_KEPT = Duration.ofHours(1);

  /**
   * How long a client token is remembered: for 24 hours, or an hour longer than its task if that is
   * sooner (API Reference, "Ensuring idempotency").
   */
  static final Duration TOKEN_KEPT = Duration.ofHours(24);

  private static final String TASKS = "ecs/tasks";
  private static final String TOKENS = "ecs/tokens";

  private final EmbeddedStore store;
  private final InstantSource clock;
  private final EventOutbox outbox;

  LocalTasks(EmbeddedStore store, InstantSource clock, EventOutbox outbox) {
    this.store = store;
    this.clock = clock;
    this.outbox = outbox;
  }

  /**
   * What came of a call with a client token.
   *
   * @param task the token's task
   * @param isSame whether it was made by the same request
   */
  record Taken(LocalTask task, boolean isSame) {}

  /**
   * Makes a task, unless the token has one.
   *
   * @param token the client token; empty for none
   * @param fingerprint what tells requests with one token apart
   */
  Taken run(LocalTask task, String token, String fingerprint) {
    Taken taken =
        store.transact(
            tx -> {
              Optional<Taken> known =
                  token.isEmpty() ? Optional.empty() : known(tx, token, fingerprint);
              if (known.isPresent()) {
                return known.get();
              }
              if (!token.isEmpty()) {
                tx.put(
                    TOKENS,
                    token,
                    Json.write(
                        Map.of(
                            "task", task.id(),
                            "fingerprint", fingerprint,
                            "at", clock.instant().toString())));
              }
              return new Taken(write(tx, task), true);
            });
    outbox.wake();
    return taken;
  }

  private Optional<Taken> known(StoreTransaction tx, String token, String fingerprint) {
    return tx.get(TOKENS, token)
        .map(Json::read)
        .filter(
            known ->
                Instant.parse((String) known.get("at")).plus(TOKEN_KEPT).isAfter(clock.instant()))
        .flatMap(
            known ->
                find(tx, (String) known.get("task"))
                    .map(task -> new Taken(task, fingerprint.equals(known.get("fingerprint")))));
  }

  /**
   * Changes a task, and tells it if that changed anything.
   *
   * @return the task as it is then; empty for one that is not known
   */
  Optional<LocalTask> change(String id, UnaryOperator<LocalTask> change) {
    Optional<LocalTask> result =
        store.transact(
            tx ->
                find(tx, id)
                    .map(
                        before -> {
                          LocalTask after = change.apply(before);
                          return after.equals(before) ? before : write(tx, after);
                        }));
    outbox.wake();
    return result;
  }

  private LocalTask write(StoreTransaction tx, LocalTask task) {
    Instant now = clock.instant();
    LocalTask next =
        task.with(
            Map.of(
                "version",
                ((Number) task.detail().getOrDefault("version", 0)).intValue() + 1,
                "updatedAt",
                now.toString()));
    tx.put(TASKS, next.id(), next.json());
    outbox.add(tx, event(next, now));
    return next;
  }

  private static String event(LocalTask task, Instant now) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("version", "0");
    event.put("id", UUID.randomUUID().toString());
    event.put("detail-type", "ECS Task State Change");
    event.put("source", "aws.ecs");
    event.put("account", LocalTask.ACCOUNT);
    event.put("time", now.truncatedTo(ChronoUnit.SECONDS).toString());
    event.put("region", LocalTask.REGION);
    event.put("resources", List.of(task.arn()));
    event.put("detail", task.detail());
    return Json.write(event);
  }

  Optional<LocalTask> find(String id) {
    return store.<Optional<LocalTask>>read(view -> find(view, id));
  }

  private Optional<LocalTask> find(StoreView view, String id) {
    return view.get(TASKS, id)
        .map(json -> LocalTask.of(id, json))
        .filter(task -> !isForgotten(task));
  }

  /** All tasks that are not forgotten. */
  List<LocalTask> all() {
    return store.read(
        view ->
            view.ascending(TASKS, "")
                .map(entry -> LocalTask.of(entry.key(), entry.value()))
                .filter(task -> !isForgotten(task))
                .toList());
  }

  private boolean isForgotten(LocalTask task) {
    return task.isStopped()
        && task.time("stoppedAt")
            .filter(at -> !at.plus(STOPPED_KEPT).isAfter(clock.instant()))
            .isPresent();
  }

  /** Removes what is forgotten from the store. */
  void forget() {
    store.change(
        tx -> {
          List<String> tasks =
              tx.ascending(TASKS, "")
                  .filter(entry -> isForgotten(LocalTask.of(entry.key(), entry.value())))
                  .map(StoreView.Entry::key)
                  .toList();
          tasks.forEach(id -> tx.remove(TASKS, id));
          List<String> tokens =
              tx.ascending(TOKENS, "")
                  .filter(
                      entry -> find(tx, (String) Json.read(entry.value()).get("task")).isEmpty())
                  .map(StoreView.Entry::key)
                  .toList();
          tokens.forEach(token -> tx.remove(TOKENS, token));
        });
  }
}
