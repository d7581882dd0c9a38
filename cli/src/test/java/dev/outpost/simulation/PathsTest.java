package dev.outpost.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.outpost.edge.CatalogueFile;
import dev.outpost.run.Job;
import dev.outpost.run.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each path makes the calls that {@link Path} documents, and no more: the bill depends on it. */
class PathsTest {
  private final Life life = new Life(CatalogueFile.packaged());

  private void assertDocumented(Set<Path> paths) {
    Map<Path, Map<String, Integer>> made = life.meter().calls();
    assertThat(made.keySet()).containsAll(paths);
    paths.forEach(path -> assertThat(made.get(path)).as(path.title()).isEqualTo(path.calls()));
  }

  private Job claimed() {
    life.dispatch();
    life.launch(Path.LAUNCH);
    return life.claim();
  }

  @Test
  void aRunIsAcceptedLaunchedClaimedReportedAndEnded() {
    Job job = claimed();
    life.report(Path.REPORT_KEPT, job, 30, new Report.Stage.Working());
    life.report(Path.RESULT, job, 100, new Report.Stage.Finished(Life.result()));
    assertDocumented(
        EnumSet.of(Path.ADMIT, Path.LAUNCH, Path.CLAIM, Path.REPORT_KEPT, Path.RESULT));
    life.meter().forget();
    life.exit();
    life.read(job.dispatchId());
    life.artifacts(job.dispatchId());
    life.list();
    life.refused();
    life.refusedWithKey();
    assertDocumented(
        EnumSet.of(
            Path.TASK_STOPPED,
            Path.RELAY_ENDED,
            Path.READ,
            Path.ARTIFACTS,
            Path.LIST,
            Path.REFUSED,
            Path.REFUSED_KEYED));
  }

  @Test
  void theBusIsToldOfWorkThatBeginsAndOfNothingOnTheWay() {
    life.dispatch();
    life.launch(Path.LAUNCH);
    assertThat(life.meter().calls()).containsOnlyKeys(Path.ADMIT, Path.LAUNCH);
    Job job = life.claim();
    assertDocumented(EnumSet.of(Path.RELAY_TOLD));
    life.meter().forget();
    life.report(Path.REPORT_KEPT, job, 30, new Report.Stage.Working());
    life.report(Path.RESULT, job, 100, new Report.Stage.Finished(Life.result()));
    assertThat(life.meter().calls()).containsOnlyKeys(Path.REPORT_KEPT, Path.RESULT);
  }

  @Test
  void aTenantWithAWebhookCostsAWriteAMessageAndItsDelivery() {
    life.listen();
    claimed();
    life.deliver();
    assertDocumented(EnumSet.of(Path.RELAY_WEBHOOK, Path.DELIVERED));
  }

  @Test
  void onlyATenantThatBringsSecretsCostsACallForThem() {
    life.dispatch();
    life.launch(Path.LAUNCH);
    life.claimWithSecrets();
    assertDocumented(EnumSet.of(Path.CLAIM_SECRETS));
  }

  @Test
  void aReportThatTellsNothingNewWritesNothing() {
    Job job = claimed();
    life.report(Path.REPORT_HEARD, job, 6, new Report.Stage.Working());
    assertDocumented(EnumSet.of(Path.REPORT_HEARD));
    assertThat(life.meter().sum()).containsKey(Billed.DYNAMODB_WRITE);
  }

  @Test
  void aDispatchWithoutAFreeSlotWaitsForTheOther() {
    claimed();
    life.dispatch();
    life.launch(Path.LAUNCH_WAITS);
    assertDocumented(EnumSet.of(Path.LAUNCH_WAITS));
  }

  @Test
  void beforeAWorkspaceIsCalledBusyItIsReadWhoHasIt() {
    life.busy();
    assertDocumented(EnumSet.of(Path.ADMIT_WORKSPACE, Path.BUSY));
  }

  @Test
  void aCancelIsOneWriteBetweenTwoOfTheAuditAndOneCallOfStopTask() {
    Job job = claimed();
    life.cancel(job.dispatchId());
    life.launch(Path.STOP);
    assertDocumented(EnumSet.of(Path.CANCEL, Path.RELAY_STOP, Path.STOP));
  }

  @Test
  void aRoundOfTheReconcilerReadsWhatMayBeDueInOneCall() {
    life.reconcile(Path.RECONCILE_IDLE);
    assertDocumented(EnumSet.of(Path.RECONCILE_IDLE));
    claimed();
    life.pass(Duration.ofSeconds(90));
    assertThat(rounds()).containsOnlyKeys("dynamodb:Query");
    life.pass(Duration.ofMinutes(2));
    assertThat(rounds()).containsOnlyKeys("dynamodb:Query", "dynamodb:BatchGetItem");
    int count = rounds().get("dynamodb:Query") / Path.RECONCILE_OPEN.calls().get("dynamodb:Query");
    Path.RECONCILE_OPEN
        .calls()
        .forEach((call, most) -> assertThat(rounds().get(call)).isLessThanOrEqualTo(most * count));
  }

  private Map<String, Integer> rounds() {
    return life.meter().calls().get(Path.RECONCILE_OPEN);
  }

  @Test
  void aTypicalLifeIsSoManyUnits() {
    life.typical();
    Map<Billed, Double> sum = life.meter().sum();
    assertThat(sum.get(Billed.DYNAMODB_WRITE)).isCloseTo(27, within(0.01));
    assertThat(sum.get(Billed.EVENTBRIDGE_EVENT)).isEqualTo(2);
    assertThat(sum.get(Billed.HTTP_REQUEST)).isEqualTo(3);
    assertThat(
            life.meter().counted().stream()
                .filter(counted -> counted.path() != Path.RECONCILE_OPEN)
                .filter(counted -> counted.what() == Billed.LAMBDA_REQUEST))
        .hasSize(15);
    assertThat(sum).doesNotContainKey(Billed.SECRET_CALL);
    assertThat(sum.get(Billed.SQS_REQUEST)).isEqualTo(6);
  }

  @Test
  void theDocumentHasTheTableOfPaths() throws IOException {
    String document =
        Files.readString(
            java.nio.file.Path.of(System.getProperty("outpost.root"), "docs", "cost.md"));
    for (Path path : Path.values()) {
      StringBuilder calls = new StringBuilder();
      path.calls()
          .forEach(
              (call, count) ->
                  calls.append(calls.isEmpty() ? "" : ", ").append(call).append(' ').append(count));
      assertThat(document)
          .contains("| " + path.title() + " | " + (calls.isEmpty() ? "–" : calls) + " |");
    }
    for (Billed billed : Billed.values()) {
      assertThat(document).contains("| " + billed.title() + " | ");
    }
    assertThat(document).contains(Billed.AS_OF);
  }
}
