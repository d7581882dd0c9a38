package dev.outpost.functions.runner;

import dev.outpost.agent.Catalogue;
import dev.outpost.claim.ArtifactStore;
import dev.outpost.claim.ClaimJob;
import dev.outpost.claim.HearReport;
import dev.outpost.claim.RunTokens;
import dev.outpost.claim.Supplies;
import dev.outpost.dynamodb.DynamoContextDocuments;
import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.DynamoSecretMarks;
import dev.outpost.dynamodb.DynamoWorkspaces;
import dev.outpost.edge.CatalogueFile;
import dev.outpost.edge.Envelope;
import dev.outpost.edge.Environment;
import dev.outpost.s3.S3Artifacts;
import dev.outpost.secrets.Secrets;
import dev.outpost.secrets.SecretsManagerTenantSecrets;
import dev.outpost.tenant.HostTokens;
import dev.outpost.tenant.MarkedSecrets;
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
 * @param parts what a gateway that is only rehearsed is made of too
 */
record RunnerWiring(
    ClaimJob claimJob, HearReport hearReport, Envelope envelope, RunnerWiring.Parts parts) {
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
    Parts parts =
        new Parts(
            config,
            CatalogueFile.packaged(variables),
            new Secrets(secretsManager, config.stage(), clock).runTokens(),
            new S3Artifacts(S3Presigner.create(), config.bucket()),
            clock);
    DynamoDbClient dynamo = DynamoDbClient.create();
    return new RunnerWiring(
        parts.claimJob(dynamo, secretsManager),
        parts.hearReport(dynamo),
        new Envelope(clock),
        parts);
  }

  RunTokens tokens() {
    return parts.tokens();
  }

  /**
   * The same gateway where there is nothing: a claim finds what was launched, a report what runs.
   */
  RunnerFunction nowhere() {
    Nobody nobody = new Nobody(parts.catalogue(), parts.clock().instant());
    return new RunnerFunction(
        parts.claimJob(nobody.launched(), nobody.secrets()),
        parts.hearReport(nobody.running()),
        envelope);
  }

  /** What both ways to make the gateway share. */
  record Parts(
      Config config,
      Catalogue catalogue,
      RunTokens tokens,
      ArtifactStore artifacts,
      InstantSource clock) {
    ClaimJob claimJob(DynamoDbClient dynamo, SecretsManagerClient secretsManager) {
      Secrets secrets = new Secrets(secretsManager, config.stage(), clock);
      TenantSecrets tenantSecrets =
          new MarkedSecrets(
              new SecretsManagerTenantSecrets(secretsManager, config.stage()),
              new DynamoSecretMarks(dynamo, config.stage()));
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
