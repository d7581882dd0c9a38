package dev.outpost.functions.runner;

import dev.outpost.agent.Catalogue;
import dev.outpost.claim.ArtifactStore;
import dev.outpost.claim.ClaimJob;
import dev.outpost.claim.HearReport;
import dev.outpost.claim.RunTokens;
import dev.outpost.claim.Supplies;
import dev.outpost.dynamodb.DynamoContextDocuments;
import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.DynamoWorkspaces;
import dev.outpost.edge.CatalogueFile;
import dev.outpost.edge.Envelope;
import dev.outpost.edge.Environment;
import dev.outpost.s3.S3Artifacts;
import dev.outpost.secrets.Secrets;
import dev.outpost.secrets.SecretsManagerTenantSecrets;
import dev.outpost.tenant.HostTokens;
import dev.outpost.tenant.TenantSecrets;
import java.time.InstantSource;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * What the gateway is made of.
 *
 * @param claimJob answers claims
 * @param hearReport takes reports
 * @param envelope the form of answers
 * @param rehearsed what it is asked before a snapshot
 * @param claimNowhere answers the claim of a dispatch that is not there, before a snapshot
 * @param reportNowhere takes such a report
 */
record RunnerWiring(
    ClaimJob claimJob,
    HearReport hearReport,
    Envelope envelope,
    Rehearsal rehearsed,
    ClaimJob claimNowhere,
    HearReport reportNowhere) {
  /** The deployed gateway's configuration. */
  private record Config(String stage, String bucket, String gitHost) {}

  static RunnerWiring fromEnvironment(Map<String, String> variables) {
    Config config =
        new Environment(variables)
            .read(
                v ->
                    new Config(
                        v.text("OUTPOST_STAGE"),
                        v.text("OUTPOST_ARTIFACTS_BUCKET"),
                        v.optional("OUTPOST_GIT_HOST").orElse(HostTokens.GITHUB)));
    InstantSource clock = InstantSource.system();
    SecretsManagerClient secretsManager = SecretsManagerClient.create();
    RunTokens tokens = new Secrets(secretsManager, config.stage(), clock).runTokens();
    Catalogue catalogue = CatalogueFile.packaged(variables);
    ArtifactStore artifacts = new S3Artifacts(S3Presigner.create(), config.bucket());
    Parts parts = new Parts(config, catalogue, tokens, artifacts, clock);
    Rehearsal rehearsal = Rehearsal.with(tokens);
    Nobody nobody = new Nobody(catalogue, clock.instant());
    DynamoDbClient dynamo = DynamoDbClient.create();
    return new RunnerWiring(
        parts.claimJob(dynamo, secretsManager),
        parts.hearReport(dynamo),
        new Envelope(clock),
        rehearsal,
        // A claim finds a dispatch that was launched, a report one that runs.
        parts.claimJob(nobody.launched(), nobody.secrets()),
        parts.hearReport(nobody.running()));
  }

  /** What both ways to make the gateway share. */
  private record Parts(
      Config config,
      Catalogue catalogue,
      RunTokens tokens,
      ArtifactStore artifacts,
      InstantSource clock) {
    ClaimJob claimJob(DynamoDbClient dynamo, SecretsManagerClient secretsManager) {
      Secrets secrets = new Secrets(secretsManager, config.stage(), clock);
      TenantSecrets tenantSecrets = new SecretsManagerTenantSecrets(secretsManager, config.stage());
      return new ClaimJob(
          new DynamoDispatches(dynamo, config.stage()),
          tokens,
          catalogue,
          new Supplies(
              secrets,
              tenantSecrets,
              new HostTokens(config.gitHost(), tenantSecrets, secrets::gitToken),
              new DynamoContextDocuments(dynamo, config.stage())),
          artifacts,
          new DynamoWorkspaces(dynamo, config.stage()),
          RunnerFunction.GRACE,
          RunnerFunction.REPORT_EVERY,
          clock);
    }

    HearReport hearReport(DynamoDbClient dynamo) {
      return new HearReport(
          new DynamoDispatches(dynamo, config.stage()),
          tokens,
          artifacts,
          new DynamoWorkspaces(dynamo, config.stage()),
          clock);
    }
  }
}
