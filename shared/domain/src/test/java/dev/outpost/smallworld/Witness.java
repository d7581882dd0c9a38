package dev.outpost.smallworld;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.Status;
import dev.outpost.dispatch.Transition;
import dev.outpost.run.Failure;
import dev.outpost.smallworld.World.Violated;
import dev.outpost.tenant.Tier;
import dev.outpost.workspace.Booking.WhenBusy;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Checks every step of every world, and notes which transitions it has seen. */
final class Witness {
  private final Map<List<Object>, Fiber> processes = new HashMap<>();
  private final Map<String, Set<String>> arrows = new TreeMap<>();
  private final Set<String> events = new TreeSet<>();

  /** A process started. */
  Fiber process(Fiber.Body body, World world) {
    return processes.computeIfAbsent(List.of(body, world.now()), _ -> Fiber.start(body, world));
  }

  /** A process one answer on: the same from the same, so it need not be run twice. */
  Fiber process(Fiber process, Object answer, World world) {
    return processes.computeIfAbsent(
        List.of(process, answer, world.now()), _ -> process.after(answer, world));
  }

  /** A state met an event. */
  void met(DispatchState state, DispatchEvent event, Transition transition) {
    events.add(event.getClass().getSimpleName());
    if (transition instanceof Transition.To to) {
      arrows
          .computeIfAbsent(name(state) + " --> " + name(to.next()), _ -> new TreeSet<>())
          .add(event.getClass().getSimpleName());
    }
  }

  private static String name(DispatchState state) {
    return state.getClass().getSimpleName();
  }

  /** The transitions seen, as arrow and the events that drew it. */
  Map<String, Set<String>> arrows() {
    return arrows;
  }

  /** The kinds of event seen. */
  Set<String> events() {
    return events;
  }

  private static void require(boolean holds, int invariant, String what) {
    if (!holds) {
      throw new Violated(invariant + ": " + what);
    }
  }

  /** In every world there is one slot, or one workspace that all want. */
  void tasksAre(List<Task> tasks) {
    require(
        tasks.stream().filter(Task::isWorking).count() <= Tier.FREE.concurrent(),
        8,
        "more than one task at work: " + tasks);
    require(
        tasks.stream().filter(Task::worked).map(Task::id).distinct().count()
            == tasks.stream().filter(Task::worked).count(),
        4,
        "two tasks of one dispatch have worked: " + tasks);
  }

  /** An agent begins to work. */
  void begins(Task task, World world) {
    Dispatch dispatch = world.dispatch(task.id());
    require(mustHold(dispatch), 9, "works, and holds nothing: " + dispatch);
  }

  /** Whether what it holds is its own by its status; a reserved workspace is so before that. */
  private static boolean mustHold(Dispatch dispatch) {
    return switch (dispatch.status()) {
      case PENDING, SUCCESS, FAILED, TIMEOUT, CANCELLED -> false;
      case PROVISIONING, RUNNING, COMPLETING -> true;
    };
  }

  private static boolean mustHoldWorkspace(Dispatch dispatch) {
    return dispatch
        .spec()
        .booking()
        .filter(
            booking ->
                mustHold(dispatch)
                    || (dispatch.status() == Status.PENDING
                        && booking.whenBusy() == WhenBusy.REJECT))
        .isPresent();
  }

  void changed(Dispatch before, Dispatch after, World world) {
    require(after.state().holdsSlot() == mustHold(after), 9, "the slot of " + after);
    require(
        after.holdsWorkspace().isPresent() == mustHoldWorkspace(after),
        9,
        "the workspace of " + after);
    require(!before.state().isTerminal(), 6, "written after its end: " + after);
    require(
        legal(before.status()).contains(after.status()),
        5,
        "from " + before.status() + " to " + after.status());
    if (after.state() instanceof DispatchState.Ended ended) {
      Optional<Task> task =
          ended
              .launch()
              .flatMap(Launch::taskArn)
              .flatMap(arn -> world.tasks().stream().filter(t -> t.arn().equals(arn)).findFirst());
      require(isTrue(before, ended, task, world), 12, "ends as " + ended + ", but was " + task);
      require(
          world.tasks().stream().noneMatch(t -> t.id().equals(after.id()) && t.isWorking()),
          9,
          "ends and frees what it holds at work: " + world.tasks());
    }
  }

  private static Set<Status> legal(Status from) {
    EnumSet<Status> ends =
        EnumSet.of(Status.SUCCESS, Status.FAILED, Status.TIMEOUT, Status.CANCELLED);
    EnumSet<Status> legal = EnumSet.copyOf(ends);
    switch (from) {
      case PENDING -> {
        legal.remove(Status.SUCCESS);
        legal.add(Status.PROVISIONING);
      }
      case PROVISIONING ->
          legal.addAll(
              EnumSet.of(Status.PENDING, Status.PROVISIONING, Status.RUNNING, Status.COMPLETING));
      case RUNNING -> legal.addAll(EnumSet.of(Status.RUNNING, Status.COMPLETING));
      case COMPLETING -> legal.add(Status.COMPLETING);
      case SUCCESS, FAILED, TIMEOUT, CANCELLED -> legal.clear();
    }
    return legal;
  }

  /** Whether the end that is told is what happened. */
  private static boolean isTrue(
      Dispatch before, DispatchState.Ended ended, Optional<Task> task, World world) {
    boolean succeeded = task.filter(Task::succeeded).isPresent();
    if (ended.failure().isEmpty()) {
      return succeeded;
    }
    Failure failure = ended.failure().get();
    boolean recorded =
        before.state() instanceof DispatchState.Stopping stopping
            && stopping.why().cause() == failure.cause();
    return switch (failure.cause()) {
      case CANCELLED -> world.isCancelSent();
      case TIMEOUT ->
          recorded && before.deadline().filter(d -> !world.now().isBefore(d)).isPresent();
      // Nobody was heard for long, or nobody can tell any more what became of the task.
      case TASK_LOST ->
          recorded || task.map(t -> !t.isAlive() && !t.isToldOf(world.now())).orElse(true);
      case LAUNCH_FAILED -> !succeeded && world.wasRefused(before.id());
      case TASK_FAILED_TO_START ->
          recorded || (!succeeded && task.filter(t -> !t.worked()).isPresent());
      case AGENT_ERROR -> task.flatMap(Task::done).filter(well -> !well).isPresent();
      case TASK_TERMINATED -> !succeeded && task.filter(Task::stopAsked).isPresent();
      case INTERNAL ->
          !succeeded
              && task.filter(t -> t.exit().isPresent() && !t.exit().equals(OptionalInt.of(0)))
                  .isPresent();
      default -> false;
    };
  }
}
