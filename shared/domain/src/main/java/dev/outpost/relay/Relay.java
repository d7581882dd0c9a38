package dev.outpost.relay;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.StateChange;
import dev.outpost.dispatch.Status;
import dev.outpost.fleet.Ending;
import dev.outpost.fleet.Endings;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.launch.WakeWaiting;
import dev.outpost.tenant.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Enacts what follows from changes of state: a freed slot or workspace wakes the next waiting
 * dispatch, a stop that was asked for reaches the launcher, a failure is handed on to the agent
 * that stands by, everybody who listens hears of the new status.
 *
 * <p>The table's stream is the outbox of all this, so none of it is lost when a writer dies after
 * its write; each of it may happen more than once.
 */
public final class Relay {
  /**
   * What a bus that bills each event is told when nobody asks for more: that work has begun, and
   * how it ended. Of the others the client knows {@code pending} from its 201, and nobody can act
   * on {@code provisioning} and {@code completing}.
   */
  public static final Set<Status> USUALLY_PUBLISHED =
      Set.of(Status.RUNNING, Status.SUCCESS, Status.FAILED, Status.TIMEOUT, Status.CANCELLED);

  private final LaunchQueue queue;
  private final WakeWaiting wakeWaiting;
  private final Tell tell;
  private final Endings endings;

  /** The use case on these ports. */
  public Relay(LaunchQueue queue, WakeWaiting wakeWaiting, Tell tell, Endings endings) {
    this.queue = Objects.requireNonNull(queue, "queue");
    this.wakeWaiting = Objects.requireNonNull(wakeWaiting, "wakeWaiting");
    this.tell = Objects.requireNonNull(tell, "tell");
    this.endings = Objects.requireNonNull(endings, "endings");
  }

  /** Enacts them. An exception means that all of them must come again. */
  public void relay(List<StateChange> changes) {
    Set<TenantId> freed = new LinkedHashSet<>();
    List<StateChange> ours =
        changes.stream().filter(change -> concerns(change, tell.published())).toList();
    List<Ending> ended = new ArrayList<>();
    for (StateChange change : ours) {
      Dispatch after = change.after();
      if (letsOthersStart(change)) {
        freed.add(after.tenantId());
      }
      if (mustBeStopped(change)) {
        queue.send(after.id(), after.tenantId());
      }
      if (change.isEnd() && after.state() instanceof DispatchState.Ended end) {
        ended.add(ending(after, end));
      }
    }
    freed.forEach(wakeWaiting::wake);
    tell.of(ours);
    if (!ended.isEmpty()) {
      // Last, because it is the only one that a repetition falsifies.
      endings.add(ended);
    }
  }

  /**
   * Whether anything may follow from a change. Of the others nobody needs to tell the relay, and in
   * AWS nobody does: the filter before it says the same in the terms of the table's items.
   *
   * @param published which statuses the bus is told of
   */
  public static boolean concerns(StateChange change, Set<Status> published) {
    DispatchState after = change.after().state();
    return change.isEnd()
        || after instanceof DispatchState.Stopping
        || (after instanceof DispatchState.Pending && change.before().isPresent())
        || (change.isOfStatus() && published.contains(change.after().status()));
  }

  /**
   * A slot was freed, or a place in the line of those that want one workspace: whoever is next in
   * that line is told nothing while it waits, so it must be now.
   */
  private static boolean letsOthersStart(StateChange change) {
    Dispatch after = change.after();
    boolean freed =
        change.before().map(before -> before.state().holdsSlot()).orElse(false)
            && !after.state().holdsSlot();
    boolean left =
        after.spec().booking().isPresent()
            && after.state().isTerminal()
            && change.before().map(before -> !before.state().isTerminal()).orElse(false);
    return freed || left;
  }

  /** A stop was asked for, or the task of one that is to stop has just become known. */
  private static boolean mustBeStopped(StateChange change) {
    if (!(change.after().state() instanceof DispatchState.Stopping stopping)
        || stopping.launch().taskArn().isEmpty()) {
      return false;
    }
    if (!(change.before().map(Dispatch::state).orElse(null)
        instanceof DispatchState.Stopping before)) {
      return true;
    }
    Launch known = before.launch();
    return known.taskArn().isEmpty();
  }

  private static Ending ending(Dispatch dispatch, DispatchState.Ended end) {
    Duration ran = end.claimed().map(c -> Duration.between(c.at(), end.at())).orElse(Duration.ZERO);
    Optional<Duration> positive = Optional.of(ran).filter(Duration::isPositive);
    return new Ending(
        dispatch.spec().agent(), dispatch.status(), end.at(), positive.orElse(Duration.ZERO));
  }
}
