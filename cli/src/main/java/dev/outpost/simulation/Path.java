package dev.outpost.simulation;

import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The paths through Outpost, and how many calls of AWS each may make. The one table of them: the
 * build fails when a path makes another number of calls, and {@code docs/cost.md} shows it.
 */
enum Path {
  ADMIT("POST /dispatch", "dynamodb:GetItem 1, dynamodb:TransactWriteItems 1, sqs:SendMessage 1"),
  ADMIT_WORKSPACE(
      "POST /dispatch, in a workspace",
      "dynamodb:GetItem 3, dynamodb:Query 1, dynamodb:TransactWriteItems 1, sqs:SendMessage 1"),
  READ("GET /dispatch/{id}", "dynamodb:GetItem 2"),
  LIST("GET /dispatch", "dynamodb:GetItem 1, dynamodb:Query 1, dynamodb:BatchGetItem 1"),
  CANCEL("DELETE /dispatch/{id}", "dynamodb:GetItem 2, dynamodb:PutItem 2, dynamodb:UpdateItem 1"),
  ARTIFACTS("GET /artifacts/{id}", "dynamodb:GetItem 2"),
  REFUSED("POST /dispatch, refused", "dynamodb:GetItem 1"),
  REFUSED_KEYED("POST /dispatch with an idempotency key, refused", "dynamodb:GetItem 2"),
  BUSY(
      "POST /dispatch, its workspace is busy",
      "dynamodb:GetItem 5, dynamodb:Query 1, dynamodb:TransactWriteItems 1,"
          + " dynamodb:BatchGetItem 1"),
  LAUNCH(
      "launch",
      "dynamodb:GetItem 3, dynamodb:Query 1, dynamodb:TransactWriteItems 1,"
          + " ecs:DescribeTaskDefinition 1, ecs:RunTask 1, dynamodb:UpdateItem 1"),
  LAUNCH_WAITS("launch without a free slot", "dynamodb:GetItem 3, dynamodb:Query 1"),
  STOP("launcher stops a task", "dynamodb:GetItem 1, ecs:StopTask 1"),
  CLAIM("POST /runner/claim", "dynamodb:GetItem 3, dynamodb:UpdateItem 1"),
  CLAIM_SECRETS(
      "POST /runner/claim, of a tenant with secrets",
      "dynamodb:GetItem 3, dynamodb:UpdateItem 1, secretsmanager:GetSecretValue 1"),
  REPORT_KEPT("POST /runner/report, kept", "dynamodb:GetItem 1, dynamodb:UpdateItem 1"),
  REPORT_HEARD("POST /runner/report, nothing new", "dynamodb:GetItem 1"),
  RESULT("POST /runner/report, result", "dynamodb:GetItem 1, dynamodb:UpdateItem 1"),
  TASK_STOPPED("task event: stopped", "dynamodb:GetItem 1, dynamodb:TransactWriteItems 1"),
  TASK_SEEN("task event: nothing new", "dynamodb:GetItem 1"),
  RELAY_STOP("relay: a stop was asked for", "sqs:SendMessage 1"),
  RELAY_TOLD("relay: a change that the bus is told", "dynamodb:GetItem 1, events:PutEvents 1"),
  RELAY_WEBHOOK(
      "relay: the same, of a tenant with a webhook",
      "dynamodb:GetItem 1, dynamodb:PutItem 1, sqs:SendMessage 1, events:PutEvents 1"),
  DELIVERED("webhooks: an endpoint is told", "dynamodb:GetItem 2, dynamodb:PutItem 1"),
  RELAY_ENDED(
      "relay: an end, nobody waits",
      "dynamodb:Query 1, dynamodb:GetItem 1, events:PutEvents 1, dynamodb:UpdateItem 2"),
  RECONCILE_IDLE("reconciler's round, nothing open", "dynamodb:Query 6"),
  RECONCILE_OPEN(
      "reconciler's round, none of up to 100 is due", "dynamodb:Query 6, dynamodb:BatchGetItem 1");

  private final String title;
  private final String calls;

  Path(String title, String calls) {
    this.title = Objects.requireNonNull(title, "title");
    this.calls = Objects.requireNonNull(calls, "calls");
  }

  String title() {
    return title;
  }

  /** How often each operation may be called, by its service and name. */
  SortedMap<String, Integer> calls() {
    SortedMap<String, Integer> read = new TreeMap<>();
    for (String call : calls.split(", ", -1)) {
      if (!call.isEmpty()) {
        int space = call.indexOf(' ');
        read.put(call.substring(0, space), Integer.parseInt(call.substring(space + 1)));
      }
    }
    return read;
  }
}
