package dev.outpost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.cli.Typed.Came;
import dev.outpost.dynamodb.DynamoAuditTrail;
import dev.outpost.dynamodb.DynamoDbLocal;
import dev.outpost.dynamodb.DynamoTables;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.sqs.ElasticMq;
import dev.outpost.tenant.Tenant;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The administration of a deployed stage, on the tables' real adapter. */
@ResourceLock("DynamoDB Local") // It keeps some of its state in static fields.
@TestInstance(Lifecycle.PER_CLASS)
final class DeployedStageIT {
  @TempDir private Path dir;
  private DynamoDbLocal local;
  private ElasticMq sqs;

  @BeforeAll
  void start() {
    local = DynamoDbLocal.start();
    sqs = ElasticMq.start();
    DynamoTables.create(local.client(), "prod");
  }

  @AfterAll
  void stop() {
    local.close();
    sqs.close();
  }

  private Came type(String... args) {
    AwsStages stages = new AwsStages(local::client, sqs::client);
    return Typed.in(dir).run((shell, words) -> Main.run(shell, stages, words), args);
  }

  @Test
  void aTenantIsCreatedInTheStagesTables() {
    Came made = type("tenant", "create", "Blueprint", "b@example.com", "--stage", "prod");

    assertThat(made.exit()).as(made.err()).isZero();
    DynamoTenants tenants = new DynamoTenants(local.client(), "prod");
    Tenant tenant = tenants.list().getFirst();
    assertThat(tenant.name()).isEqualTo("Blueprint");
    assertThat(tenants.keys(tenant.id())).hasSize(1);
    assertThat(type("key", "--stage", "prod", "list", tenant.id().value()).out()).contains("admin");
    assertThat(type("tenant", "suspend", "--stage", "prod", tenant.id().value()).exit()).isZero();
    assertThat(new DynamoAuditTrail(local.client(), "prod").list(tenant.id(), Optional.empty(), 10))
        .extracting(line -> line.by() + " " + line.act() + " " + line.outcome().wire())
        .containsExactly(
            "operator update_tenant done",
            "operator update_tenant asked",
            "operator create_key done",
            "operator create_key asked",
            "operator create_tenant done",
            "operator create_tenant asked");
  }

  /** The stage's queue and its dead letters', by the names that they are deployed with. */
  private String[] queue(String name) {
    String dead =
        sqs.client().createQueue(q -> q.queueName("outpost-" + name + "-dead-prod")).queueUrl();
    String arn =
        sqs.client()
            .getQueueAttributes(q -> q.queueUrl(dead).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN);
    String live =
        sqs.client()
            .createQueue(
                q ->
                    q.queueName("outpost-" + name + "-prod")
                        .attributes(
                            Map.of(
                                QueueAttributeName.REDRIVE_POLICY,
                                "{\"deadLetterTargetArn\":\"" + arn + "\",\"maxReceiveCount\":5}")))
            .queueUrl();
    return new String[] {live, dead};
  }

  @Test
  void deadLettersAreListedAndPutBack() {
    String[] launch = queue("launch");
    queue("task-events");
    queue("webhooks");
    for (String id : List.of("dsp_00000000000000000000000001", "dsp_00000000000000000000000002")) {
      sqs.client()
          .sendMessage(m -> m.queueUrl(launch[1]).messageBody("{\"dispatchId\":\"" + id + "\"}"));
    }
    Came seen = type("redrive", "--dry-run", "--stage", "prod");
    assertThat(seen.exit()).as(seen.err()).isZero();
    assertThat(seen.out())
        .containsPattern("launch +2 +0")
        .containsPattern("task-events +0 +0")
        .contains("dsp_00000000000000000000000001")
        .contains("dsp_00000000000000000000000002");

    Came moved = type("redrive", "--stage", "prod", "--queue", "launch", "--json");
    assertThat(moved.exit()).as(moved.err()).isZero();
    assertThat(moved.out().strip())
        .isEqualTo("{\"queues\":[{\"queue\":\"launch\",\"deadLetters\":2,\"moved\":2}]}");
    assertThat(
            sqs.client()
                .receiveMessage(r -> r.queueUrl(launch[0]).maxNumberOfMessages(10))
                .messages())
        .hasSize(2);
    assertThat(type("redrive", "--stage", "prod").out())
        .containsPattern("launch +0 +0")
        .containsPattern("task-events +0 +0")
        .containsPattern("webhooks +0 +0");
  }

  @Test
  void aStageWithoutQueuesIsToldAsSuch() {
    Came came = type("redrive", "--stage", "nowhere");

    assertThat(came.exit()).isEqualTo(5);
    assertThat(came.err())
        .isEqualTo("outpost: this account and region have no queues of that stage\n");
  }

  @Test
  void aStageThatIsNotThereIsToldAsSuch() {
    Came came = type("tenant", "list", "--stage", "nowhere");

    assertThat(came.exit()).isEqualTo(5);
    assertThat(came.err())
        .isEqualTo(
            "outpost: this account and region lack tables of that stage: is it deployed, and lately?\n");
  }

  @Test
  void whatAwsSaysIsToldInItsWords() {
    AwsStages stages =
        new AwsStages(
            () -> {
              throw SdkClientException.create("no region");
            },
            sqs::client);

    Came came =
        Typed.in(dir)
            .run(
                (shell, words) -> Main.run(shell, stages, words),
                "tenant",
                "list",
                "--stage",
                "prod");

    assertThat(came).isEqualTo(new Came(5, "", "outpost: AWS: no region\n"));
  }
}
