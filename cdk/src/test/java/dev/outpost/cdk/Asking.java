package dev.outpost.cdk;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretVersionStageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/**
 * What IAM is asked when a call is made. Which actions, resources and condition keys a call is
 * about says the Service Authorization Reference.
 *
 * @param action the action, such as {@code dynamodb:GetItem}
 * @param resource the ARN; {@code *} for an action that knows no resource
 * @param context the condition keys that the call has, with their values
 */
record Asking(String action, String resource, Map<String, String> context) {
  static final String REGION = "eu-central-1";
  static final String ACCOUNT = "111122223333";

  /** What stands for all resources. */
  static final String NONE = "*";

  Asking {
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(resource, "resource");
    context = Map.copyOf(context);
  }

  Asking(String action, String resource) {
    this(action, resource, Map.of());
  }

  static String arn(String service, String resource) {
    return "arn:aws:" + service + ":" + REGION + ":" + ACCOUNT + ":" + resource;
  }

  /**
   * What IAM is asked about a request of the SDK.
   *
   * @throws IllegalArgumentException when it is a request that nobody has looked up yet
   */
  static List<Asking> of(SdkRequest request) {
    return switch (request) {
      case GetItemRequest get -> table("GetItem", get.tableName());
      case PutItemRequest put -> table("PutItem", put.tableName());
      case DeleteItemRequest delete -> table("DeleteItem", delete.tableName());
      case UpdateItemRequest update -> table("UpdateItem", update.tableName());
      case QueryRequest query ->
          query.indexName() == null
              ? table("Query", query.tableName())
              : table("Query", query.tableName() + "/index/" + query.indexName());
      case BatchGetItemRequest batch ->
          batch.requestItems().keySet().stream()
              .flatMap(name -> table("BatchGetItem", name).stream())
              .toList();
      // A transaction is allowed by what allows each of its parts (DynamoDB Developer Guide, "Using
      // IAM with DynamoDB transactions").
      case TransactWriteItemsRequest transaction ->
          transaction.transactItems().stream().flatMap(item -> part(item).stream()).toList();
      case SendMessageRequest send ->
          List.of(
              new Asking(
                  "sqs:SendMessage",
                  arn("sqs", send.queueUrl().substring(send.queueUrl().lastIndexOf('/') + 1))));
      case PutEventsRequest put ->
          put.entries().stream()
              .map(
                  e ->
                      new Asking(
                          "events:PutEvents", arn("events", "event-bus/" + e.eventBusName())))
              .distinct()
              .toList();
      case FilterLogEventsRequest filter ->
          List.of(
              new Asking(
                  "logs:FilterLogEvents",
                  arn("logs", "log-group:" + filter.logGroupName() + ":log-stream:")));
      case GetSecretValueRequest get -> secret("GetSecretValue", get.secretId());
      case CreateSecretRequest create -> secret("CreateSecret", create.name());
      case PutSecretValueRequest put -> secret("PutSecretValue", put.secretId());
      case UpdateSecretVersionStageRequest move ->
          secret("UpdateSecretVersionStage", move.secretId());
      case GetObjectRequest get -> object("GetObject", get.bucket(), get.key());
      case DeleteObjectRequest delete -> object("DeleteObject", delete.bucket(), delete.key());
      case PutObjectRequest put -> object("PutObject", put.bucket(), put.key());
      case RunTaskRequest run -> run(run);
      case StopTaskRequest stop -> List.of(task("StopTask", stop.cluster(), stop.task()));
      case DescribeTasksRequest describe ->
          describe.tasks().stream()
              .map(task -> task("DescribeTasks", describe.cluster(), task))
              .toList();
      case ListTasksRequest list ->
          List.of(new Asking("ecs:ListTasks", NONE, inCluster(list.cluster())));
      case DescribeTaskDefinitionRequest _ ->
          List.of(new Asking("ecs:DescribeTaskDefinition", NONE));
      default -> throw new IllegalArgumentException("unknown to this proof: " + request.getClass());
    };
  }

  private static List<Asking> table(String operation, String name) {
    return List.of(new Asking("dynamodb:" + operation, arn("dynamodb", "table/" + name)));
  }

  private static List<Asking> part(TransactWriteItem item) {
    if (item.put() != null) {
      return table("PutItem", item.put().tableName());
    }
    if (item.update() != null) {
      return table("UpdateItem", item.update().tableName());
    }
    if (item.delete() != null) {
      return table("DeleteItem", item.delete().tableName());
    }
    return table("ConditionCheckItem", item.conditionCheck().tableName());
  }

  /** Secrets Manager ends a secret's ARN with six characters of its own. */
  private static List<Asking> secret(String operation, String name) {
    return List.of(
        new Asking(
            "secretsmanager:" + operation, arn("secretsmanager", "secret:" + name + "-a1B2c3")));
  }

  private static List<Asking> object(String operation, String bucket, String key) {
    return List.of(new Asking("s3:" + operation, "arn:aws:s3:::" + bucket + "/" + key));
  }

  /** With its tags, which ask for a permission of their own. The task has no name yet. */
  private static List<Asking> run(RunTaskRequest run) {
    List<Asking> asked = new ArrayList<>();
    asked.add(
        new Asking(
            "ecs:RunTask",
            run.taskDefinition().startsWith("arn:")
                ? run.taskDefinition()
                : arn("ecs", "task-definition/" + run.taskDefinition()),
            inCluster(run.cluster())));
    if (run.hasTags()) {
      asked.add(
          new Asking(
              "ecs:TagResource",
              arn("ecs", "task/" + run.cluster() + "/0f9de17a6465404e8b1b2356dc13c2f8"),
              Map.of("ecs:CreateAction", "RunTask")));
    }
    return asked;
  }

  private static Asking task(String operation, String cluster, String task) {
    return new Asking(
        "ecs:" + operation,
        task.startsWith("arn:") ? task : arn("ecs", "task/" + cluster + "/" + task),
        inCluster(cluster));
  }

  private static Map<String, String> inCluster(String name) {
    return Map.of("ecs:cluster", arn("ecs", "cluster/" + name));
  }

  /** The same in another stage, for all names end with their stage's. */
  Asking in(String stage, String instead) {
    Map<String, String> values = new HashMap<>(context);
    values.replaceAll((_, value) -> moved(value, stage, instead));
    return new Asking(action, moved(resource, stage, instead), values);
  }

  private static String moved(String name, String stage, String instead) {
    return name.replaceAll("-" + stage + "(?=$|[/:])", "-" + instead);
  }
}
