package dev.outpost.dispatch;

import dev.outpost.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The dispatches, with what must change in one transaction with them: the tenant's day, its
 * idempotency keys and its slots. Safe for use by many threads and processes.
 *
 * <p>There is no way to store a dispatch but these two: {@link #admit} begins its life, {@link
 * #change} continues it. Every method may throw an unchecked exception when the store fails; then
 * it is unknown whether it took effect, and it may be called again.
 */
public interface Dispatches {
  /**
   * Stores new dispatches, counts each against its tenant's UTC day, and records their group and
   * the idempotency key, all or nothing.
   *
   * <p>A dispatch that may only be accepted while its workspace is free takes that with it.
   *
   * <p>A replay is answered as such even when the day is used up. Called again with the same
   * dispatches after an unknown outcome it answers {@link Admission.Accepted} and counts once.
   *
   * @param intake dispatches as {@link Dispatch#accepted} makes them
   * @param dayLimit how many the tenant may have in a day
   * @param key the client's idempotency key, if it sent one
   */
  Admission admit(Intake intake, int dayLimit, Optional<IdempotencyKey> key);

  /** The same for one dispatch alone. */
  default Admission admit(Dispatch dispatch, int dayLimit, Optional<IdempotencyKey> key) {
    return admit(Intake.of(dispatch), dayLimit, key);
  }

  /**
   * What was accepted for that very request under that key, as it is now; empty when nothing was,
   * or its record is over.
   */
  Optional<Intake> accepted(TenantId tenantId, IdempotencyKey key, Instant now);

  /**
   * The dispatches of a tenant's group in the order in which they were asked for, read with strong
   * consistency; none for a group that the tenant does not have. A long task may be shortened.
   */
  List<Dispatch> group(TenantId tenantId, GroupId group);

  /** The dispatch of that id, read with strong consistency. */
  Optional<Dispatch> find(DispatchId id);

  /**
   * Lets an event happen to a dispatch: reads it, asks {@link Lifecycle}, and writes the next state
   * on the condition that nobody wrote in between (else it decides again). A state that holds a
   * slot takes it in the same transaction, one that doesn't frees it; and so with the workspace
   * that it holds ({@link Dispatch#holdsWorkspace}).
   */
  Change change(DispatchId id, DispatchEvent event);

  /**
   * The same for a dispatch that was just read, which may spare the read. Whatever has happened to
   * it since, the answer is that of {@link #change(DispatchId, DispatchEvent)}.
   *
   * @param seen as it was read or left by a change; its task may be its head alone
   */
  default Change change(Dispatch seen, DispatchEvent event) {
    return change(seen.id(), event);
  }

  /**
   * Keeps the data that a dispatch's agent returned, as long as the dispatch is kept. The first to
   * be kept stays: a report that comes again changes nothing.
   *
   * @param json at most {@link dev.outpost.run.Report#MAX_OUTPUT} bytes
   */
  void keepOutput(Dispatch dispatch, String json);

  /** The data that was kept of a dispatch. */
  Optional<String> output(DispatchId id);

  /**
   * A tenant's dispatches, newest first.
   *
   * @param after where the part before ended
   * @param limit how many at most, 1 to 100
   */
  Page list(TenantId tenantId, Filter filter, Optional<DispatchId> after, int limit);

  /**
   * A tenant's waiting dispatches whose turn it is ({@link Held#turns}), oldest first. May lag
   * behind the newest writes by a moment.
   *
   * @param limit how many at most
   */
  List<DispatchId> waiting(TenantId tenantId, Instant now, int limit);

  /** What a tenant's dispatches hold, read with strong consistency. */
  Held held(TenantId tenantId);

  /** The ids of a tenant's dispatches that hold a slot, read with strong consistency. */
  default Set<DispatchId> slots(TenantId tenantId) {
    return held(tenantId).slots();
  }

  /**
   * What a tenant's dispatches hold, and who waits: {@link #held} and {@link #waiting}, told by one
   * question.
   *
   * @param limit how many waiting ones at most
   */
  Line line(TenantId tenantId, Instant now, int limit);

  /**
   * Frees the slots and workspaces of a tenant that are held by dispatches which have ended, or
   * which do not exist. There are none as long as only {@link #change} moves them; it mends what
   * else may have come about, such as a table that was restored from a backup.
   *
   * @return how many were freed
   */
  int freeEnded(TenantId tenantId);

  /**
   * All dispatches whose {@link Dispatch#dueAt} has come, and of those that have ended only what
   * {@link #told} was not called of. May lag behind by a moment. A clock that runs ahead by moments
   * may make one seem expired that is about to be.
   */
  List<Due> due(Instant now);

  /**
   * Notes that everybody who listens was told of a dispatch's end. Done twice it changes nothing.
   */
  void told(Dispatch ended);

  /** How many dispatches of each agent are in each status that is not terminal. May lag behind. */
  Map<String, Map<Status, Integer>> open();
}
