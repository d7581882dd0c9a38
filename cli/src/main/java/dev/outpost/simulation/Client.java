package dev.outpost.simulation;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Status;
import dev.outpost.edge.Json;
import dev.outpost.tenant.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A tenant's program: sends dispatches in bursts, repeats what was not answered, cancels some, and
 * looks at what becomes of them, as well as at what is not its own.
 */
final class Client {
  private static final int MAX_TRIES = 8;
  private static final String NOBODYS = "/dispatch/dsp_00000000000000000000000000";

  private final World world;
  private final Chance chance;
  private final Account account;
  private final Tier tier;

  /** Whether it works in a workspace, with one dispatch after the other. */
  private final boolean sharing;

  private int requests;
  private int running;

  /** Which agents a task is asked of. */
  private enum Asked {
    /** The first alone. */
    OF_ONE,
    /** The first, and if it fails the second. */
    OF_ONE_THEN_THE_OTHER,
    /** All of them, as a group. */
    OF_ALL
  }

  /** Where a task is to be worked on. */
  private enum Where {
    /** Nowhere that anybody else would be. */
    ALONE,
    /** In a workspace, whenever it is free. */
    WHEN_FREE,
    /** In a workspace that is free now, or not at all. */
    IF_FREE
  }

  /** What came of one request that a client made, however often it sent it. */
  private static final class Wish {
    private final String task;
    private final Optional<String> key;
    private final Asked asked;
    private final Where where;
    private final Optional<Instant> expiresAt;
    private int sent;
    private boolean onlyRefused = true;
    private List<String> ids = List.of();
    private String group = "";

    private Wish(
        String task, Optional<String> key, Asked asked, Where where, Optional<Instant> expiresAt) {
      this.task = task;
      this.key = key;
      this.asked = asked;
      this.where = where;
      this.expiresAt = expiresAt;
    }

    /** A group has no workspace to share. */
    private boolean isInWorkspace() {
      return where != Where.ALONE && asked != Asked.OF_ALL;
    }

    private boolean mayFindItBusy() {
      return isInWorkspace() && where == Where.IF_FREE;
    }

    /** Whether its time to wait may be over before it is accepted. */
    private boolean mayBeTooLate(Instant now) {
      return expiresAt.filter(at -> !at.isAfter(now.plus(World.MOST_SKEW))).isPresent();
    }

    /** How many dispatches one acceptance makes. */
    private int copies() {
      return asked == Asked.OF_ALL ? Functions.AGENTS.size() : 1;
    }
  }

  private final List<Wish> wishes = new ArrayList<>();

  Client(World world, Account account, Tier tier) {
    this.world = world;
    this.chance = world.chance();
    this.account = account;
    this.tier = tier;
    this.sharing = chance.hit(0.25);
  }

  /** Sends that many dispatches within that time, in bursts. */
  void start(int dispatches, Duration within) {
    for (int left = dispatches; left > 0; ) {
      int burst = Math.min(left, chance.between(1, 4));
      Duration when = chance.upTo(within);
      for (int i = 0; i < burst; i++) {
        running++;
        world
            .timeline()
            .after(when, () -> world.timeline().start("client", this::dispatch, () -> running--));
      }
      left -= burst;
    }
  }

  /** The keys that it has ever had. */
  List<String> keys() {
    return account.keys().stream().map(Account.Key::secret).toList();
  }

  boolean isDone() {
    return running == 0;
  }

  private void dispatch() {
    int number = ++requests;
    Wish wish =
        new Wish(
            "task " + number + " of tenant " + account.tenant(),
            chance.hit(0.6) ? Optional.of("key-" + number) : Optional.empty(),
            chance.hit(0.7)
                ? Asked.OF_ONE
                : chance.oneOf(List.of(Asked.OF_ONE_THEN_THE_OTHER, Asked.OF_ALL)),
            sharing && chance.hit(0.7)
                ? chance.oneOf(List.of(Where.WHEN_FREE, Where.IF_FREE))
                : Where.ALONE,
            chance.hit(0.1)
                ? Optional.of(
                    world
                        .timeline()
                        .instant()
                        .plus(chance.between(Duration.ofMinutes(5), Duration.ofHours(1))))
                : Optional.empty());
    wishes.add(wish);
    if (chance.hit(0.1)) {
      sendNonsense(number);
    }
    send(wish);
    if (wish.ids.isEmpty()) {
      return;
    }
    String id = chance.oneOf(wish.ids);
    if (chance.hit(0.1)) {
      readAsStranger(id);
    }
    if (wish.key.isPresent() && chance.hit(0.2)) {
      reuse(wish);
    }
    if (world.weather().has(Fault.CLIENT_CANCELS)) {
      world.timeline().sleep(chance.between(Duration.ofMillis(10), Duration.ofMinutes(6)));
      if (wish.asked == Asked.OF_ALL && chance.hit(0.5)) {
        cancelAll(wish);
      } else {
        cancel(id);
      }
    }
    if (sharing && chance.hit(0.3)) {
      tidy();
    }
    watch(id);
    if (chance.hit(0.3)) {
      readToTheEnd(id);
    }
    if (sharing && chance.hit(0.5)) {
      tidy();
    }
  }

  private Optional<Reply> call(String method, String path, Optional<String> body) {
    Account.Key key = account.key(chance);
    Instant sent = world.timeline().instant();
    Optional<Reply> reply =
        world.gateway().call(new Request(method, path, Optional.of(key.secret()), body));
    reply.ifPresent(
        answer ->
            world
                .ledger()
                .require(
                    !answer.body().contains(Functions.CREDENTIAL)
                        && keys().stream().noneMatch(answer.body()::contains),
                    17,
                    "a secret in the answer to " + method + " " + path));
    boolean denied = reply.isPresent() && List.of(401, 403).contains(reply.get().status());
    world
        .ledger()
        .require(
            !denied || !world.weather().isFair(), 1, method + " " + path + " was denied: " + reply);
    if (reply.isPresent() && reply.get().succeeded()) {
      world
          .ledger()
          .require(
              key.revoked().isEmpty() || sent.isBefore(key.revoked().get()),
              16,
              "a key worked that was revoked at " + key.revoked());
    }
    return reply;
  }

  private static String body(Wish wish, String task, int timeoutSeconds) {
    Map<String, Object> body = new LinkedHashMap<>();
    switch (wish.asked) {
      case OF_ONE -> body.put("agent", Functions.AGENTS.getFirst());
      case OF_ONE_THEN_THE_OTHER -> {
        body.put("agent", Functions.AGENTS.getFirst());
        body.put("fallback", Functions.AGENTS.subList(1, Functions.AGENTS.size()));
      }
      case OF_ALL -> body.put("agent", Functions.AGENTS);
    }
    body.put("task", task);
    body.put("timeoutSeconds", timeoutSeconds);
    if (wish.isInWorkspace()) {
      body.put("repo", "acme/app");
      body.put("workspaceMode", "persistent");
      body.put("workspaceBusy", wish.where == Where.IF_FREE ? "reject" : "wait");
    }
    wish.key.ifPresent(key -> body.put("idempotencyKey", key));
    wish.expiresAt.ifPresent(at -> body.put("expiresAt", at.toString()));
    return Json.text(body);
  }

  private void send(Wish wish) {
    String body =
        body(
            wish,
            wish.task,
            chance.between(30, Math.min(300, (int) tier.maxTimeout().toSeconds())));
    if (wish.key.isPresent() && world.weather().has(Fault.CLIENT_IMPATIENT)) {
      wish.onlyRefused = false;
      running++;
      world
          .timeline()
          .after(
              chance.upTo(Duration.ofMillis(400)),
              () ->
                  world
                      .timeline()
                      .start(
                          "client",
                          () -> {
                            wish.sent++;
                            var _ = call("POST", "/dispatch", Optional.of(body));
                          },
                          () -> running--));
    }
    while (wish.sent < MAX_TRIES) {
      if (wish.sent > 0) {
        world
            .weather()
            .count(
                wish.key.isPresent()
                    ? Fault.CLIENT_REPEATS_WITH_KEY
                    : Fault.CLIENT_REPEATS_WITHOUT_KEY);
      }
      wish.sent++;
      Optional<Reply> reply = call("POST", "/dispatch", Optional.of(body));
      if (reply.isEmpty() || reply.get().status() >= 500) {
        wish.onlyRefused = false;
        if (wish.key.isEmpty() && chance.hit(0.5)) {
          return;
        }
        world.timeline().sleep(chance.between(Duration.ofMillis(200), Duration.ofSeconds(20)));
        continue;
      }
      if (reply.get().status() == 201) {
        accepted(wish, reply.get());
        return;
      }
      boolean keyIsBad = reply.get().status() == 401 || reply.get().status() == 403;
      if (!keyIsBad) {
        world
            .ledger()
            .require(
                (reply.get().code().equals("QUOTA_EXCEEDED")
                        && world.ledger().mayBeFull(account.tenant(), wish.copies()))
                    || (wish.mayFindItBusy() && reply.get().code().equals("CONFLICT"))
                    || (wish.mayBeTooLate(world.timeline().instant())
                        && (wish.key.isEmpty() || world.ledger().idsOf(wish.task).isEmpty())
                        && reply.get().code().equals("VALIDATION_ERROR")),
                2,
                "refused: " + reply.get().body());
        return;
      }
      world.timeline().sleep(chance.between(Duration.ofSeconds(1), Duration.ofMinutes(2)));
    }
  }

  private void accepted(Wish wish, Reply reply) {
    wish.onlyRefused = false;
    wish.group = reply.data("groupId");
    wish.ids = wish.asked == Asked.OF_ALL ? reply.dispatchIds() : List.of(reply.data("dispatchId"));
    Ledger ledger = world.ledger();
    ledger.require(
        wish.ids.size() == wish.copies(), 1, wish.task + " was answered as " + reply.body());
    for (String id : wish.ids) {
      Dispatch stored = ledger.dispatches().get(id);
      ledger.require(
          stored != null && stored.spec().task().equals(wish.task),
          1,
          id + " was answered, and the record is " + stored);
    }
  }

  /** A request that makes no sense is refused with a reason, and leaves no trace. */
  private void sendNonsense(int number) {
    String task = "nonsense " + number + " of tenant " + account.tenant();
    String body =
        chance.oneOf(
            List.of(
                Json.text(Map.of("agent", "nobody", "task", task)),
                Json.text(Map.of("agent", "script", "task", task, "timeoutSeconds", 7)),
                Json.text(Map.of("agent", "script", "task", task, "colour", "red")),
                "{\"agent\":\"script\",\"task\":\"" + task));
    Optional<Reply> reply = call("POST", "/dispatch", Optional.of(body));
    Ledger ledger = world.ledger();
    ledger.require(
        reply.isEmpty() || !reply.get().succeeded(), 2, "nonsense was accepted: " + body);
    ledger.require(ledger.idsOf(task).isEmpty(), 2, "nonsense was stored: " + body);
  }

  /** The same key with another payload must be told so, and change nothing. */
  private void reuse(Wish wish) {
    Optional<Reply> reply =
        call("POST", "/dispatch", Optional.of(body(wish, "another task under this key", 30)));
    if (reply.isPresent()
        && reply.get().status() < 500
        && reply.get().status() != 401
        && reply.get().status() != 403) {
      world
          .ledger()
          .require(
              reply.get().status() == 422
                  || (wish.mayBeTooLate(world.timeline().instant()) && reply.get().status() == 400),
              3,
              "a key was reused: " + reply.get().body());
    }
  }

  /** Asks for another task under a key whose first use is so long ago that it is free again. */
  void useOldKey() {
    List<Wish> keyed =
        wishes.stream().filter(wish -> wish.key.isPresent() && !wish.ids.isEmpty()).toList();
    if (keyed.isEmpty()) {
      return;
    }
    Wish first = chance.oneOf(keyed);
    Wish again =
        new Wish(first.task + ", again", first.key, Asked.OF_ONE, Where.ALONE, Optional.empty());
    wishes.add(again);
    running++;
    world.timeline().start("client", () -> useAgain(again), () -> running--);
  }

  private void useAgain(Wish wish) {
    world.weather().count(Fault.CLIENT_USES_OLD_KEY);
    send(wish);
    String why = wish.key.orElseThrow() + " is free again, and led to " + wish.ids;
    world.ledger().require(world.ledger().idsOf(wish.task).equals(wish.ids), 3, why);
    world.ledger().require(!wish.ids.isEmpty() || wish.sent == MAX_TRIES, 3, why);
  }

  /** What is another tenant's answers as what is nobody's. */
  private void readAsStranger(String id) {
    Request foreign =
        new Request("GET", "/dispatch/" + id, Optional.of(world.stranger()), Optional.empty());
    Request nobodys = new Request("GET", NOBODYS, Optional.of(world.stranger()), Optional.empty());
    Optional<Reply> one = world.gateway().call(foreign);
    Optional<Reply> other = world.gateway().call(nobodys);
    if (one.isPresent() && other.isPresent() && !one.get().mayPass() && !other.get().mayPass()) {
      world
          .ledger()
          .require(
              one.get().status() == other.get().status()
                  && one.get().error().equals(other.get().error()),
              15,
              "a stranger saw " + one.get() + " and " + other.get());
    }
  }

  private void cancel(String id) {
    Story story = world.ledger().story(id);
    for (int i = 0; i < 4; i++) {
      story.sentCancels.add(world.timeline().instant().toString());
      Optional<Reply> reply = call("DELETE", "/dispatch/" + id, Optional.empty());
      if (reply.isPresent() && reply.get().succeeded()) {
        story.cancelAccepted = true;
        return;
      }
      if (reply.isPresent() && reply.get().status() == 409) {
        story.cancelRefused = true;
        return;
      }
      notCancelled(reply, List.of(story));
      world.timeline().sleep(chance.between(Duration.ofSeconds(1), Duration.ofSeconds(10)));
    }
  }

  /** A 4xx had no effect; of anything else nobody knows. */
  private static void notCancelled(Optional<Reply> reply, List<Story> stories) {
    boolean refused = reply.isPresent() && reply.get().status() / 100 == 4;
    for (Story story : stories) {
      story.cancelRefused |= refused;
      story.cancelUnanswered |= !refused;
    }
  }

  /** Cancels a group as one, and believes what it is told of each. */
  private void cancelAll(Wish wish) {
    List<Story> stories = wish.ids.stream().map(world.ledger()::story).toList();
    for (int i = 0; i < 4; i++) {
      stories.forEach(story -> story.sentCancels.add(world.timeline().instant().toString()));
      Optional<Reply> reply = call("DELETE", "/groups/" + wish.group, Optional.empty());
      if (reply.isPresent() && reply.get().succeeded()) {
        world
            .ledger()
            .require(
                reply.get().dispatchIds().equals(wish.ids),
                14,
                wish.group + " was cancelled as " + reply.get().body());
        for (Map<?, ?> member : reply.get().dispatches()) {
          Story story = world.ledger().story((String) member.get("dispatchId"));
          switch (Status.of((String) member.get("status")).orElseThrow()) {
            case SUCCESS, FAILED, TIMEOUT -> story.cancelRefused = true;
            case PENDING, PROVISIONING, RUNNING, CANCELLED -> story.cancelAccepted = true;
            // Either its end had been decided before, or it was stopped in it.
            case COMPLETING -> story.cancelUnanswered = true;
          }
        }
        return;
      }
      if (reply.isPresent() && reply.get().status() == 409) {
        stories.forEach(story -> story.cancelRefused = true);
        return;
      }
      notCancelled(reply, stories);
      world.timeline().sleep(chance.between(Duration.ofSeconds(1), Duration.ofSeconds(10)));
    }
  }

  private void watch(String id) {
    Optional<Status> ended = Optional.empty();
    for (int looks = chance.between(0, 3); looks > 0; looks--) {
      world.timeline().sleep(chance.between(Duration.ofSeconds(1), Duration.ofMinutes(5)));
      Optional<Reply> reply = read(id);
      if (reply.isEmpty() || !reply.get().succeeded()) {
        continue;
      }
      Optional<Status> status = Status.of(reply.get().data("status"));
      world.ledger().require(status.isPresent(), 5, id + " was told as " + reply.get().body());
      world
          .ledger()
          .require(
              ended.isEmpty() || ended.equals(status), 6, id + " was " + ended + ", is " + status);
      ended = status.filter(Status::isTerminal);
    }
  }

  /** Reads what is known of an accepted dispatch, and a part of its log. */
  private Optional<Reply> read(String id) {
    int offset = chance.hit(0.5) ? 0 : chance.below(12);
    int limit = chance.oneOf(List.of(1, 3, 100));
    Readings.Reading reading = world.ledger().readings().begin(id, offset, limit);
    Instant sent = world.timeline().instant();
    Optional<Reply> reply =
        call(
            "GET",
            "/dispatch/" + id + "?logOffset=" + offset + "&logLimit=" + limit,
            Optional.empty());
    reply.ifPresent(
        answer -> {
          world
              .ledger()
              .require(
                  answer.status() == 200 || mayBe(answer),
                  1,
                  id + " was accepted, and its client was told " + answer.body());
          if (answer.succeeded()) {
            world
                .ledger()
                .require(
                    world.ledger().since(sent, id).stream().anyMatch(was -> isToldBy(answer, was)),
                    12,
                    id + " was never what its client was told: " + answer.body());
            reading.told(answer.log(), answer.number("logOffset"));
          }
        });
    return reply;
  }

  /** Whether the answer is true of what a dispatch was. */
  private static boolean isToldBy(Reply answer, Dispatch was) {
    Optional<DispatchState.Ended> end =
        was.state() instanceof DispatchState.Ended ended ? Optional.of(ended) : Optional.empty();
    return answer.data("status").equals(was.status().wire())
        && answer
            .data("cause")
            .equals(end.flatMap(DispatchState.Ended::failure).map(f -> f.cause().wire()).orElse(""))
        && answer.number("exitCode")
            == end.map(DispatchState.Ended::exitCode).orElse(OptionalInt.empty()).orElse(-1);
  }

  /** Whether it is a fault, or the key is bad: what any request may be answered. */
  private static boolean mayBe(Reply reply) {
    return reply.status() == 401 || reply.status() == 403 || reply.status() >= 500;
  }

  /** Reads the log when nothing is to come any more. */
  private void readToTheEnd(String id) {
    do {
      world.timeline().sleep(chance.between(Duration.ofMinutes(1), Duration.ofMinutes(4)));
    } while (!world.weather().isClear()
        || !world.ledger().dispatches().get(id).state().isTerminal());
    world.timeline().sleep(World.LONGEST_INGESTION);
    var _ = read(id);
  }

  /** Looks which workspaces there are, and deletes one. */
  private void tidy() {
    Keepings keepings = world.ledger().keepings();
    Keepings.Look look = keepings.look(account.tenant(), Optional.empty());
    Optional<Reply> reply = call("GET", "/workspaces", Optional.empty());
    look.end();
    if (reply.isEmpty() || reply.get().status() != 200) {
      require(reply, reply.isEmpty() || mayBe(reply.get()));
      return;
    }
    look.listed(reply.get().workspaceIds());
    if (!reply.get().workspaceIds().isEmpty()) {
      delete(chance.oneOf(reply.get().workspaceIds()));
    }
  }

  private void delete(String workspace) {
    String path = "/workspaces/" + workspace;
    if (chance.hit(0.2)) {
      Optional<Reply> reply =
          world
              .gateway()
              .call(new Request("DELETE", path, Optional.of(world.stranger()), Optional.empty()));
      require(reply, reply.isEmpty() || reply.get().status() == 404 || mayBe(reply.get()));
    }
    for (int tries = chance.between(1, 3); tries > 0; tries--) {
      Keepings.Look look = world.ledger().keepings().look(account.tenant(), Optional.of(workspace));
      Optional<Reply> reply = call("DELETE", path, Optional.empty());
      look.end();
      if (reply.isPresent() && !mayBe(reply.get())) {
        require(reply, List.of(200, 404, 409).contains(reply.get().status()));
        look.deleted(reply.get().status());
        return;
      }
      world.timeline().sleep(chance.between(Duration.ofSeconds(1), Duration.ofSeconds(20)));
    }
  }

  private void require(Optional<Reply> reply, boolean holds) {
    world.ledger().require(holds, 20, account.tenant() + " was answered " + reply);
  }

  /** What must hold of each wish when all is over. */
  void close() {
    for (Wish wish : wishes) {
      List<String> ids = world.ledger().idsOf(wish.task);
      Ledger ledger = world.ledger();
      int times = ids.size() / wish.copies();
      ledger.require(ids.size() % wish.copies() == 0, 3, wish.task + " is half a group, as " + ids);
      ledger.require(wish.key.isEmpty() || times <= 1, 3, wish.task + " exists as " + ids);
      ledger.require(times <= wish.sent, 3, wish.task + " exists as " + ids);
      ledger.require(!wish.onlyRefused || ids.isEmpty(), 2, wish.task + " was refused: " + ids);
      wish.ids.forEach(
          id -> {
            ledger.require(ids.contains(id), 1, wish.task + " was accepted as " + id);
            ledger.require(
                ledger.dispatches().get(id).state().isTerminal(), 1, id + " never ended");
          });
    }
    world
        .ledger()
        .require(world.ledger().idsOf("another task under this key").isEmpty(), 3, "a key had two");
  }
}
