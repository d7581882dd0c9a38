package dev.outpost.functions.api;

import dev.outpost.Ulids;
import dev.outpost.agent.Catalogue;
import dev.outpost.claim.ArtifactStore;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Status;
import dev.outpost.dynamodb.DynamoAuditTrail;
import dev.outpost.dynamodb.DynamoContextDocuments;
import dev.outpost.dynamodb.DynamoDeliveries;
import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.DynamoEndings;
import dev.outpost.dynamodb.DynamoSecretMarks;
import dev.outpost.dynamodb.DynamoWebhooks;
import dev.outpost.dynamodb.DynamoWorkspaces;
import dev.outpost.edge.CatalogueFile;
import dev.outpost.edge.Environment;
import dev.outpost.edge.PublishedStatuses;
import dev.outpost.functions.api.logs.CloudWatchLogs;
import dev.outpost.functions.api.promote.GithubPullRequests;
import dev.outpost.functions.api.promote.JgitBranches;
import dev.outpost.functions.api.promote.UrlContent;
import dev.outpost.functions.api.request.InstallationPolicy;
import dev.outpost.functions.api.request.RepoScheme;
import dev.outpost.functions.api.request.SizeDimension;
import dev.outpost.promote.Promote;
import dev.outpost.s3.S3Artifacts;
import dev.outpost.secrets.Secrets;
import dev.outpost.secrets.SecretsManagerTenantSecrets;
import dev.outpost.sqs.SqsDeliveryQueue;
import dev.outpost.sqs.SqsLaunchQueue;
import dev.outpost.tenant.HostTokens;
import dev.outpost.tenant.MarkedSecrets;
import dev.outpost.tenant.TenantSecrets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The deployed API's configuration.
 *
 * @param stage part of the names of tables and log groups
 * @param bucket where artifacts are
 * @param queueUrl the launch queue
 * @param deliveriesUrl the queue of what webhooks are to be told
 * @param credentials names of the agents' credentials that the installation has
 * @param agentsBesides ids of agents to switch on that the catalogue has off
 * @param repoSchemes how repositories may be reached
 * @param secretsKey the KMS key that tenants' secrets are made under, if it is not AWS's own
 * @param gitHost the host that tokens for repositories are meant for
 * @param told which statuses webhooks can be told of: those that the relay publishes
 */
record ApiWiring(
    String stage,
    String bucket,
    String queueUrl,
    String deliveriesUrl,
    Set<String> credentials,
    Set<String> agentsBesides,
    Set<RepoScheme> repoSchemes,
    Optional<String> secretsKey,
    String gitHost,
    Set<Status> told) {
  /** From RunTask to the runner's claim on Fargate, the pull of an agent's image included. */
  private static final Duration USUAL_START = Duration.ofSeconds(45);

  static ApiParts fromEnvironment(Map<String, String> variables) {
    ApiWiring config =
        new Environment(variables)
            .read(
                v ->
                    new ApiWiring(
                        v.text("OUTPOST_STAGE"),
                        v.text("OUTPOST_ARTIFACTS_BUCKET"),
                        v.text("OUTPOST_LAUNCH_QUEUE_URL"),
                        v.text("OUTPOST_DELIVERY_QUEUE_URL"),
                        Set.copyOf(v.words("OUTPOST_CREDENTIALS")),
                        Set.copyOf(v.words("OUTPOST_AGENTS_ENABLED")),
                        schemes(v.words("OUTPOST_REPO_SCHEMES")),
                        v.optional("OUTPOST_SECRETS_KEY"),
                        v.optional("OUTPOST_GIT_HOST").orElse(HostTokens.GITHUB),
                        PublishedStatuses.read(v)));
    return config.parts();
  }

  private ApiParts parts() {
    InstantSource clock = InstantSource.system();
    DynamoDbClient dynamo = DynamoDbClient.create();
    SqsClient sqs = SqsClient.create();
    Catalogue catalogue = CatalogueFile.packaged();
    Dispatches dispatches = new DynamoDispatches(dynamo, stage);
    ArtifactStore artifacts = new S3Artifacts(S3Presigner.create(), bucket);
    SecretsManagerClient secretsManager = SecretsManagerClient.create();
    Secrets secrets = new Secrets(secretsManager, stage, clock);
    TenantSecrets tenantSecrets =
        new MarkedSecrets(
            new SecretsManagerTenantSecrets(secretsManager, stage, secretsKey),
            new DynamoSecretMarks(dynamo, stage));
    return new ApiParts(
        dispatches,
        new SqsLaunchQueue(sqs, queueUrl),
        new CloudWatchLogs(CloudWatchLogsClient.create(), stage, catalogue.ids(), clock),
        artifacts,
        new DynamoEndings(dynamo, stage),
        catalogue,
        new NamedCredentials(credentials),
        new Promote(
            dispatches,
            artifacts,
            new UrlContent(),
            new JgitBranches(Path.of(System.getProperty("java.io.tmpdir"))),
            GithubPullRequests.of(gitHost),
            new HostTokens(gitHost, tenantSecrets, secrets::gitToken)),
        tenantSecrets,
        new DynamoContextDocuments(dynamo, stage),
        new DynamoWorkspaces(dynamo, stage),
        new DynamoWebhooks(dynamo, stage),
        new DynamoDeliveries(dynamo, stage),
        new SqsDeliveryQueue(sqs, deliveriesUrl),
        secrets::signingSecrets,
        new DynamoAuditTrail(dynamo, stage),
        new InstallationPolicy(
            repoSchemes,
            EnumSet.allOf(SizeDimension.class),
            InstallationPolicy.agentsOn(catalogue, agentsBesides),
            USUAL_START,
            told,
            false),
        new Ulids(clock),
        ApiWiring::pause,
        clock);
  }

  /** Unless configured otherwise by https alone: a task has no key for ssh, and no local files. */
  private static Set<RepoScheme> schemes(List<String> words) {
    Set<RepoScheme> schemes = EnumSet.noneOf(RepoScheme.class);
    for (RepoScheme scheme : RepoScheme.values()) {
      if (words.contains(scheme.wire())) {
        schemes.add(scheme);
      }
    }
    if (schemes.size() != Set.copyOf(words).size()) {
      throw new IllegalStateException("OUTPOST_REPO_SCHEMES knows https, ssh and file");
    }
    return schemes.isEmpty() ? Set.of(RepoScheme.HTTPS) : schemes;
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
