package dev.outpost.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Ulids;
import dev.outpost.audit.AuditId;
import dev.outpost.audit.AuditRecord;
import dev.outpost.dispatch.Admit;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Spec;
import dev.outpost.embedded.EmbeddedStore;
import dev.outpost.machine.DataDirectory.LocalCredentials;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.KeySecret;
import dev.outpost.tenant.Scope;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tenants;
import dev.outpost.tenant.Tier;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The verdict of a campaign notices each kind of lie: here the witness lies, or the memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CrashVerdictTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final EmbeddedStore store = EmbeddedStore.inMemory();
  private Machine machine;
  private CrashTenant tenant;
  private CrashApi api;
  private Path folder;
  private Path marks;
  private String success;
  private String failure;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    DataDirectory data = DataDirectory.open(folder.resolve("data"));
    machine =
        Machine.start(
            MachineConfig.usual(data, 0),
            new EmbeddedBackend(store, InstantSource.system()),
            store);
    LocalCredentials credentials =
        FirstStart.credentials(data, machine.backend(), machine.url(), InstantSource.system());
    tenant = new CrashTenant(new TenantId(credentials.tenantId()), credentials.apiKey(), Tier.PRO);
    api = new CrashApi(URI.create(machine.url()));
    marks = folder.resolve("marks");
    ApiClient client = new ApiClient(machine.url(), credentials.apiKey());
    success = client.dispatch(body(Chore.QUICK, "good"));
    failure = client.dispatch(body(Chore.FAILING, "bad"));
    client.awaitEnd(success);
    client.awaitEnd(failure);
  }

  @AfterAll
  void stop() throws Exception {
    machine.close();
    TaskTree.endAll(folder);
  }

  private Map<String, Object> body(Chore chore, String name) {
    return Map.of(
        "agent", "script", "task", chore.script(name, marks), "tags", Map.of("name", name));
  }

  private Asked asked(Chore chore, String name, String id) {
    Asked one = new Asked(name, tenant, chore, false);
    one.accepted(id);
    return one;
  }

  private List<String> verdict(List<Asked> all, Marks seen) throws Exception {
    CrashVerdict verdict = new CrashVerdict(api, all, List.of(tenant));
    verdict.everythingIsThereOnce();
    verdict.everythingEnds(PATIENCE);
    verdict.everythingStaysAsItIs();
    verdict.everyActIsWrittenDown();
    verdict.everyEndIsTrue(seen);
    verdict.noTenantHadTooManyAtOnce();
    return verdict.violations();
  }

  private List<Asked> both() {
    return List.of(asked(Chore.QUICK, "good", success), asked(Chore.FAILING, "bad", failure));
  }

  @Test
  void aTrueStoryIsBelieved() throws Exception {
    assertThat(verdict(both(), Marks.read(marks))).isEmpty();
  }

  @Test
  void anAuditThatIsNotTrueIsNoticed() throws Exception {
    TenantId id = TenantId.random();
    KeySecret secret = KeySecret.random(new SecureRandom());
    Instant now = Instant.now();
    Tenants tenants = machine.backend().tenants();
    tenants.create(new Tenant(id, "Other", "other@example.com", Tier.PRO, false, now));
    tenants.addKey(
        new ApiKey(
            "key_other",
            secret.hash(),
            secret.prefix(),
            id,
            "other",
            Set.of(Scope.ADMIN),
            now,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Tier.PRO,
            false));
    CrashTenant other = new CrashTenant(id, secret.reveal(), Tier.PRO);
    Ulids ulids = new Ulids(InstantSource.system());
    machine
        .backend()
        .audit()
        .append(
            new AuditRecord(
                AuditId.next(ulids),
                id,
                now,
                "key_other",
                Admit.ACT,
                Optional.of("dsp_gone"),
                AuditRecord.Outcome.DONE,
                Optional.empty()));
    Dispatch cancelled =
        Dispatch.accepted(
            DispatchId.next(ulids),
            id,
            new Spec(
                "script",
                Optional.empty(),
                "echo what nobody asked for",
                Optional.empty(),
                new Workspace(Optional.empty(), Optional.empty(), Workspace.Init.NONE),
                Optional.empty(),
                Duration.ofMinutes(1),
                Optional.empty(),
                Map.of(),
                Optional.empty()),
            now);
    machine.backend().dispatches().admit(cancelled, 1, Optional.empty());
    machine
        .backend()
        .dispatches()
        .change(
            cancelled.id(),
            new DispatchEvent.StopAsked(now, new Failure(Cause.CANCELLED, "Cancelled.")));
    CrashVerdict verdict = new CrashVerdict(api, List.of(), List.of(other));
    verdict.everyActIsWrittenDown();
    assertThat(verdict.violations())
        .containsExactly(
            cancelled.id() + " is there, and nobody asked for it by the audit",
            cancelled.id() + " is cancelled, and nobody asked for that by the audit",
            "dsp_gone was accepted by the audit, and is not there");
  }

  @Test
  void aSuccessWithoutItsLineIsALie() throws Exception {
    Marks seen = new Marks(Map.of("good", 1, "bad", 1), Map.of("bad", 1), Map.of());
    assertThat(verdict(both(), seen)).anyMatch(line -> line.contains("came to its end 0 times"));
  }

  @Test
  void workThatWasDoneTwiceIsNoticed() throws Exception {
    Marks seen = new Marks(Map.of("good", 2, "bad", 1), Map.of("good", 1, "bad", 1), Map.of());
    assertThat(verdict(both(), seen)).anyMatch(line -> line.contains("was worked on 2 times"));
  }

  @Test
  void whatWasAcceptedAndIsNotThereIsLost() throws Exception {
    List<Asked> all =
        List.of(
            asked(Chore.QUICK, "good", success),
            asked(Chore.FAILING, "bad", failure),
            asked(Chore.QUICK, "gone", "dsp_00000000000000000000000000"));
    assertThat(verdict(all, Marks.read(marks)))
        .anyMatch(line -> line.contains("was accepted and is lost"))
        .anyMatch(line -> line.contains("does not end"));
  }

  @Test
  void whatNobodyAskedForIsNoticed() throws Exception {
    assertThat(verdict(both().subList(0, 1), Marks.read(marks)))
        .containsExactly(failure + " was never asked for by " + tenant);
  }

  @Test
  void anEndThatIsNotItsTasksIsALie() throws Exception {
    List<Asked> all =
        List.of(asked(Chore.QUICK, "good", success), asked(Chore.QUICK, "bad", failure));
    assertThat(verdict(all, Marks.read(marks)))
        .anyMatch(line -> line.contains("ended as failed (agent_error), exit code 7"));
  }

  @Test
  void anOverdueTaskThatWasNotHitEndsAsATimeoutAndAsNothingElse() throws Exception {
    List<Asked> all =
        List.of(asked(Chore.OVERDUE, "good", success), asked(Chore.OVERDUE, "bad", failure));
    assertThat(verdict(all, Marks.read(marks)))
        .anyMatch(line -> line.contains("(overdue): ended as success"))
        .anyMatch(line -> line.contains("(overdue): ended as failed (agent_error)"));
    all.forEach(one -> one.hit(Blow.EVERYTHING));
    assertThat(verdict(all, Marks.read(marks)))
        .as("no blow makes a success or an end of its own of it")
        .anyMatch(line -> line.contains("ended as success"))
        .anyMatch(line -> line.contains("ended as failed (agent_error), exit code 7"));
  }

  /** What the verdict says of an overdue task whose record tells a timeout of that many seconds. */
  private List<String> timeoutAfter(int seconds, Marks seen) throws Exception {
    Asked one = asked(Chore.OVERDUE, "late", "dsp_of_a_record_that_is_made_up");
    Instant started = Instant.parse("2026-11-26T00:00:00Z");
    one.ended(
        Map.of(
            "status",
            "timeout",
            "cause",
            "timeout",
            "exitCode",
            124,
            "startedAt",
            started.toString(),
            "endedAt",
            started.plusSeconds(seconds).toString()));
    CrashVerdict verdict = new CrashVerdict(api, List.of(one), List.of(tenant));
    verdict.everyEndIsTrue(seen);
    return verdict.violations();
  }

  @Test
  void aTimeoutOfATaskThatHadItsTimeIsBelieved() throws Exception {
    assertThat(timeoutAfter(30, new Marks(Map.of("late", 1), Map.of(), Map.of()))).isEmpty();
  }

  @Test
  void aTimeoutBeforeTheTimeWasUpIsALie() throws Exception {
    assertThat(timeoutAfter(29, new Marks(Map.of("late", 1), Map.of(), Map.of())))
        .singleElement()
        .asString()
        .contains("is told as out of time after 29000 ms");
  }

  @Test
  void aTimeoutOfATaskThatNeverBeganIsALie() throws Exception {
    assertThat(timeoutAfter(30, new Marks(Map.of(), Map.of(), Map.of())))
        .singleElement()
        .asString()
        .contains("is told as out of time, but its agent never began");
  }

  @Test
  void aCancelThatWasGrantedAndNotCarriedOutIsALie() throws Exception {
    List<Asked> all = both();
    all.getFirst().cancelGranted();
    assertThat(verdict(all, Marks.read(marks))).anyMatch(line -> line.contains("ended as success"));
  }

  @Test
  void aRecordThatChangesAfterItsEndIsNoticed() throws Exception {
    List<Asked> all = both();
    all.getFirst().ended(Map.of("status", "failed"));
    assertThat(verdict(all, Marks.read(marks))).anyMatch(line -> line.contains("had ended as"));
  }

  @Test
  void aProcessThatIsLeftIsNoticed() throws Exception {
    ProcessBuilder builder = new ProcessBuilder("sleep", "600");
    builder.environment().put("OUTPOST_DISPATCH_ID", success);
    Process mine = builder.start();
    try {
      CrashVerdict verdict = new CrashVerdict(api, both(), List.of(tenant));
      verdict.noProcessIsLeft(Duration.ofMillis(500));
      assertThat(verdict.violations()).anyMatch(line -> line.contains("processes live"));
    } finally {
      mine.destroyForcibly().waitFor();
    }
  }
}
