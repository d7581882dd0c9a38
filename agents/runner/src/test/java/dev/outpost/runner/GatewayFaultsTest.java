package dev.outpost.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.run.Artifact;
import dev.outpost.run.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs whose control plane refuses, fails or loses its answers. */
@Timeout(60)
class GatewayFaultsTest {
  @TempDir private Path directory;
  private LocalRun run;

  @BeforeEach
  void makeRun() {
    run = new LocalRun(directory);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 409})
  void aRefusedClaimTouchesNothing(int status) throws IOException {
    try (LocalGateway gateway = new LocalGateway(Jobs.script("true").job())) {
      gateway.refuseClaims(status);
      assertThat(run.start(gateway)).isEqualTo(75);
      assertThat(gateway.claims()).hasSize(1);
      assertThat(gateway.reports()).isEmpty();
      assertThat(directory.resolve("run")).doesNotExist();
    }
  }

  @Test
  void aSecondClaimerIsRefused() throws IOException {
    try (LocalGateway gateway = new LocalGateway(Jobs.script("true").job())) {
      assertThat(run.start(gateway)).isZero();
      assertThat(run.start(gateway, directory.resolve("second"))).isEqualTo(75);
      assertThat(directory.resolve("second")).doesNotExist();
    }
  }

  @Test
  void aClaimIsRepeatedByTheSameClaimant() throws IOException {
    try (LocalGateway gateway = new LocalGateway(Jobs.script("true").job())) {
      gateway.beUnavailable(2);
      gateway.breakConnections(2);
      gateway.loseClaimAnswers(2);
      assertThat(run.start(gateway)).isZero();
      assertThat(gateway.claims()).hasSize(3);
      assertThat(gateway.claims())
          .extracting(claim -> claim.claimant())
          .containsOnly(gateway.claims().getFirst().claimant());
      assertThat(gateway.claims().getFirst().claimant()).matches("[0-9a-f]{32}");
    }
  }

  @Test
  void aControlPlaneThatIsAwayForAWhileDoesNoHarm() throws IOException {
    try (LocalGateway gateway = new LocalGateway(Jobs.script("sleep 0.3; echo done").job())) {
      gateway.beUnavailableForReports(12);
      gateway.beUnavailableForUploads(3);
      gateway.loseFinishedAnswers(1);
      assertThat(run.start(gateway)).isZero();
      assertThat(gateway.artifacts()).hasSize(4);
    }
  }

  @Test
  void aRunIsHeardWhileItDeliversAndNotAfterItsEnd() throws IOException {
    try (LocalGateway gateway = new LocalGateway(Jobs.script("true").job())) {
      gateway.beUnavailableForUploads(4);
      assertThat(run.start(gateway)).isZero();
      List<Report.Stage> stages = gateway.reports().stream().map(Report::stage).toList();
      assertThat(stages.subList(stages.indexOf(new Report.Stage.Uploading()), stages.size()))
          .filteredOn(Report.Stage.Working.class::isInstance)
          .isNotEmpty();
      assertThat(stages.getLast()).isInstanceOf(Report.Stage.Finished.class);
    }
  }

  @Test
  void anArtifactThatIsRefusedIsLeftOutAndTold() throws IOException {
    try (LocalGateway gateway = new LocalGateway(Jobs.script("true").job())) {
      gateway.refuseUpload(Artifact.Type.PATCH);
      assertThat(run.start(gateway)).isZero();
      assertThat(gateway.result().artifacts())
          .extracting(Artifact::type)
          .hasSize(3)
          .doesNotContain(Artifact.Type.PATCH);
      assertThat(gateway.artifacts().get(Artifact.Type.LOG))
          .contains("changes.patch is not kept")
          .doesNotContain("X-Signature");
    }
  }
}
