package dev.outpost.smallworld;

import dev.outpost.Ulids;
import dev.outpost.dispatch.Cancel;
import dev.outpost.dispatch.Change;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Due;
import dev.outpost.dispatch.Held;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.Lifecycle;
import dev.outpost.dispatch.Passage;
import dev.outpost.dispatch.Spec;
import dev.outpost.dispatch.StateChange;
import dev.outpost.dispatch.Status;
import dev.outpost.dispatch.Transition;
import dev.outpost.dispatch.Waiting;
import dev.outpost.launch.Runs;
import dev.outpost.run.Budget;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Workspace;
import dev.outpost.smallworld.Fiber.Answer;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tier;
import dev.outpost.workspace.Booking;
import dev.outpost.workspace.WorkspaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All there is in a small world, at one moment: the records, the messages, the tasks, the events on
 * their way, and every process, stopped at its next call. Equal worlds have equal futures. Never
 * changed: each step makes another.
 */
final class World {
  /** A whole five minutes, so that a round at once looks for orphans as well. */
  static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

  /** When all must long be over. */
  private static final Instant LATEST = START.plus(Duration.ofHours(8));

  /** How often time may pass before nothing goes wrong any more. */
  private static final int STORM = 2;

  /** What loses no message, and no process that was to send one. */
  private static final Set<Kind> NOTHING_LOST =
      EnumSet.of(Kind.ROOM, Kind.PLATFORM, Kind.TWINS, Kind.SILENCE, Kind.HANGS);

  private static final String REPOSITORY = "file:///small";

  private static final Duration ROUND = Duration.ofMinutes(1);
  private static final Duration SWEEP = Duration.ofMinutes(5);
  private static final Duration AGES = Duration.ofMinutes(70);

  /**
   * What a world has, and may have.
   *
   * @param dispatches how many dispatches of one tenant, which has one slot, or three where they
   *     want one workspace
   * @param faults how many things may go wrong, at any moment
   * @param kinds of which kinds
   * @param cancels whether a client cancels the first of them, at any moment
   * @param runnersKnowTheirTask whether a claim names its task
   * @param workspace whether all of them want one workspace, and what the first of them does while
   *     that is busy; the others wait
   */
  record Scope(
      int dispatches,
      int faults,
      Set<Kind> kinds,
      boolean cancels,
      boolean runnersKnowTheirTask,
      Optional<Booking.WhenBusy> workspace) {
    /** Without a workspace. */
    Scope(
        int dispatches,
        int faults,
        Set<Kind> kinds,
        boolean cancels,
        boolean runnersKnowTheirTask) {
      this(dispatches, faults, kinds, cancels, runnersKnowTheirTask, Optional.empty());
    }

    Tier tier() {
      return workspace.isPresent() ? Tier.STARTER : Tier.FREE;
    }
  }

  /** What can go wrong. */
  enum Kind {
    /** A call fails, or takes effect unheard. */
    CALLS,
    /** A process stops. */
    STOPS,
    /** The platform has no room for a task, or refuses it. */
    ROOM,
    /** The platform can't see a task, doesn't stop one, fails to start one; an agent fails. */
    PLATFORM,
    /** The platform starts two tasks for one launch. */
    TWINS,
    /** A runner falls silent, and its task lives on. */
    SILENCE,
    /** The same while its agent works: the part of it that lets others wait the longest. */
    HANGS,
    /** A message or an event comes again; an event or the stream is lost. */
    DELIVERY,
    /**
     * What is under way is late: first comes what is due; or a round of the reconciler too many.
     */
    LATE,
    /** What tells of a task's end is later than the platform remembers it. */
    AGES
  }

  /** A message of the launch queue. */
  record Message(DispatchId id, Instant visibleAt, boolean inFlight) {
    private Message inFlight(boolean now) {
      return new Message(id, visibleAt, now);
    }
  }

  /** A task-state event on its way. */
  record Seen(DispatchId id, DispatchEvent event) {}

  private enum CancelIs {
    NOT_SENT,
    SENT,
    ACCEPTED,
    REFUSED
  }

  /** A step that a world may take, and where it leads. */
  record Step(String what, World world) {}

  /** A promise was broken. */
  static final class Violated extends RuntimeException {
    private static final long serialVersionUID = 1;

    Violated(String what) {
      super(what);
    }
  }

  private final Scope scope;
  private final Witness witness;
  private Instant now = START;
  private int faults;
  private int waits;
  private Map<DispatchId, Dispatch> dispatches = new LinkedHashMap<>();
  private List<Message> messages = List.of();
  private List<StateChange> stream = List.of();
  private List<Task> tasks = List.of();
  private List<Seen> events = List.of();
  private List<Fiber> processes = List.of();
  private CancelIs cancel = CancelIs.NOT_SENT;
  private Set<DispatchId> refused = Set.of();
  private int hash;

  private World(Scope scope, Witness witness) {
    this.scope = scope;
    this.witness = witness;
    this.faults = scope.faults();
  }

  /** The world of a scope at its begin: its dispatches are accepted, and their messages sent. */
  static World of(Scope scope, Witness witness) {
    World world = new World(scope, witness);
    List<Message> sent = new ArrayList<>();
    for (int i = 0; i < scope.dispatches(); i++) {
      DispatchId id = new DispatchId("dsp_" + Ulids.floor(START.plusMillis(i)));
      Optional<Booking.WhenBusy> whenBusy =
          i == 0 ? scope.workspace() : scope.workspace().map(_ -> Booking.WhenBusy.WAIT);
      world.dispatches.put(id, Dispatch.accepted(id, TenantId.INSTALLATION, spec(whenBusy), START));
      sent.add(new Message(id, START, false));
    }
    world.messages = List.copyOf(sent);
    return world;
  }

  private static Spec spec(Optional<Booking.WhenBusy> whenBusy) {
    Optional<String> repository = whenBusy.map(_ -> REPOSITORY);
    return new Spec(
        "script",
        Optional.empty(),
        "a small task",
        repository,
        new Workspace(repository, Optional.empty(), Workspace.Init.NONE),
        Optional.empty(),
        Duration.ofSeconds(30),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Budget.NONE,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        List.of(),
        whenBusy.map(
            busy ->
                new Booking(
                    WorkspaceId.of(TenantId.INSTALLATION, REPOSITORY, "default"),
                    "default",
                    busy)));
  }

  private World with(Consumer<World> difference) {
    World next = new World(scope, witness);
    next.now = now;
    next.faults = faults;
    next.waits = waits;
    next.dispatches = dispatches;
    next.messages = messages;
    next.stream = stream;
    next.tasks = tasks;
    next.events = events;
    next.processes = processes;
    next.cancel = cancel;
    next.refused = refused;
    difference.accept(next);
    return next;
  }

  Instant now() {
    return now;
  }

  Tier tier() {
    return scope.tier();
  }

  // What may happen next.

  /** Every step that may be taken from here; none when all is over. */
  List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    Optional<Fiber> unseen = processes.stream().filter(this::isUnseen).findFirst();
    if (unseen.isPresent()) {
      goOn(unseen.get(), steps);
      return steps;
    }
    processes.forEach(process -> goOn(process, steps));
    deliverMessages(steps);
    readStream(steps);
    tasks.forEach(task -> platform(task, steps));
    events.forEach(event -> deliver(event, steps));
    boolean still = steps.isEmpty();
    if (scope.cancels() && cancel == CancelIs.NOT_SENT && waits <= STORM) {
      World sent = with(w -> w.cancel = CancelIs.SENT);
      DispatchId first = dispatches.keySet().iterator().next();
      steps.add(new Step("a cancel", sent.start(new Bodies.Cancelling(first))));
    }
    if (may(Kind.LATE)) {
      steps.add(new Step("a round too many", fault().start(new Bodies.Reconciling())));
      steps.add(new Step("all is late", fault().later(nextMoment())));
    }
    boolean onlyNewsIsLeft =
        processes.isEmpty() && !tasks.isEmpty() && tasks.stream().noneMatch(Task::isAlive);
    if (may(Kind.AGES) && onlyNewsIsLeft) {
      steps.add(new Step("all is an age late", fault().later(now.plus(AGES))));
    }
    if (still && !isOver()) {
      if (now.isAfter(LATEST)) {
        throw new Violated("1: it never ends: " + this);
      }
      nobodyIsForgotten();
      steps.add(new Step("time passes", later(nextMoment())));
    }
    return steps;
  }

  /**
   * Whoever only wants a slot that is free has a message on its way: at once where none goes lost,
   * and in every world when the reconciler has made a round in which nothing went wrong, and found
   * it due.
   */
  private void nobodyIsForgotten() {
    boolean nothingIsLost = scope.faults() == 0 || NOTHING_LOST.containsAll(scope.kinds());
    boolean calm = waits >= STORM;
    int free = tier().concurrent() - held().slots().size();
    List<Waiting> next = waiting(now, Integer.MAX_VALUE);
    for (Waiting one : next.subList(0, Math.max(0, Math.min(free, next.size())))) {
      boolean due = !now.isBefore(dispatch(one.id()).dueAt());
      if ((nothingIsLost || (calm && due))
          && messages.stream().noneMatch(message -> message.id().equals(one.id()))) {
        throw new Violated("1: a free slot wakes nobody: " + this);
      }
    }
  }

  private boolean isOver() {
    return dispatches.values().stream().allMatch(d -> d.state().isTerminal())
        && tasks.stream().noneMatch(Task::isAlive)
        && messages.isEmpty();
  }

  /** When something is due: a dispatch, a message, the search for orphans, else the next round. */
  private Instant nextMoment() {
    Stream<Instant> due = open().map(Dispatch::dueAt);
    Stream<Instant> visible = messages.stream().map(Message::visibleAt);
    long sweep = SWEEP.toSeconds();
    Stream<Instant> orphans =
        tasks.stream()
            .filter(Task::isAlive)
            .map(_ -> Instant.ofEpochSecond((now.getEpochSecond() / sweep + 1) * sweep));
    return Stream.of(due, visible, orphans)
        .flatMap(all -> all)
        .filter(now::isBefore)
        .min(Comparator.naturalOrder())
        .orElse(now.plus(ROUND));
  }

  /**
   * By then, when the reconciler makes its round. A function lives for half a minute at most, so
   * none that runs now goes on then; containers do.
   */
  private World later(Instant then) {
    World ended = this;
    for (Fiber process : processes) {
      if (!(process.body() instanceof Bodies.Running)) {
        ended = process.body().ended(ended.without(process));
      }
    }
    World later =
        ended.with(
            w -> {
              w.now = then;
              w.waits = waits + 1;
              if (w.waits >= STORM) {
                w.faults = 0;
              }
            });
    return later.start(new Bodies.Reconciling());
  }

  private boolean may(Kind kind) {
    return faults > 0 && scope.kinds().contains(kind);
  }

  private World fault() {
    return with(w -> w.faults = faults - 1);
  }

  private World start(Fiber.Body body) {
    return with(w -> w.processes = plus(processes, witness.process(body, this)));
  }

  private static <T> List<T> plus(List<T> list, T more) {
    List<T> longer = new ArrayList<>(list);
    longer.add(more);
    return sorted(longer);
  }

  private static <T> List<T> minus(List<T> list, T one) {
    List<T> shorter = new ArrayList<>(list);
    shorter.remove(one);
    return List.copyOf(shorter);
  }

  /** In an order that says nothing of how the world came about. */
  private static <T> List<T> sorted(List<T> list) {
    list.sort(Comparator.comparingInt(Object::hashCode));
    return List.copyOf(list);
  }

  private void goOn(Fiber process, List<Step> steps) {
    for (Answer answer : process.call().orElseThrow().in(this)) {
      steps.add(
          new Step(name(process) + ": " + answer.what(), answer.world().goOn(process, answer)));
      boolean fallible = answer.value() != Ports.Lost.LOST && answer.world().faults == faults;
      if (may(Kind.CALLS) && fallible) {
        Answer lost = new Answer("answer lost", answer.world().fault(), Ports.Lost.LOST);
        steps.add(
            new Step(
                name(process) + ": " + answer.what() + ", unheard",
                lost.world().goOn(process, lost)));
      }
    }
    if (may(Kind.CALLS)) {
      Answer failed = new Answer("failed", fault(), Ports.Lost.LOST);
      steps.add(new Step(name(process) + ": call failed", failed.world().goOn(process, failed)));
    }
    if (may(Kind.STOPS)) {
      World stopped = fault().without(process);
      steps.add(new Step(name(process) + ": stopped", process.body().ended(stopped)));
    }
  }

  /**
   * Whether nobody can tell when that step is taken, so that one order with all others stands for
   * every order: an acknowledgement, for whatever comes again or goes lost instead can do so at any
   * moment after it; an agent's work while nothing else can become of it. What is late ends a
   * process where it is, so then every moment counts.
   */
  private boolean isUnseen(Fiber process) {
    boolean becomesElse = may(Kind.PLATFORM) || may(Kind.SILENCE) || may(Kind.HANGS);
    return process.isAside()
        && !may(Kind.LATE)
        && !(process.body() instanceof Bodies.Running && becomesElse);
  }

  private static String name(Fiber process) {
    return process.body().getClass().getSimpleName();
  }

  private World without(Fiber process) {
    return with(w -> w.processes = minus(processes, process));
  }

  private World goOn(Fiber process, Answer answer) {
    Fiber next = witness.process(process, answer.value(), this);
    World gone = without(process);
    return next.call().isPresent()
        ? gone.with(w -> w.processes = plus(gone.processes, next))
        : next.body().ended(gone);
  }

  private void deliverMessages(List<Step> steps) {
    for (Message message : messages.stream().distinct().toList()) {
      Message flying = message.inFlight(true);
      if (!message.inFlight() && !now.isBefore(message.visibleAt())) {
        World taken = with(w -> w.messages = plus(minus(messages, message), flying));
        steps.add(new Step("a message", taken.start(new Bodies.Launching(flying))));
      } else if (message.inFlight() && may(Kind.DELIVERY)) {
        steps.add(new Step("a message again", fault().start(new Bodies.Launching(flying))));
      }
    }
  }

  private void readStream(List<Step> steps) {
    if (stream.isEmpty()) {
      return;
    }
    StateChange first = stream.getFirst();
    if (processes.stream().noneMatch(p -> p.body() instanceof Bodies.Relaying)) {
      steps.add(new Step("the stream", start(new Bodies.Relaying(first))));
    }
    if (may(Kind.DELIVERY)) {
      steps.add(
          new Step(
              "the stream is lost",
              fault()
                  .with(
                      w -> {
                        w.stream = List.of();
                        w.processes =
                            processes.stream()
                                .filter(p -> !(p.body() instanceof Bodies.Relaying))
                                .toList();
                      })));
    }
  }

  private void platform(Task task, List<Step> steps) {
    if (task.phase() == Task.Phase.STARTING) {
      if (task.stopAsked()) {
        steps.add(new Step("a task stops unstarted", stopped(task, OptionalInt.empty())));
        return;
      }
      World up = with(task.up()).with(w -> w.events = plus(events, seen(task, task.launched(now))));
      steps.add(
          new Step(
              "a task starts",
              up.start(
                  new Bodies.Running(
                      task.id(),
                      task.attempt(),
                      task.number(),
                      new Bodies.Running.Stage.Claiming(scope.runnersKnowTheirTask())))));
      if (may(Kind.PLATFORM)) {
        steps.add(new Step("a task fails to start", fault().stopped(task, OptionalInt.empty())));
      }
    } else if (task.isAlive()) {
      Optional<Fiber> runner =
          processes.stream()
              .filter(p -> p.body() instanceof Bodies.Running r && r.task() == task.number())
              .findFirst();
      World silenced = runner.map(this::without).orElse(this);
      if (task.stopAsked()) {
        steps.add(new Step("a task is killed", silenced.stopped(task, OptionalInt.of(137))));
      }
      if (runner.isPresent() && mayFallSilent((Bodies.Running) runner.get().body())) {
        steps.add(new Step("a runner falls silent", silenced.fault()));
      }
    }
  }

  private boolean mayFallSilent(Bodies.Running runner) {
    return may(Kind.SILENCE)
        || (may(Kind.HANGS) && runner.stage() instanceof Bodies.Running.Stage.Ending);
  }

  private static Seen seen(Task task, DispatchEvent event) {
    return new Seen(task.id(), event);
  }

  private World stopped(Task task, OptionalInt code) {
    Task stopped = task.stopped(code, now);
    return with(stopped).with(w -> w.events = plus(events, seen(stopped, stopped.event())));
  }

  private World with(Task changed) {
    List<Task> all = new ArrayList<>(tasks);
    all.set(changed.number(), changed);
    World next = with(w -> w.tasks = List.copyOf(all));
    next.witness.tasksAre(next.tasks);
    return next;
  }

  private void deliver(Seen seen, List<Step> steps) {
    World told = change(seen.id(), seen.event()).getFirst().world();
    World gone = told.with(w -> w.events = minus(told.events, seen));
    steps.add(new Step("an event", gone));
    if (may(Kind.DELIVERY)) {
      steps.add(new Step("an event, to come again", told.fault()));
      steps.add(new Step("an event is lost", fault().with(w -> w.events = minus(events, seen))));
    }
  }

  // What calls do.

  Dispatch dispatch(DispatchId id) {
    return dispatches.get(id);
  }

  List<Answer> read(String what, Object value) {
    return List.of(new Answer(what, this, value));
  }

  List<Waiting> waiting(Instant at, int limit) {
    Predicate<Waiting> turns = held().turns();
    List<Waiting> waiting = new ArrayList<>();
    for (Dispatch dispatch : dispatches.values()) {
      if (waiting.size() < limit
          && dispatch.state() instanceof DispatchState.Pending pending
          && !at.isBefore(pending.eligibleAt())
          && turns.test(dispatch.waiting())) {
        waiting.add(dispatch.waiting());
      }
    }
    return waiting;
  }

  /** What the states say; that the store's own word is the same is for its contract to see. */
  Held held() {
    Set<DispatchId> slots = new TreeSet<>();
    Map<WorkspaceId, DispatchId> workspaces = new HashMap<>();
    for (Dispatch dispatch : dispatches.values()) {
      if (dispatch.state().holdsSlot()) {
        slots.add(dispatch.id());
      }
      dispatch
          .holdsWorkspace()
          .ifPresent(
              id -> {
                if (workspaces.put(id, dispatch.id()) != null) {
                  throw new Violated("two have one workspace: " + this);
                }
              });
    }
    return new Held(slots, workspaces);
  }

  List<Due> due(Instant at) {
    return open().filter(d -> !at.isBefore(d.dueAt())).map(d -> due(d, at)).toList();
  }

  private static Due due(Dispatch dispatch, Instant at) {
    return dispatch.status() == Status.PENDING
        ? new Due.Pending(dispatch.id(), dispatch.tenantId(), !at.isBefore(dispatch.expiresAt()))
        : new Due.Launched(dispatch.id());
  }

  /** Who has not ended; that everybody is told of an end is no matter of these worlds. */
  private Stream<Dispatch> open() {
    return dispatches.values().stream().filter(d -> !d.state().isTerminal());
  }

  /** The one writer: the real table of transitions, and the slot that goes with the state. */
  List<Answer> change(DispatchId id, DispatchEvent event) {
    Dispatch before = dispatches.get(id);
    Transition transition = Lifecycle.on(before.state(), event);
    witness.met(before.state(), event, transition);
    String what =
        before.state().getClass().getSimpleName() + " meets " + event.getClass().getSimpleName();
    return switch (transition) {
      case Transition.Ignored ignored ->
          List.of(new Answer(what, this, new Change.Unchanged(before, ignored.why())));
      case Transition.Refused no ->
          List.of(new Answer(what, this, new Change.Refused(before, no.why())));
      case Transition.To to -> {
        // Without a version: two worlds that differ in nothing else have the same future.
        Dispatch after =
            new Dispatch(
                id,
                before.tenantId(),
                before.spec(),
                before.origin(),
                before.createdAt(),
                to.next(),
                1,
                List.of(new Passage(to.next().status(), 1, before.createdAt())));
        boolean takes = after.state().holdsSlot() && !before.state().holdsSlot();
        Held held = held();
        if (takes && (held.slots().size() >= tier().concurrent() || !held.lets(before.waiting()))) {
          yield List.of(new Answer(what, this, new Change.NoSlot(before)));
        }
        witness.changed(before, after, this);
        yield List.of(new Answer(what, changed(before, after), new Change.Changed(before, after)));
      }
    };
  }

  private World changed(Dispatch before, Dispatch after) {
    StateChange change = new StateChange(Optional.of(before), after);
    boolean matters =
        after.state() instanceof DispatchState.Stopping
            || (before.state().holdsSlot() && !after.state().holdsSlot())
            || (after.spec().booking().isPresent() && after.state().isTerminal());
    return with(
        w -> {
          w.dispatches = new LinkedHashMap<>(dispatches);
          w.dispatches.put(after.id(), after);
          if (matters) {
            w.stream = Stream.concat(stream.stream(), Stream.of(change)).toList();
          }
        });
  }

  /** One token, one task; unless the platform errs, or says that it won't. */
  List<Answer> runTask(Runs.Order order) {
    Optional<Task> known =
        tasks.stream()
            .filter(task -> task.id().equals(order.id()) && task.attempt() == order.attempt())
            .findFirst();
    List<Answer> answers = new ArrayList<>();
    World started = known.isPresent() ? this : more(order);
    int number = known.map(Task::number).orElse(tasks.size());
    answers.add(new Answer("RunTask", started, new Runs.Start.Started("task/" + number)));
    if (may(Kind.TWINS)) {
      answers.add(
          new Answer(
              "RunTask starts two",
              started.fault().more(order),
              new Runs.Start.Started("task/" + number)));
    }
    if (may(Kind.ROOM)) {
      answers.add(
          new Answer(
              "RunTask has no room",
              fault(),
              new Runs.Start.NoCapacity(new Failure(Cause.NO_CAPACITY, "no room"))));
      Set<DispatchId> all = new TreeSet<>(refused);
      all.add(order.id());
      answers.add(
          new Answer(
              "RunTask is refused",
              fault().with(w -> w.refused = all),
              new Runs.Start.Refused(new Failure(Cause.LAUNCH_FAILED, "refused"))));
    }
    return answers;
  }

  private World more(Runs.Order order) {
    List<Task> all = new ArrayList<>(tasks);
    all.add(Task.started(order.id(), order.attempt(), tasks.size(), now));
    return with(w -> w.tasks = List.copyOf(all));
  }

  List<Answer> stopTask(String arn) {
    Task task = tasks.stream().filter(one -> one.arn().equals(arn)).findFirst().orElseThrow();
    World asked = task.isAlive() ? with(task.asked()) : this;
    List<Answer> answers = new ArrayList<>();
    answers.add(new Answer("StopTask", asked, true));
    if (may(Kind.PLATFORM) && task.isAlive()) {
      answers.add(new Answer("StopTask does nothing", fault(), true));
    }
    return answers;
  }

  /** As the adapter looks: by the task that is known, else for one of the launch. */
  List<Answer> sighting(Dispatch dispatch) {
    Optional<Launch> launch = dispatch.state().launched();
    List<Task> seen =
        launch.isEmpty()
            ? List.of()
            : tasks.stream()
                .filter(task -> task.id().equals(dispatch.id()) && task.isToldOf(now))
                .filter(task -> task.attempt() == launch.get().attempt())
                .filter(task -> launch.get().taskArn().map(task.arn()::equals).orElse(true))
                .toList();
    Runs.Sighting found = new Runs.Sighting.None();
    for (Task task : seen) {
      if (task.isAlive()) {
        found = new Runs.Sighting.Alive(OptionalInt.of(task.attempt()), task.arn());
        break;
      }
      found = new Runs.Sighting.Stopped(task.event());
    }
    List<Answer> answers = new ArrayList<>();
    answers.add(new Answer("DescribeTasks", this, found));
    if (may(Kind.PLATFORM) && seen.stream().anyMatch(task -> task.mayBeHidden(now))) {
      answers.add(new Answer("DescribeTasks is behind", fault(), new Runs.Sighting.None()));
    }
    return answers;
  }

  List<Runs.AliveTask> alive() {
    return tasks.stream()
        .filter(Task::isAlive)
        .map(
            task ->
                new Runs.AliveTask(
                    task.arn(), task.id(), OptionalInt.of(task.attempt()), task.since()))
        .toList();
  }

  List<Answer> send(DispatchId id, Duration delay) {
    Message message = new Message(id, now.plus(delay), false);
    return List.of(new Answer("send", with(w -> w.messages = plus(messages, message)), true));
  }

  List<Answer> acknowledge(Message message) {
    return List.of(
        new Answer("acknowledge", with(w -> w.messages = minus(messages, message)), true));
  }

  World visibleAgain(Message message) {
    return messages.contains(message)
            && processes.stream().noneMatch(p -> p.body().equals(new Bodies.Launching(message)))
        ? with(w -> w.messages = plus(minus(messages, message), message.inFlight(false)))
        : this;
  }

  List<Answer> toldStream(StateChange change) {
    return List.of(new Answer("told", with(w -> w.stream = minus(stream, change)), true));
  }

  List<Answer> answeredCancel(Cancel.Outcome outcome) {
    CancelIs is =
        outcome instanceof Cancel.Outcome.Cancelled ? CancelIs.ACCEPTED : CancelIs.REFUSED;
    return List.of(new Answer("answer " + is, with(w -> w.cancel = is), true));
  }

  List<Answer> work(int task) {
    witness.begins(tasks.get(task), this);
    return List.of(new Answer("work", with(tasks.get(task).working()), true));
  }

  List<Answer> finish(int task) {
    List<Answer> answers = new ArrayList<>();
    answers.add(new Answer("finish", with(tasks.get(task).done(true)), true));
    if (may(Kind.PLATFORM)) {
      answers.add(new Answer("fail", fault().with(tasks.get(task).done(false)), false));
    }
    return answers;
  }

  List<Answer> exit(int task, int code) {
    World exited =
        tasks.get(task).isAlive() ? stopped(tasks.get(task), OptionalInt.of(code)) : this;
    return List.of(new Answer("exit " + code, exited, true));
  }

  World died(int task) {
    return tasks.get(task).isAlive() ? stopped(tasks.get(task), OptionalInt.of(1)) : this;
  }

  // What witnesses ask.

  List<Task> tasks() {
    return tasks;
  }

  boolean isCancelSent() {
    return cancel != CancelIs.NOT_SENT;
  }

  boolean wasRefused(DispatchId id) {
    return refused.contains(id);
  }

  /** Checks what must hold when all is over. */
  void close() {
    Status first = dispatches.values().iterator().next().status();
    if (cancel == CancelIs.ACCEPTED && first != Status.CANCELLED) {
      throw new Violated("14: a cancel was accepted, and the dispatch is " + first);
    }
    if (cancel == CancelIs.REFUSED && first == Status.CANCELLED) {
      throw new Violated("14: a cancel was refused, and the dispatch is cancelled");
    }
    if (!isOver() || !stream.isEmpty() || !events.isEmpty() || !processes.isEmpty()) {
      throw new Violated("1: it is not over, and nothing can happen: " + this);
    }
  }

  private List<Object> parts() {
    return List.of(
        now,
        faults,
        waits,
        dispatches,
        messages,
        stream,
        tasks,
        events,
        processes,
        cancel,
        refused);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof World that
        && hashCode() == that.hashCode()
        && parts().equals(that.parts());
  }

  @Override
  public int hashCode() {
    if (hash == 0) {
      hash = Objects.hash(parts().toArray());
    }
    return hash;
  }

  @Override
  public String toString() {
    return parts().toString();
  }
}
