package dev.outpost.cli;

import dev.outpost.Ulids;
import dev.outpost.audit.AuditedTenants;
import dev.outpost.cli.admin.DeadLetters;
import dev.outpost.cli.admin.QueueName;
import dev.outpost.cli.admin.Stages;
import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Terminal;
import dev.outpost.dynamodb.DynamoAuditTrail;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.tenant.Tenants;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** The stages deployed to AWS, with the region and the credentials of the environment. */
final class AwsStages implements Stages {
  private static final int LONGEST = 200;

  private final Supplier<DynamoDbClient> dynamo;
  private final Supplier<SqsClient> sqs;

  /**
   * On such clients.
   *
   * @param dynamo gives one per command, which lives as long as the process
   * @param sqs likewise
   */
  AwsStages(Supplier<DynamoDbClient> dynamo, Supplier<SqsClient> sqs) {
    this.dynamo = Objects.requireNonNull(dynamo, "dynamo");
    this.sqs = Objects.requireNonNull(sqs, "sqs");
  }

  /** On the clients that the environment describes. */
  static AwsStages ofEnvironment() {
    return new AwsStages(
        () -> DynamoDbClient.builder().httpClientBuilder(ApacheHttpClient.builder()).build(),
        () -> SqsClient.builder().httpClientBuilder(ApacheHttpClient.builder()).build());
  }

  @Override
  public Tenants tenants(String stage) {
    DynamoDbClient client = dynamo.get();
    InstantSource clock = InstantSource.system();
    return new AuditedTenants(
        new DynamoTenants(client, stage),
        new DynamoAuditTrail(client, stage),
        new Ulids(clock),
        clock);
  }

  @Override
  public DeadLetters deadLetters(String stage, QueueName queue) {
    return new SqsDeadLetters(sqs.get(), "outpost-" + queue.wire() + "-" + stage);
  }

  /** What AWS says against it, as far as it was AWS. */
  static Optional<Refusal> refusal(Exception e) {
    return switch (e) {
      case ResourceNotFoundException _ ->
          Optional.of(
              Refusal.broken(
                  "NO_SUCH_STAGE",
                  "this account and region lack tables of that stage: is it deployed, and lately?"));
      case QueueDoesNotExistException _ ->
          Optional.of(
              Refusal.broken(
                  "NO_SUCH_STAGE", "this account and region have no queues of that stage"));
      // Its first words; those about missing credentials would fill a screen.
      case SdkException said ->
          Optional.of(
              Refusal.broken("AWS", "AWS: " + Terminal.oneLine(said.getMessage(), LONGEST)));
      default -> Optional.empty();
    };
  }
}
