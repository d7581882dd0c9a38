package dev.outpost.cdk;

import dev.outpost.items.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.iam.PolicyStatement;

/**
 * What each function may do, and nothing else may: the one place where permissions stand. {@code
 * PrivilegeTest} compares them with the calls that the functions make.
 *
 * <p>A transaction needs the permissions of the writes in it (DynamoDB Developer Guide, "Using IAM
 * with DynamoDB transactions").
 */
final class Permissions {
  private final Settings settings;
  private final Names names;
  private final Queues queues;
  private final Agents agents;

  Permissions(Settings settings, Names names, Queues queues, Agents agents) {
    this.settings = settings;
    this.names = names;
    this.queues = queues;
    this.agents = agents;
  }

  /** The statements of a function's role, by name of its policy. */
  List<PolicyStatement> of(Room room) {
    List<PolicyStatement> statements = new ArrayList<>();
    switch (room) {
      case AUTHORIZER ->
          statements.add(
              allow(
                  "Keys", names.table(Tables.API_KEYS), "dynamodb:GetItem", "dynamodb:UpdateItem"));
      case API -> {
        statements.add(
            allow(
                "Dispatches",
                names.table(Tables.DISPATCHES),
                "dynamodb:GetItem",
                "dynamodb:BatchGetItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem"));
        statements.add(
            query("Find", Tables.DISPATCHES, Tables.BY_TENANT, Tables.BY_WAITING, Tables.BY_DUE));
        statements.add(
            allow(
                "DaysSlotsIdempotencyContextWorkspacesWebhooks",
                names.table(Tables.TENANTS),
                "dynamodb:ConditionCheckItem",
                "dynamodb:DeleteItem",
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:Query",
                "dynamodb:UpdateItem"));
        statements.add(allow("Figures", names.table(Tables.POOL), "dynamodb:BatchGetItem"));
        // Neither to update nor to delete; and what puts does so where there is nothing yet.
        statements.add(
            allow("Audit", names.table(Tables.AUDIT), "dynamodb:PutItem", "dynamodb:Query"));
        statements.add(allow("Announce", queues.launch().getQueueArn(), "sqs:SendMessage"));
        statements.add(allow("TellAgain", queues.webhooks().getQueueArn(), "sqs:SendMessage"));
        statements.add(
            allow("WebhookKey", names.secret(names.webhookKey()), "secretsmanager:GetSecretValue"));
        statements.add(
            allow(
                "ReadAgentLogs",
                names.arn("logs", "log-group:" + names.agentLogs() + ":*"),
                "logs:FilterLogEvents"));
        statements.add(allow("SignDownloads", names.artifacts(), "s3:GetObject"));
        statements.add(allow("RemoveWorkspaces", names.workspaces(), "s3:DeleteObject"));
        statements.add(
            allow("GitToken", names.secret(names.gitToken()), "secretsmanager:GetSecretValue"));
        statements.add(
            allow(
                "TenantSecrets",
                names.tenantSecrets(),
                "secretsmanager:CreateSecret",
                "secretsmanager:GetSecretValue",
                "secretsmanager:PutSecretValue",
                "secretsmanager:UpdateSecretVersionStage"));
      }
      case RUNNER -> {
        // What it puts is the data that an agent returns.
        statements.add(
            allow(
                "Dispatches",
                names.table(Tables.DISPATCHES),
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem"));
        statements.add(
            allow("TokenKey", names.secret(names.runTokenKey()), "secretsmanager:GetSecretValue"));
        statements.add(
            allow(
                "AgentCredentials",
                names.arn("secretsmanager", "secret:" + names.agentSecret("*")),
                "secretsmanager:GetSecretValue"));
        statements.add(
            allow("GitToken", names.secret(names.gitToken()), "secretsmanager:GetSecretValue"));
        statements.add(
            allow("TenantSecrets", names.tenantSecrets(), "secretsmanager:GetSecretValue"));
        statements.add(
            allow(
                "ContextWorkspaces",
                names.table(Tables.TENANTS),
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem"));
        statements.add(allow("SignTransfers", names.artifacts(), "s3:PutObject", "s3:GetObject"));
      }
      case LAUNCHER -> {
        statements.add(
            allow(
                "Dispatches",
                names.table(Tables.DISPATCHES),
                "dynamodb:GetItem",
                "dynamodb:UpdateItem"));
        statements.add(query("Find", Tables.DISPATCHES, Tables.BY_WAITING));
        statements.add(
            allow("Slots", names.table(Tables.TENANTS), "dynamodb:GetItem", "dynamodb:UpdateItem"));
        statements.add(consume(queues.launch().getQueueArn()));
        statements.add(allow("LookLater", queues.launch().getQueueArn(), "sqs:SendMessage"));
        statements.add(
            allow("TokenKey", names.secret(names.runTokenKey()), "secretsmanager:GetSecretValue"));
        statements.addAll(runTasks());
        statements.add(tasks("StopTasks", "ecs:StopTask"));
      }
      case TASKEVENTS -> {
        statements.add(
            allow(
                "Dispatches",
                names.table(Tables.DISPATCHES),
                "dynamodb:GetItem",
                "dynamodb:UpdateItem"));
        statements.add(allow("Slots", names.table(Tables.TENANTS), "dynamodb:UpdateItem"));
        statements.add(consume(queues.taskEvents().getQueueArn()));
      }
      case RELAY -> {
        statements.add(query("Find", Tables.DISPATCHES, Tables.BY_WAITING));
        // What it admits is the fallback of a failure: a dispatch, counted against its day. What it
        // updates is that an end was told.
        statements.add(
            allow(
                "Dispatches",
                names.table(Tables.DISPATCHES),
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem"));
        statements.add(
            allow(
                "SlotsTenantsDaysWebhooks",
                names.table(Tables.TENANTS),
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem"));
        statements.add(allow("Figures", names.table(Tables.POOL), "dynamodb:UpdateItem"));
        statements.add(allow("WakeNext", queues.launch().getQueueArn(), "sqs:SendMessage"));
        statements.add(allow("Tell", queues.webhooks().getQueueArn(), "sqs:SendMessage"));
        statements.add(publish());
        statements.add(
            allow(
                "Changes",
                names.table(Tables.DISPATCHES) + "/stream/*",
                "dynamodb:DescribeStream",
                "dynamodb:GetRecords",
                "dynamodb:GetShardIterator"));
        // The action knows no resource.
        statements.add(allow("FindStream", "*", "dynamodb:ListStreams"));
        statements.add(allow("GiveUp", queues.relayDead().getQueueArn(), "sqs:SendMessage"));
      }
      case RECONCILER -> {
        // What it puts is a fallback that the relay did not.
        statements.add(
            allow(
                "Dispatches",
                names.table(Tables.DISPATCHES),
                "dynamodb:GetItem",
                "dynamodb:BatchGetItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem"));
        statements.add(query("Find", Tables.DISPATCHES, Tables.BY_WAITING, Tables.BY_DUE));
        statements.add(query("FindDue", Tables.TENANTS, Tables.BY_DUE));
        statements.add(
            allow(
                "SlotsWebhooks",
                names.table(Tables.TENANTS),
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem"));
        statements.add(allow("Announce", queues.launch().getQueueArn(), "sqs:SendMessage"));
        statements.add(allow("TellAgain", queues.webhooks().getQueueArn(), "sqs:SendMessage"));
        statements.add(publish());
        statements.addAll(watchTasks());
        statements.add(allow("GiveUp", queues.reconcilerDead().getQueueArn(), "sqs:SendMessage"));
      }
      case WEBHOOKS -> {
        statements.add(
            allow("Webhooks", names.table(Tables.TENANTS), "dynamodb:GetItem", "dynamodb:PutItem"));
        statements.add(consume(queues.webhooks().getQueueArn()));
        statements.add(
            allow("WebhookKey", names.secret(names.webhookKey()), "secretsmanager:GetSecretValue"));
      }
    }
    statements.add(
        allow(
            "Log",
            names.arn("logs", "log-group:" + logGroup(room) + ":log-stream:*"),
            "logs:CreateLogStream",
            "logs:PutLogEvents"));
    if (settings.traces()) {
      // The actions know no resource.
      statements.add(allow("Trace", "*", "xray:PutTraceSegments", "xray:PutTelemetryRecords"));
    }
    return statements;
  }

  /** The group that a function logs to. */
  String logGroup(Room room) {
    return "/outpost/" + settings.stage() + "/functions/" + room.word();
  }

  private PolicyStatement query(String sid, String table, String... indexes) {
    return PolicyStatement.Builder.create()
        .sid(sid)
        .actions(List.of("dynamodb:Query"))
        .resources(List.of(indexes).stream().map(index -> names.index(table, index)).toList())
        .build();
  }

  private PolicyStatement publish() {
    return allow("Publish", names.arn("events", "event-bus/" + names.bus()), "events:PutEvents");
  }

  /** What Lambda does to the queue with the function's role. */
  private static PolicyStatement consume(String queue) {
    return allow(
        "Consume", queue, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes");
  }

  /** Tasks of this stage's agents, in this stage's cluster, under its two roles. */
  private List<PolicyStatement> runTasks() {
    return List.of(
        PolicyStatement.Builder.create()
            .sid("RunTasks")
            .actions(List.of("ecs:RunTask"))
            .resources(agents.taskDefinitionArns())
            .conditions(inCluster())
            .build(),
        PolicyStatement.Builder.create()
            .sid("TagTasks")
            .actions(List.of("ecs:TagResource"))
            .resources(List.of(tasks()))
            .conditions(Map.of("StringEquals", Map.of("ecs:CreateAction", "RunTask")))
            .build(),
        PolicyStatement.Builder.create()
            .sid("GiveTasksTheirRoles")
            .actions(List.of("iam:PassRole"))
            .resources(agents.roleArns())
            .conditions(
                Map.of("StringEquals", Map.of("iam:PassedToService", "ecs-tasks.amazonaws.com")))
            .build(),
        // The action knows no resource.
        allow("FindRevision", "*", "ecs:DescribeTaskDefinition"));
  }

  private List<PolicyStatement> watchTasks() {
    return List.of(
        tasks("WatchTasks", "ecs:DescribeTasks", "ecs:StopTask"),
        // The action knows no resource but container instances, of which Fargate has none.
        PolicyStatement.Builder.create()
            .sid("ListTasks")
            .actions(List.of("ecs:ListTasks"))
            .resources(List.of("*"))
            .conditions(inCluster())
            .build());
  }

  /** Actions on the tasks of this stage's cluster. */
  private PolicyStatement tasks(String sid, String... actions) {
    return PolicyStatement.Builder.create()
        .sid(sid)
        .actions(List.of(actions))
        .resources(List.of(tasks()))
        .conditions(inCluster())
        .build();
  }

  private String tasks() {
    return names.arn("ecs", "task/" + names.cluster() + "/*");
  }

  private Map<String, Object> inCluster() {
    return Map.of("ArnEquals", Map.of("ecs:cluster", names.clusterArn()));
  }

  private static PolicyStatement allow(String sid, String resource, String... actions) {
    return PolicyStatement.Builder.create()
        .sid(sid)
        .actions(List.of(actions))
        .resources(List.of(resource))
        .build();
  }
}
