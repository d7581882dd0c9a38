package dev.outpost.functions.api;

import dev.outpost.Ulids;
import dev.outpost.agent.Catalogue;
import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.DynamoEndings;
import dev.outpost.edge.CatalogueFile;
import dev.outpost.edge.Environment;
import dev.outpost.functions.api.logs.CloudWatchLogs;
import dev.outpost.functions.api.request.InstallationPolicy;
import dev.outpost.functions.api.request.RepoScheme;
import dev.outpost.functions.api.request.SizeDimension;
import dev.outpost.s3.S3Artifacts;
import dev.outpost.sqs.SqsLaunchQueue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The deployed API's configuration.
 *
 * @param stage part of the names of tables and log groups
 * @param bucket where artifacts are
 * @param queueUrl the launch queue
 * @param credentials names of the agents' credentials that the installation has
 * @param agentsBesides ids of agents to switch on that the catalogue has off
 * @param repoSchemes how repositories may be reached
 */
record ApiWiring(
    String stage,
    String bucket,
    String queueUrl,
    Set<String> credentials,
    Set<String> agentsBesides,
    Set<RepoScheme> repoSchemes) {
  /** From RunTask to the runner's claim on Fargate, the pull of an agent's image included. */
  private static final Duration USUAL_START = Duration.ofSeconds(45);

  static ApiWiring read(Map<String, String> variables) {
    return new Environment(variables)
        .read(
            v ->
                new ApiWiring(
                    v.text("OUTPOST_STAGE"),
                    v.text("OUTPOST_ARTIFACTS_BUCKET"),
                    v.text("OUTPOST_LAUNCH_QUEUE_URL"),
                    Set.copyOf(v.words("OUTPOST_CREDENTIALS")),
                    Set.copyOf(v.words("OUTPOST_AGENTS_ENABLED")),
                    schemes(v.words("OUTPOST_REPO_SCHEMES"))));
  }

  static ApiParts fromEnvironment(Map<String, String> variables) {
    return read(variables).parts();
  }

  /** What the deployed API stands on. */
  ApiParts parts() {
    return parts(
        DynamoDbClient.create(),
        SqsClient.create(),
        CloudWatchLogsClient.create(),
        S3Presigner.create(),
        credentials);
  }

  /**
   * The same with a store and a queue that are not there, and every credential: a request may be
   * accepted on it, and nothing has happened.
   */
  ApiParts rehearsed() {
    AwsCredentialsProvider nobody =
        StaticCredentialsProvider.create(AwsBasicCredentials.create("rehearsal", "rehearsal"));
    DynamoDbClient dynamo =
        DynamoDbClient.builder()
            .region(Region.US_EAST_1)
            .credentialsProvider(nobody)
            .httpClient(new Nowhere())
            .build();
    SqsClient sqs =
        SqsClient.builder()
            .region(Region.US_EAST_1)
            .credentialsProvider(nobody)
            .httpClient(new Nowhere())
            // An empty answer has no digest to compare.
            .checksumValidationEnabled(false)
            .build();
    CloudWatchLogsClient logs =
        CloudWatchLogsClient.builder()
            .region(Region.US_EAST_1)
            .credentialsProvider(nobody)
            .httpClient(new Nowhere())
            .build();
    S3Presigner presigner =
        S3Presigner.builder().region(Region.US_EAST_1).credentialsProvider(nobody).build();
    return parts(dynamo, sqs, logs, presigner, Set.of(Rehearsal.CREDENTIAL));
  }

  private ApiParts parts(
      DynamoDbClient dynamo,
      SqsClient sqs,
      CloudWatchLogsClient logs,
      S3Presigner presigner,
      Set<String> known) {
    InstantSource clock = InstantSource.system();
    Catalogue catalogue = CatalogueFile.packaged();
    return new ApiParts(
        new DynamoDispatches(dynamo, stage),
        new SqsLaunchQueue(sqs, queueUrl),
        new CloudWatchLogs(logs, stage, catalogue.ids(), clock),
        new S3Artifacts(presigner, bucket),
        new DynamoEndings(dynamo, stage),
        catalogue,
        new NamedCredentials(known),
        new InstallationPolicy(
            repoSchemes,
            EnumSet.allOf(SizeDimension.class),
            InstallationPolicy.agentsOn(catalogue, agentsBesides),
            USUAL_START),
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
