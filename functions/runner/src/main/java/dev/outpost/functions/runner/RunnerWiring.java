package dev.outpost.functions.runner;

import dev.outpost.claim.ArtifactStore;
import dev.outpost.claim.ClaimJob;
import dev.outpost.claim.HearReport;
import dev.outpost.claim.RunTokens;
import dev.outpost.claim.Supplies;
import dev.outpost.dispatch.Dispatches;
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
import dev.outpost.workspace.Workspaces;
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
 */
record RunnerWiring(
    ClaimJob claimJob, HearReport hearReport, Envelope envelope, Rehearsal rehearsed) {
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
    DynamoDbClient dynamo = DynamoDbClient.create();
    Dispatches dispatches = new DynamoDispatches(dynamo, config.stage());
    SecretsManagerClient secretsManager = SecretsManagerClient.create();
    Secrets secrets = new Secrets(secretsManager, config.stage());
    TenantSecrets tenantSecrets = new SecretsManagerTenantSecrets(secretsManager, config.stage());
    RunTokens tokens = secrets.runTokens();
    Workspaces workspaces = new DynamoWorkspaces(dynamo, config.stage());
    ArtifactStore artifacts = new S3Artifacts(S3Presigner.create(), config.bucket());
    return new RunnerWiring(
        new ClaimJob(
            dispatches,
            tokens,
            CatalogueFile.packaged(variables),
            new Supplies(
                secrets,
                tenantSecrets,
                new HostTokens(config.gitHost(), tenantSecrets, secrets::gitToken),
                new DynamoContextDocuments(dynamo, config.stage())),
            artifacts,
            workspaces,
            RunnerFunction.GRACE,
            RunnerFunction.REPORT_EVERY,
            clock),
        new HearReport(dispatches, tokens, artifacts, workspaces, clock),
        new Envelope(clock),
        Rehearsal.with(tokens));
  }
}
