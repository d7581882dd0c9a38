package dev.outpost.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Clients that dispatch all the while, wait for some of what they dispatched, cancel some and
 * repeat some. A request that is not answered is sent again when its idempotency key allows that,
 * and never when it does not.
 */
final class CrashLoad {
  private static final Duration DOWN_PAUSE = Duration.ofMillis(150);
  private static final Duration REFUSED_PAUSE = Duration.ofMillis(100);
  private static final int MOST_SENDS = 3;
  private static final int LONGEST_UNTIL_CANCEL_MILLIS = 3_000;
  private static final int POLL_SECONDS = 2;
  private static final int OK = 200;
  private static final int CONFLICT = 409;
  private static final int MISMATCH = 422;
  private static final int TOO_MANY = 429;

  /**
   * How often each chore is chosen. One that is overdue takes half a minute of a slot, and most are
   * hit before their time is up: there must be several for some to come to it.
   */
  private static final List<Chore> MIX =
      List.of(
          Chore.QUICK,
          Chore.QUICK,
          Chore.QUICK,
          Chore.QUICK,
          Chore.WORK,
          Chore.WORK,
          Chore.WORK,
          Chore.REPOSITORY,
          Chore.REPOSITORY,
          Chore.REPOSITORY,
          Chore.SPREADING,
          Chore.SPREADING,
          Chore.FAILING,
          Chore.FAILING,
          Chore.CANCELLED,
          Chore.CANCELLED,
          Chore.CANCELLED,
          Chore.NOWHERE,
          Chore.OVERDUE,
          Chore.OVERDUE,
          Chore.OVERDUE);

  private final CrashApi api;
  private final Path marks;
  private final String repository;
  private final long seed;
  private final List<CrashTenant> tenants;
  private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
  private volatile boolean over;

  /**
   * Clients of that machine.
   *
   * @param marks the file that agents write to
   * @param repository the URL of a repository that exists
   * @param tenants whose dispatches; who has used up its day is passed over
   */
  CrashLoad(
      CrashApi api, Path marks, String repository, long seed, Collection<CrashTenant> tenants) {
    this.api = api;
    this.marks = marks;
    this.repository = repository;
    this.seed = seed;
    this.tenants = new CopyOnWriteArrayList<>(tenants);
  }

  /** Starts that many clients. */
  void start(int clients) {
    for (int i = 0; i < clients; i++) {
      int number = i;
      threads.add(Thread.ofVirtual().name("client-" + i).start(() -> client(number)));
    }
  }

  /** All that was asked for so far. */
  List<Asked> asked() {
    return List.copyOf(asked);
  }

  /** The tenants, those that have used up their day as well. */
  List<CrashTenant> tenants() {
    return List.copyOf(tenants);
  }

  /** From now on also for that tenant. */
  void add(CrashTenant tenant) {
    tenants.add(tenant);
  }

  /** Whether a tenant was refused for its day. */
  boolean isUsedUp(CrashTenant tenant) {
    return asked.stream().anyMatch(one -> one.tenant().equals(tenant) && one.wasUsedUp());
  }

  /** Ends the clients. The machine must be up, and stay up: what can be repeated is, until then. */
  void end() throws InterruptedException {
    over = true;
    for (Thread thread = threads.poll(); thread != null; thread = threads.poll()) {
      thread.join();
    }
  }

  private void client(int number) {
    Random random = new Random(seed * 1_000_003 + number);
    try {
      for (int i = 0; !over; i++) {
        List<CrashTenant> open = tenants.stream().filter(tenant -> !isUsedUp(tenant)).toList();
        if (open.isEmpty()) {
          Thread.sleep(REFUSED_PAUSE);
          continue;
        }
        CrashTenant tenant = open.get(random.nextInt(open.size()));
        // The first of all, so that its time is up before the campaign ends.
        Chore chore = number == 0 && i == 0 ? Chore.OVERDUE : MIX.get(random.nextInt(MIX.size()));
        if (chore == Chore.OVERDUE && tenant.tier().concurrent() == 1) {
          // It would hold the only slot, and the campaign would wait for its queue.
          chore = Chore.QUICK;
        }
        Asked one = new Asked("c" + number + "-" + i, tenant, chore, random.nextInt(3) > 0);
        asked.add(one);
        ask(one, random);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(Asked one, Random random) throws InterruptedException {
    int sends = one.repeatable() ? 1 + random.nextInt(MOST_SENDS) : 1;
    boolean atOnce = random.nextBoolean();
    boolean otherPayload = one.repeatable() && random.nextInt(5) == 0;
    int untilCancel = random.nextInt(LONGEST_UNTIL_CANCEL_MILLIS);
    boolean waits = random.nextInt(10) < 7 && one.chore() != Chore.OVERDUE;
    List<Thread> copies = new ArrayList<>();
    for (int i = 1; i < sends && atOnce; i++) {
      copies.add(Thread.startVirtualThread(() -> quietly(() -> post(one))));
    }
    post(one);
    for (Thread copy : copies) {
      copy.join();
    }
    for (int i = 1; i < sends && !atOnce; i++) {
      post(one);
    }
    if (one.id().isEmpty()) {
      return;
    }
    if (otherPayload) {
      postOtherPayload(one);
    }
    if (one.chore() == Chore.CANCELLED) {
      threads.add(
          Thread.startVirtualThread(
              () ->
                  quietly(
                      () -> {
                        Thread.sleep(untilCancel);
                        cancel(one);
                      })));
    }
    if (waits) {
      await(one);
    }
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private static void quietly(Work work) {
    try {
      work.run();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Map<String, Object> body(Asked one) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("agent", "script");
    body.put("task", one.chore().script(one.name(), marks));
    one.chore().repo(repository).ifPresent(repo -> body.put("repo", repo));
    body.put("timeoutSeconds", one.chore().timeoutSeconds());
    body.put("tags", Map.of("name", one.name()));
    if (one.repeatable()) {
      body.put("idempotencyKey", one.name());
    }
    return body;
  }

  private void post(Asked one) throws InterruptedException {
    while (true) {
      try {
        CrashApi.Answer answer = api.send("POST", "/dispatch", one.tenant().key(), body(one));
        if (answer.isGood()) {
          one.accepted((String) answer.data().get("dispatchId"));
        } else if (answer.status() == TOO_MANY && answer.code().equals("QUOTA_EXCEEDED")) {
          one.usedUp();
        } else {
          one.fault("was answered with " + answer);
        }
        return;
      } catch (IOException _) {
        if (!one.repeatable()) {
          // It may have been accepted: then it lies there, once, and ends as truly as any other.
          return;
        }
        Thread.sleep(DOWN_PAUSE);
      }
    }
  }

  private void postOtherPayload(Asked one) {
    Map<String, Object> other = body(one);
    other.put("task", "echo another task under the same key; exit 9");
    try {
      CrashApi.Answer answer = api.send("POST", "/dispatch", one.tenant().key(), other);
      if (answer.status() != MISMATCH) {
        one.fault("another payload under its key was answered with " + answer);
      }
    } catch (IOException _) {
      // The machine is down; the key's use is tried again with another dispatch.
      Thread.onSpinWait();
    }
  }

  private void cancel(Asked one) throws InterruptedException {
    while (true) {
      try {
        CrashApi.Answer answer =
            api.send("DELETE", "/dispatch/" + one.id().orElseThrow(), one.tenant().key(), Map.of());
        if (answer.status() == OK) {
          one.cancelGranted();
        } else if (answer.status() != CONFLICT) {
          one.fault("its cancel was answered with " + answer);
        }
        return;
      } catch (IOException _) {
        one.cancelUnanswered();
        Thread.sleep(DOWN_PAUSE);
      }
    }
  }

  /** Waits for its end, by the API's long poll, while the campaign goes on. */
  private void await(Asked one) throws InterruptedException {
    while (!over) {
      try {
        CrashApi.Answer answer =
            api.dispatch(one.id().orElseThrow(), one.tenant().key(), POLL_SECONDS);
        if (!answer.isGood()) {
          one.fault("its record was answered with " + answer);
          return;
        }
        if (answer.data().get("endedAt") != null) {
          one.ended(answer.data());
          return;
        }
      } catch (IOException _) {
        Thread.sleep(DOWN_PAUSE);
      }
    }
  }
}
