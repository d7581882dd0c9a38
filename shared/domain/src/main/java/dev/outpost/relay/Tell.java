package dev.outpost.relay;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Passage;
import dev.outpost.dispatch.StateChange;
import dev.outpost.dispatch.Status;
import dev.outpost.webhook.Announce;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Tells everybody who listens what statuses dispatches take: webhooks, the bus, and, of a failure,
 * the agent that stands by. Safe for use by many threads and processes; what is told twice is told
 * under one id.
 *
 * <p>An end is noted as told, after all of that. Until then its dispatch is due ({@link
 * Dispatches#due}), and the reconciler tells all that it has been: so nothing is lost with the
 * stream that usually tells it.
 */
public final class Tell {
  /**
   * How old a change may be that the stream still brings; an older one is given up. In AWS the
   * mapping that reads the stream is set to it.
   */
  public static final Duration BROUGHT_WITHIN = Duration.ofHours(6);

  /**
   * From this age on a change may have been given up, so it is told once more with the end of its
   * dispatch. The hour between covers clocks and what a batch takes.
   */
  static final Duration MAYBE_LOST_AFTER = BROUGHT_WITHIN.minusHours(1);

  private final Dispatches dispatches;
  private final Announce announce;
  private final LifecycleBus bus;
  private final FallBack fallBack;
  private final Set<Status> published;
  private final InstantSource clock;

  /**
   * The use case on these ports.
   *
   * @param published which statuses webhooks and the bus are told of
   */
  public Tell(
      Dispatches dispatches,
      Announce announce,
      LifecycleBus bus,
      FallBack fallBack,
      Set<Status> published,
      InstantSource clock) {
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.announce = Objects.requireNonNull(announce, "announce");
    this.bus = Objects.requireNonNull(bus, "bus");
    this.fallBack = Objects.requireNonNull(fallBack, "fallBack");
    this.published = Set.copyOf(published);
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** Tells of changes as they happen. An exception means that all of them must come again. */
  void of(List<StateChange> changes) {
    Instant maybeLost = clock.instant().minus(MAYBE_LOST_AFTER);
    List<LifecycleEvent> events = new ArrayList<>();
    List<Dispatch> ended = new ArrayList<>();
    for (StateChange change : changes) {
      Dispatch after = change.after();
      if (change.isEnd()) {
        fallBack.from(after);
        ended.add(after);
        after.passages().stream()
            .filter(passage -> passage.at().isBefore(maybeLost) && !passage.status().isTerminal())
            .forEach(passage -> add(after, passage, events));
      }
      if (change.isOfStatus()) {
        add(after, after.passages().getLast(), events);
      }
    }
    publish(events);
    ended.forEach(dispatches::told);
  }

  /** Tells of all that a dispatch which has ended has been; some of it may have been told. */
  public void ofAll(Dispatch ended) {
    List<LifecycleEvent> events = new ArrayList<>();
    ended.passages().forEach(passage -> add(ended, passage, events));
    publish(events);
    fallBack.from(ended);
    dispatches.told(ended);
  }

  private void add(Dispatch dispatch, Passage passage, List<LifecycleEvent> events) {
    if (published.contains(passage.status())) {
      events.add(LifecycleEvent.of(dispatch, passage));
    }
  }

  private void publish(List<LifecycleEvent> events) {
    if (!events.isEmpty()) {
      announce.announce(events);
      bus.publish(events);
    }
  }

  /** Which statuses webhooks and the bus are told of. */
  Set<Status> published() {
    return published;
  }
}
