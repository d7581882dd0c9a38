package dev.outpost.machine;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.dispatch.Admit;
import dev.outpost.dispatch.Cancel;
import dev.outpost.dispatch.Held;
import dev.outpost.embedded.EmbeddedDispatches;
import dev.outpost.embedded.EmbeddedStore;
import dev.outpost.embedded.EmbeddedStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What came of all that was asked for: by the records of the API, the artifacts, and what agents
 * wrote outside. Reads, and changes nothing.
 */
final class CrashVerdict {
  private static final Duration LOOK = Duration.ofMillis(300);
  private static final List<String> ARTIFACTS = List.of("result", "patch", "log", "metadata");
  private static final Chore.End KILLED_AGENT = new Chore.End("failed", "agent_error", 137);

  /** How a task may be told whose runner was killed: at work, before it had its job, or after. */
  private static final List<Chore.End> KILLED_RUNNER =
      List.of(
          new Chore.End("failed", "task_terminated", 137),
          new Chore.End("failed", "task_failed_to_start", 137),
          new Chore.End("failed", "internal", Chore.End.ANY_CODE));

  private final CrashApi api;
  private final List<Asked> asked;
  private final List<CrashTenant> tenants;
  private final List<String> violations = new ArrayList<>();

  /** On what was asked for those tenants. */
  CrashVerdict(CrashApi api, Collection<Asked> asked, Collection<CrashTenant> tenants) {
    this.api = api;
    this.asked = List.copyOf(asked);
    this.tenants = List.copyOf(tenants);
  }

  List<String> violations() {
    return List.copyOf(violations);
  }

  private void violated(Asked one, String what) {
    violations.add(
        one.id().orElse(one.name())
            + " ("
            + one.chore().name().toLowerCase(Locale.ROOT)
            + (one.blows().isEmpty() ? "" : ", hit by " + one.blows())
            + "): "
            + what);
  }

  /**
   * Whether all that was accepted lies there, nothing else does, and nothing twice. Learns the ids
   * of what was accepted without an answer.
   */
  void everythingIsThereOnce() throws IOException {
    Map<String, Asked> byName = new HashMap<>();
    asked.forEach(one -> byName.put(one.name(), one));
    for (CrashTenant tenant : tenants) {
      Set<String> listed = new HashSet<>();
      for (Map<?, ?> record : api.all(tenant)) {
        String id = (String) record.get("dispatchId");
        listed.add(id);
        Asked one = byName.get(String.valueOf(((Map<?, ?>) record.get("tags")).get("name")));
        if (one == null || !one.tenant().equals(tenant)) {
          violations.add(id + " was never asked for by " + tenant);
        } else {
          one.found(id);
        }
      }
      for (Asked one : asked) {
        if (one.tenant().equals(tenant)
            && one.wasAccepted()
            && !listed.contains(one.id().orElseThrow())) {
          violated(one, "was accepted and is lost");
        }
      }
      if (listed.size() > tenant.tier().perDay()) {
        violations.add(tenant + " has " + listed.size() + " dispatches in a day");
      }
      boolean refused =
          asked.stream().anyMatch(one -> one.tenant().equals(tenant) && one.wasUsedUp());
      if (refused && listed.size() < tenant.tier().perDay()) {
        violations.add(
            tenant + " was refused for its day with " + listed.size() + " dispatches in it");
      }
    }
  }

  /** Waits until all have ended. */
  void everythingEnds(Duration patience) throws IOException, InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    for (Asked one : asked) {
      if (one.id().isEmpty()) {
        continue;
      }
      CrashApi.Answer answer = api.dispatch(one.id().get(), one.tenant().key(), 0);
      while (answer.isGood() && answer.data().get("endedAt") == null && System.nanoTime() < until) {
        answer = api.dispatch(one.id().get(), one.tenant().key(), 2);
      }
      if (answer.isGood() && answer.data().get("endedAt") != null) {
        one.ended(answer.data());
      } else {
        violated(one, "does not end: " + answer + " " + answer.data().get("status"));
      }
    }
  }

  /** Reads all records again: what has ended must be as it was. */
  void everythingStaysAsItIs() throws IOException {
    for (Asked one : asked) {
      if (one.end().isPresent()) {
        one.ended(api.dispatch(one.id().orElseThrow(), one.tenant().key(), 0).data());
      }
    }
  }

  /** Whether the audit has each acceptance once and no other, and each cancel. */
  void everyActIsWrittenDown() throws IOException {
    for (CrashTenant tenant : tenants) {
      List<Map<?, ?>> audit = api.audit(tenant);
      List<String> written = new ArrayList<>(abouts(audit, Admit.ACT));
      List<String> cancelled = abouts(audit, Cancel.ACT);
      for (Map<?, ?> dispatch : api.all(tenant)) {
        String id = (String) dispatch.get("dispatchId");
        if (!written.remove(id)) {
          violations.add(id + " is there, and nobody asked for it by the audit");
        }
        if ("cancelled".equals(dispatch.get("status")) && !cancelled.contains(id)) {
          violations.add(id + " is cancelled, and nobody asked for that by the audit");
        }
      }
      written.forEach(id -> violations.add(id + " was accepted by the audit, and is not there"));
    }
  }

  private static List<String> abouts(List<Map<?, ?>> audit, String act) {
    return audit.stream()
        .filter(line -> act.equals(line.get("act")))
        .map(line -> (String) line.get("about"))
        .toList();
  }

  /** Whether each end is true. */
  void everyEndIsTrue(Marks marks) throws IOException {
    for (Asked one : asked) {
      one.faults().forEach(fault -> violated(one, fault));
      if (marks.begins(one.name()) > 1 || marks.ends(one.name()) > 1) {
        violated(one, "was worked on " + marks.begins(one.name()) + " times");
      }
      if (one.end().isEmpty()) {
        if (one.id().isEmpty() && marks.begins(one.name()) > 0) {
          violated(one, "was worked on, and is not there");
        }
        continue;
      }
      Chore.End end = end(one.end().get());
      if (!allowed(one, marks).stream().anyMatch(allowed -> allowed.fits(end))) {
        violated(one, "ended as " + end + ", exit code " + end.exitCode() + ": " + told(one));
      }
      if (end.status().equals("success")) {
        theSuccessIsTrue(one, marks);
      } else if (end.status().equals("timeout")) {
        theTimeWasUp(one, marks);
      } else if (one.chore() == Chore.FAILING && one.blows().isEmpty()) {
        theResultSays(one, "failed", artifacts(one));
      }
    }
  }

  private static String told(Asked one) {
    return String.valueOf(one.end().orElseThrow().get("errorMessage"));
  }

  private static Chore.End end(Map<String, Object> record) {
    return new Chore.End(
        (String) record.get("status"),
        record.get("cause") instanceof String cause ? cause : "",
        record.get("exitCode") instanceof Integer code ? code : Chore.End.ANY_CODE);
  }

  /** All ends that are true of it, by what was done to it and what its agent wrote. */
  private static List<Chore.End> allowed(Asked one, Marks marks) {
    List<Chore.End> allowed = new ArrayList<>();
    boolean cameToItsEnd = marks.ends(one.name()) == 1;
    if (!one.wasCancelGranted()
        && (cameToItsEnd || one.chore() == Chore.OVERDUE || one.chore() == Chore.NOWHERE)) {
      allowed.add(one.chore().usual());
    }
    if (one.wasCancelGranted() || one.wasCancelUnanswered()) {
      allowed.add(Chore.End.CANCELLED);
    }
    if (!one.wasCancelGranted()) {
      if (one.blows().stream().anyMatch(Blow::hitsRunner)) {
        allowed.addAll(KILLED_RUNNER);
      }
      if (one.blows().stream().anyMatch(Blow::hitsAgent)) {
        allowed.add(KILLED_AGENT);
      }
    }
    return allowed;
  }

  private Map<String, String> artifacts(Asked one) throws IOException {
    return api.artifacts(one.id().orElseThrow(), one.tenant().key(), ARTIFACTS);
  }

  private void theSuccessIsTrue(Asked one, Marks marks) throws IOException {
    if (marks.begins(one.name()) != 1 || marks.ends(one.name()) != 1) {
      violated(
          one,
          "is told as a success, but its agent began "
              + marks.begins(one.name())
              + " times and came to its end "
              + marks.ends(one.name())
              + " times");
    }
    Map<String, String> artifacts = artifacts(one);
    if (!artifacts.keySet().containsAll(ARTIFACTS)) {
      violated(one, "is told as a success, but has only " + artifacts.keySet());
      return;
    }
    theResultSays(one, "success", artifacts);
    if (!artifacts.get("patch").contains("\n+" + one.name() + "\n")) {
      violated(one, "is told as a success, but its patch does not have its change");
    }
  }

  /** Whether a task that is told to have been out of time had its time, and all of it. */
  private void theTimeWasUp(Asked one, Marks marks) {
    Map<String, Object> record = one.end().orElseThrow();
    if (marks.begins(one.name()) == 0 || !(record.get("startedAt") instanceof String started)) {
      violated(one, "is told as out of time, but its agent never began");
      return;
    }
    Duration had =
        Duration.between(Instant.parse(started), Instant.parse((String) record.get("endedAt")));
    if (had.toSeconds() < one.chore().timeoutSeconds()) {
      violated(one, "is told as out of time after " + had.toMillis() + " ms");
    }
  }

  private void theResultSays(Asked one, String outcome, Map<String, String> artifacts)
      throws IOException {
    String text = artifacts.getOrDefault("result", "{}");
    Map<String, Object> result = JSON.std.mapFrom(text);
    if (!outcome.equals(result.get("outcome"))
        || !one.id().orElseThrow().equals(result.get("dispatchId"))) {
      violated(one, "should have the result " + outcome + ", but: " + text);
    }
  }

  /** Whether no tenant ever had more at work than its tier allows, by the records. */
  void noTenantHadTooManyAtOnce() {
    for (CrashTenant tenant : tenants) {
      TreeMap<Instant, Integer> changes = new TreeMap<>();
      for (Asked one : asked) {
        if (one.tenant().equals(tenant)
            && one.end().isPresent()
            && one.end().get().get("startedAt") instanceof String started) {
          changes.merge(Instant.parse(started), 1, Integer::sum);
          changes.merge(Instant.parse((String) one.end().get().get("endedAt")), -1, Integer::sum);
        }
      }
      int atOnce = 0;
      for (Map.Entry<Instant, Integer> change : changes.entrySet()) {
        atOnce += change.getValue();
        if (atOnce > tenant.tier().concurrent()) {
          violations.add(tenant + " had " + atOnce + " at work at " + change.getKey());
          break;
        }
      }
    }
  }

  /** Whether nothing of any task lives; waits for that a little. */
  void noProcessIsLeft(Duration patience) throws IOException, InterruptedException {
    Set<String> ids = new HashSet<>();
    asked.forEach(one -> one.id().ifPresent(ids::add));
    long until = System.nanoTime() + patience.toNanos();
    Map<String, Set<Long>> left = new HashMap<>();
    do {
      left.clear();
      left.putAll(TaskTree.all());
      left.keySet().retainAll(ids);
      if (!left.isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
      }
    } while (!left.isEmpty() && System.nanoTime() < until);
    left.forEach((id, pids) -> violations.add(id + " has ended, but processes live: " + pids));
  }

  /** Whether no slot and no workspace is held, by the store of a machine that was stopped. */
  void noSlotIsHeld(Path store) {
    try (EmbeddedStore opened = EmbeddedStore.open(store)) {
      EmbeddedDispatches dispatches = new EmbeddedDispatches(opened, new EmbeddedStream(opened));
      for (CrashTenant tenant : tenants) {
        Held held = dispatches.held(tenant.id());
        held.slots().forEach(id -> violations.add(id + " holds a slot of " + tenant));
        held.workspaces()
            .forEach(
                (workspace, id) -> violations.add(id + " holds " + workspace + " of " + tenant));
      }
    }
  }

  /** How many ended in each way. */
  Map<String, Integer> ends() {
    Map<String, Integer> ends = new TreeMap<>();
    for (Asked one : asked) {
      one.end().ifPresent(record -> ends.merge(end(record).toString(), 1, Integer::sum));
    }
    return ends;
  }
}
