package dev.outpost.simulation;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.Status;
import dev.outpost.simulation.aws.MemoryEcs.TaskView;
import dev.outpost.webhook.Delivery;
import dev.outpost.workspace.WorkspaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The part of the witness that looks once a minute, when nothing goes wrong any more, whether what
 * is due has been done. Its numbers are those of {@code docs/promises.md}, written down once more:
 * they are the contract's, not our code's.
 */
final class Bounds {
  /** A period of the reconciler. */
  private static final Duration ROUND = Duration.ofMinutes(1);

  /** What is done in a round takes calls, and processes' clocks differ by seconds. */
  private static final Duration CALLS = Duration.ofMinutes(2);

  private static final Duration ONE_ROUND = ROUND.plus(CALLS);

  /** How long a dispatch whose message was lost may wait though there is room for it. */
  private static final Duration ENQUEUED = Duration.ofSeconds(60);

  /** How long after the slot was taken it is asked what became of a task. */
  private static final Duration LAUNCH_LOOKED_AT = Duration.ofMinutes(3);

  /** The same after a runner was last written down. */
  private static final Duration RUNNER_LOOKED_AT = Duration.ofMinutes(8);

  /** The same after the result or the request to stop; and how long a lost stop stays lost. */
  private static final Duration STOP_LOOKED_AT = Duration.ofMinutes(2);

  /** How long after the slot was taken a launch that nobody knows anything of is over. */
  static final Duration LAUNCH_LOST = Duration.ofMinutes(53);

  /**
   * How long after the slot was taken a dispatch by which the launcher fails is given up: looked at
   * for want of a task, and received five times then, three minutes apart.
   */
  private static final Duration GIVEN_UP = LAUNCH_LOOKED_AT.plus(Duration.ofMinutes(12));

  /** How long after the slot was taken RunTask may be called. */
  private static final Duration LEASE = Duration.ofMinutes(50);

  /** How long a task may take to start. */
  static final Duration STARTED = Duration.ofMinutes(10);

  /** How long a runner may be silent. */
  static final Duration HEARD = Duration.ofMinutes(20);

  private static final Duration LONGEST_PREPARATION = Duration.ofMinutes(10);
  private static final Duration GRACE = Duration.ofMinutes(2);
  private static final Duration WORKSPACE = Duration.ofMinutes(10);

  /** Between SIGTERM and SIGKILL. */
  private static final Duration KILLED = Duration.ofMinutes(2);

  private static final Duration ORPHAN_AGE = Duration.ofMinutes(3);
  private static final Duration ORPHANS_EVERY = Duration.ofMinutes(5);

  /** How long after an end everybody has heard of it, by the stream or by the reconciler. */
  private static final Duration TOLD = Duration.ofMinutes(5);

  private final World world;
  private final Ledger ledger;

  /** Since when the first in line has had room, by its id. */
  private final Map<String, Instant> roomSince = new HashMap<>();

  /** Dispatches whose ends the bus was told of. */
  private final Set<String> told = new HashSet<>();

  Bounds(World world, Ledger ledger) {
    this.world = Objects.requireNonNull(world, "world");
    this.ledger = Objects.requireNonNull(ledger, "ledger");
  }

  /**
   * Looks at everything.
   *
   * @param clear since when nothing goes wrong any more, but that the stream may be down
   */
  void check(Instant clear) {
    Map<String, TaskView> tasks = new HashMap<>();
    world.ecs().tasks().forEach(task -> tasks.put(task.arn(), task));
    for (Dispatch dispatch : ledger.dispatches().values()) {
      deadline(dispatch, clear);
      if (dispatch.state().isTerminal()) {
        heard(dispatch, clear);
        orphans(dispatch, tasks, clear);
      } else {
        launched(dispatch, tasks, clear);
        expired(dispatch, clear);
      }
    }
    ledger.tenants().forEach(tenant -> firstInLine(tenant, clear));
    for (Delivery delivery : ledger.tellings().waiting()) {
      if (delivery.state() instanceof Delivery.State.Waiting waiting) {
        require(11, "the next attempt is late of " + delivery, clear, waiting.due(), ONE_ROUND);
      }
    }
  }

  /** That it is not later than so long after an instant and after all went well. */
  private void require(int invariant, String what, Instant clear, Instant since, Duration within) {
    Instant from = since.isBefore(clear) ? clear : since;
    Instant now = world.timeline().instant();
    if (now.isAfter(from.plus(within))) {
      ledger.violated(invariant, what + ", since " + since + " and clear since " + clear);
    }
  }

  /** No agent works past its deadline, however its dispatch has ended. */
  private void deadline(Dispatch dispatch, Instant clear) {
    Story story = ledger.story(dispatch.id().value());
    Set<String> running = world.fargate().running();
    boolean works =
        story.tasks.entrySet().stream()
            .anyMatch(task -> task.getValue().worked && running.contains(task.getKey()));
    Optional<Instant> deadline = deadline(dispatch);
    if (works && deadline.isPresent()) {
      Duration search = dispatch.state().isTerminal() ? ORPHANS_EVERY : Duration.ZERO;
      require(
          13,
          dispatch.id() + " is still worked on after its deadline",
          clear,
          deadline.get(),
          STOP_LOOKED_AT.plus(ONE_ROUND).plus(KILLED).plus(search));
    }
  }

  /** When its time is up; empty before anybody has its job. */
  static Optional<Instant> deadline(Dispatch dispatch) {
    Duration timeout = dispatch.spec().timeout();
    Duration lifetime =
        (timeout.compareTo(LONGEST_PREPARATION) < 0 ? timeout : LONGEST_PREPARATION)
            .plus(timeout)
            .plus(GRACE)
            .plus(dispatch.spec().booking().isPresent() ? WORKSPACE : Duration.ZERO);
    return dispatch.state().claim().map(claimed -> claimed.at().plus(lifetime));
  }

  /** That a task has ended, or can be no more, is known. */
  private void launched(Dispatch dispatch, Map<String, TaskView> tasks, Instant clear) {
    Optional<Instant> looked =
        switch (dispatch.state()) {
          case DispatchState.Provisioning s -> Optional.of(s.launch().at().plus(LAUNCH_LOOKED_AT));
          case DispatchState.Running s -> Optional.of(s.heardAt().plus(RUNNER_LOOKED_AT));
          case DispatchState.Completing s -> Optional.of(s.at().plus(STOP_LOOKED_AT));
          case DispatchState.Stopping s -> Optional.of(s.at().plus(STOP_LOOKED_AT));
          case DispatchState.Pending _, DispatchState.Ended _ -> Optional.empty();
        };
    if (looked.isEmpty()) {
      return;
    }
    Optional<Launch> launch = dispatch.state().launched();
    Story story = ledger.story(dispatch.id().value());
    // Also where nobody has noted it.
    Optional<String> arn =
        launch.flatMap(
            it ->
                it.taskArn()
                    .or(
                        () ->
                            Optional.ofNullable(
                                story.startedFor.get(String.valueOf(it.attempt())))));
    if (arn.isPresent()) {
      TaskView task = tasks.get(arn.get());
      if (task == null) {
        // Forgotten: it ended an hour ago. That it is gone is believed some time after it was seen.
        Instant seen = launch.flatMap(Launch::heardOf).orElse(looked.get());
        Instant since = later(looked.get(), seen.plus(LAUNCH_LOOKED_AT));
        require(1, dispatch.id() + "'s task is forgotten", clear, since, ONE_ROUND);
      } else if (task.stoppedAt().isPresent()) {
        Instant since = later(task.stoppedAt().get(), looked.get());
        require(1, dispatch.id() + "'s task has ended", clear, since, ONE_ROUND);
      } else if (task.desiredStatus().equals("RUNNING")) {
        alive(dispatch, clear);
      }
    }
    if (arn.isEmpty() && dispatch.state() instanceof DispatchState.Provisioning s) {
      Instant at = s.launch().at();
      if (story.poisoned && clear.plus(GIVEN_UP).plus(ONE_ROUND).isBefore(at.plus(LEASE))) {
        String what = dispatch.id() + " is poison, and is not given up";
        require(19, what, clear, at, GIVEN_UP.plus(ONE_ROUND));
      }
      Instant lost = at.plus(LAUNCH_LOST);
      require(1, dispatch.id() + "'s launch is not settled", clear, lost, ONE_ROUND);
    }
  }

  /** A task that is alive and was not asked to stop may be so. */
  private void alive(Dispatch dispatch, Instant clear) {
    Optional<Instant> until =
        switch (dispatch.state()) {
          case DispatchState.Provisioning s -> Optional.of(s.launch().at().plus(STARTED));
          case DispatchState.Running s -> Optional.of(s.heardAt().plus(HEARD));
          case DispatchState.Completing s -> Optional.of(s.at().plus(STOP_LOOKED_AT));
          case DispatchState.Stopping s -> Optional.of(s.at());
          case DispatchState.Pending _, DispatchState.Ended _ -> Optional.empty();
        };
    if (until.isPresent()) {
      String what = dispatch.id() + "'s task should have been stopped";
      require(13, what, clear, until.get(), STOP_LOOKED_AT.plus(ONE_ROUND));
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** Who waits for no longer than it may. */
  private void expired(Dispatch dispatch, Instant clear) {
    if (dispatch.status() == Status.PENDING) {
      String what = dispatch.id() + " waits longer than it may";
      require(1, what, clear, expiry(dispatch), ONE_ROUND);
    }
  }

  /** Until when it may wait. */
  static Instant expiry(Dispatch dispatch) {
    return dispatch.spec().expiresAt().orElse(dispatch.createdAt().plus(Duration.ofDays(7)));
  }

  /** Everybody is told of an end, also when the stream is down. */
  private void heard(Dispatch dispatch, Instant clear) {
    String id = dispatch.id().value();
    if (!told.contains(id) && dispatch.state() instanceof DispatchState.Ended ended) {
      if (world.bus().told().containsKey(id + "#" + dispatch.version())) {
        told.add(id);
        return;
      }
      String what = id + " has ended, and nobody was told: " + ended;
      require(11, what, clear, ended.at(), TOLD.plus(ONE_ROUND));
    }
  }

  /** A task of a dispatch that has ended is asked to stop, whatever it does. */
  private void orphans(Dispatch dispatch, Map<String, TaskView> tasks, Instant clear) {
    if (dispatch.state() instanceof DispatchState.Ended ended) {
      for (String arn : ledger.story(dispatch.id().value()).tasks.keySet()) {
        TaskView task = tasks.get(arn);
        if (task != null && task.desiredStatus().equals("RUNNING")) {
          Instant since = later(ended.at(), task.createdAt().plus(ORPHAN_AGE));
          String what = arn + " is an orphan of " + dispatch.id();
          require(13, what, clear, since, ORPHANS_EVERY.plus(ONE_ROUND));
        }
      }
    }
  }

  /**
   * Who is first in line gets a slot when there is one, though its message was lost. Not one by
   * which the launcher fails: that has its own end. One whose workspace another has, or an older
   * one wants, lets the next one go first.
   */
  private void firstInLine(String tenant, Instant clear) {
    Instant now = world.timeline().instant();
    List<Dispatch> waiting =
        ledger.dispatches().values().stream()
            .filter(one -> one.tenantId().value().equals(tenant))
            .filter(
                one ->
                    one.state() instanceof DispatchState.Pending pending
                        && !pending.eligibleAt().isAfter(now))
            .sorted(Comparator.comparing(Dispatch::id))
            .toList();
    Optional<String> first =
        firstOf(waiting)
            .map(one -> one.id().value())
            .filter(id -> !ledger.story(id).poisoned && ledger.hasRoom(tenant));
    roomSince.keySet().removeIf(id -> isOf(id, tenant) && !Optional.of(id).equals(first));
    if (first.isPresent()) {
      Instant since = roomSince.computeIfAbsent(first.get(), _ -> now);
      require(1, first.get() + " has room, and waits", clear, since, ENQUEUED.plus(ONE_ROUND));
    }
  }

  /** The first whose workspace, if it wants one, no other has and no older one wants. */
  private Optional<Dispatch> firstOf(List<Dispatch> waiting) {
    Set<WorkspaceId> spokenFor = new HashSet<>();
    for (Dispatch dispatch : waiting) {
      Optional<WorkspaceId> workspace = dispatch.waiting().workspace();
      if (workspace.isEmpty()
          || (spokenFor.add(workspace.get()) && ledger.mayHave(dispatch, workspace.get()))) {
        return Optional.of(dispatch);
      }
    }
    return Optional.empty();
  }

  private boolean isOf(String id, String tenant) {
    return ledger.dispatches().get(id).tenantId().value().equals(tenant);
  }
}
