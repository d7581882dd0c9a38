package dev.outpost.simulation;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import dev.outpost.InstallationKey;
import dev.outpost.agent.Catalogue;
import dev.outpost.claim.RunTokens;
import dev.outpost.dispatch.Status;
import dev.outpost.dynamodb.DynamoSecretMarks;
import dev.outpost.dynamodb.DynamoTables;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.edge.Json;
import dev.outpost.edge.MalformedJson;
import dev.outpost.functions.relay.RelayFunction;
import dev.outpost.functions.runner.RunnerFunction;
import dev.outpost.items.DispatchItem;
import dev.outpost.items.Tables;
import dev.outpost.protocol.MalformedMessage;
import dev.outpost.protocol.RunnerProtocol;
import dev.outpost.relay.Relay;
import dev.outpost.run.Artifact;
import dev.outpost.run.Claim;
import dev.outpost.run.ContainerContract;
import dev.outpost.run.Job;
import dev.outpost.run.Progress;
import dev.outpost.run.Report;
import dev.outpost.run.RunResult;
import dev.outpost.run.Usage;
import dev.outpost.simulation.aws.FilledSecrets;
import dev.outpost.simulation.aws.MemoryDynamoDb;
import dev.outpost.simulation.aws.MemoryEcs;
import dev.outpost.simulation.aws.MemoryLogs;
import dev.outpost.simulation.aws.MemoryS3;
import dev.outpost.simulation.aws.MemorySqs;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.KeySecret;
import dev.outpost.tenant.Scope;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tenants;
import dev.outpost.tenant.Tier;
import dev.outpost.webhook.Delivery;
import dev.outpost.webhook.Outcome;
import dev.outpost.webhook.Webhook;
import dev.outpost.webhook.WebhookId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * An installation in which nothing goes wrong, on the simulator's models of AWS, with a {@link
 * Meter} on every wire: the real handlers on the real adapters, called one after the other as the
 * services would call them. Nothing shares a batch with anything, which is the dearest case. Not
 * safe for use by several threads.
 */
final class Life {
  /** What the typical task takes after its claim. */
  static final Duration RUN = Duration.ofMinutes(5);

  private static final Instant START = Instant.parse("2026-11-22T10:01:00Z");
  private static final Duration RECONCILE_EVERY = Duration.ofMinutes(1);
  private static final Duration CLAIMED_AFTER = Duration.ofSeconds(40);

  /** How long a webhook's endpoint is taken to need for its answer. */
  static final Duration ENDPOINT_ANSWERS_IN = Duration.ofMillis(200);

  private static final int NO_CONTENT = 204;
  private static final String SUBNET = "subnet-0";

  private final MemoryDynamoDb dynamo = new MemoryDynamoDb(this::now, () -> Duration.ZERO);
  private final MemorySqs sqs = new MemorySqs(this::now, MemorySqs.Liberties.NONE);
  private final MemoryEcs ecs;
  private final Meter meter = new Meter(Functions.STAGE);
  private final Invoices invoices = new Invoices(meter);
  private final List<String> taskEvents = new ArrayList<>();
  private final List<String> launches = new ArrayList<>();
  private final String deliveries;
  private final Functions functions;
  private final String queue;
  private final String key;
  private final TenantId tenant;
  private Instant now = START;
  private Instant reconciledAt = START;
  private long changesRead;
  private int requests;

  /** What a change is told by that is no end: dearer when a webhook listens. */
  private Path toldBy = Path.RELAY_TOLD;

  /** A new installation with one tenant. */
  Life(Catalogue catalogue) {
    DynamoTables.create(dynamo, Functions.STAGE);
    queue = sqs.createQueue(q -> q.queueName(Functions.queueName("launch"))).queueUrl();
    deliveries = sqs.createQueue(q -> q.queueName(Functions.queueName("webhooks"))).queueUrl();
    ecs =
        new MemoryEcs(
            this::now,
            new MemoryEcs.Settings(
                Functions.CLUSTER,
                Set.of("outpost-claude-" + Functions.STAGE),
                () -> Duration.ZERO),
            new MemoryEcs.Host() {
              @Override
              public void event(String json) {
                if (Sources.isTelling(json)) {
                  taskEvents.add(json);
                }
              }

              @Override
              public void stopRequested(String taskArn) {
                // Whoever drives this life ends its container.
              }
            });
    Random random = new Random(1);
    DynamoDbClient metered = meter.to("dynamodb").to(DynamoDbClient.class, dynamo);
    SecretsManagerClient manager =
        meter.to("secretsmanager").to(SecretsManagerClient.class, new FilledSecrets("sk-counted"));
    Functions.Keys keys = Functions.keys(manager, metered, this::now);
    functions =
        new Functions(
            new Functions.Given(
                metered,
                meter.to("sqs").to(SqsClient.class, sqs),
                meter.to("ecs").to(EcsClient.class, ecs),
                meter.to("events").to(EventBridgeClient.class, new Bus()),
                // What reading a log costs depends on how much of it is read: no path has any.
                new MemoryLogs(Functions.LOG_GROUP, this::now, MemoryLogs.Liberties.NONE),
                new MemoryS3(Functions.BUCKET),
                queue,
                deliveries,
                this::answerOfAnEndpoint,
                new RunTokens(new InstallationKey(new byte[InstallationKey.MIN_BYTES])),
                keys,
                catalogue,
                SUBNET,
                Relay.USUALLY_PUBLISHED,
                RunnerFunction.REPORT_EVERY,
                random,
                _ -> true,
                this::linger,
                this::now,
                Optional.empty()));
    tenant = new TenantId(new UUID(random.nextLong(), random.nextLong()).toString());
    KeySecret secret = KeySecret.random(random);
    key = secret.reveal();
    Tenants tenants = new DynamoTenants(dynamo, Functions.STAGE);
    tenants.create(new Tenant(tenant, "Typical", "typical@example.com", Tier.FREE, false, now));
    tenants.addKey(
        new ApiKey(
            "key_1",
            secret.hash(),
            secret.prefix(),
            tenant,
            "typical",
            EnumSet.of(Scope.DISPATCH, Scope.STATUS, Scope.LIST, Scope.CANCEL),
            now,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Tier.FREE,
            false));
    // The first use of a key in a day is noted by a write, which is no dispatch's cost.
    http(Path.REFUSED, "GET", "/dispatch/dsp_00000000000000000000000000", Optional.empty());
    // Likewise the installation's own secrets, which a warm function knows.
    keys.installation().of(catalogue.find("claude").orElseThrow());
    var _ = keys.git().get();
    meter.forget();
    dynamo.onWrite(change -> meter.written(change.table(), change.before(), change.after()));
  }

  private Instant now() {
    return now;
  }

  /** A long poll waits; its function is billed meanwhile. */
  private void linger(Duration time) {
    now = now.plus(time);
    meter.linger(time);
  }

  private Outcome answerOfAnEndpoint(Webhook webhook, Delivery delivery, Instant when) {
    meter.linger(ENDPOINT_ANSWERS_IN);
    return new Outcome.Answered(NO_CONTENT);
  }

  Meter meter() {
    return meter;
  }

  Invoices invoices() {
    return invoices;
  }

  // What clients do.

  /** Sends the typical dispatch; answers its id. */
  String dispatch() {
    Reply reply = http(Path.ADMIT, "POST", "/dispatch", Optional.of(Json.text(wish())));
    launches.add(reply.data("dispatchId"));
    relay();
    return reply.data("dispatchId");
  }

  private static Map<String, Object> wish() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("agent", "claude");
    body.put("task", "Fix the flaky test in the build, and say what it was.");
    body.put("repo", "owner/name");
    body.put("timeoutSeconds", 300);
    return body;
  }

  Reply read(String id) {
    return http(Path.READ, "GET", "/dispatch/" + id, Optional.empty());
  }

  void list() {
    http(Path.LIST, "GET", "/dispatch", Optional.empty());
  }

  void cancel(String id) {
    http(Path.CANCEL, "DELETE", "/dispatch/" + id, Optional.empty());
    launches.add(id);
    relay();
  }

  /** Asks for the artifacts' URLs, and downloads each once. */
  void artifacts(String id) {
    http(Path.ARTIFACTS, "GET", "/artifacts/" + id, Optional.empty());
    meter.add(Billed.S3_GET, result().artifacts().size());
  }

  /** Sends two dispatches for one workspace that do not wait for it: the second is refused. */
  void busy() {
    Map<String, Object> body = wish();
    body.put("workspaceMode", "persistent");
    body.put("workspaceBusy", "reject");
    http(Path.ADMIT_WORKSPACE, "POST", "/dispatch", Optional.of(Json.text(body)));
    relay();
    http(Path.BUSY, "POST", "/dispatch", Optional.of(Json.text(body)));
  }

  void refused() {
    http(
        Path.REFUSED,
        "POST",
        "/dispatch",
        Optional.of("{\"agent\":\"claude\",\"task\":\"short\"}"));
  }

  /** It may be the repeat of one that was accepted, so its key is looked for. */
  void refusedWithKey() {
    Map<String, Object> body = wish();
    body.put("timeoutSeconds", 1);
    body.put("idempotencyKey", "once");
    http(Path.REFUSED_KEYED, "POST", "/dispatch", Optional.of(Json.text(body)));
  }

  // What the platform does.

  /** Gives the launcher the oldest message that it has not got. */
  void launch(Path path) {
    SQSMessage message = new SQSMessage();
    message.setMessageId(UUID.randomUUID().toString());
    message.setBody(Json.text(Map.of("dispatchId", launches.removeFirst())));
    message.setAttributes(Map.of("ApproximateReceiveCount", "1"));
    SQSEvent event = new SQSEvent();
    event.setRecords(List.of(message));
    invoices.invoke(
        path, "launcher", 1, () -> functions.launcher.handleRequest(event, invoices.context()));
    relay();
  }

  /** Brings the newest task's container up; answers the runner's job after its claim. */
  Job claim() {
    return claim(Path.CLAIM);
  }

  /** The same for a tenant that has brought secrets. */
  Job claimWithSecrets() {
    new DynamoSecretMarks(dynamo, Functions.STAGE).set(tenant);
    return claim(Path.CLAIM_SECRETS);
  }

  private Job claim(Path path) {
    MemoryEcs.TaskView task = ecs.tasks().getLast();
    while (!"RUNNING".equals(ecs.step(task.arn()))) {
      now = now.plusSeconds(10);
    }
    Claim claim =
        new Claim(
            task.environment().get(ContainerContract.DISPATCH_ID),
            Integer.parseInt(task.environment().get(ContainerContract.ATTEMPT)),
            task.environment().get(ContainerContract.CLAIM_TOKEN),
            "0123456789abcdef0123456789abcdef",
            Optional.of(task.arn()));
    Reply reply = runner(path, RunnerProtocol.CLAIM_PATH, RunnerProtocol.toJson(claim));
    relay();
    try {
      return RunnerProtocol.jobFromAnswer(reply.body());
    } catch (MalformedMessage e) {
      throw new IllegalStateException(e);
    }
  }

  void report(Path path, Job job, int percent, Report.Stage stage) {
    Report report =
        new Report(
            job.dispatchId(),
            job.attempt(),
            job.reportToken(),
            new Progress(percent, "running claude"),
            Optional.empty(),
            stage);
    runner(path, RunnerProtocol.REPORT_PATH, RunnerProtocol.toJson(report));
    relay();
  }

  /** The container exits, its task stops, and the event of that is told. */
  void exit() {
    MemoryEcs.TaskView task = ecs.tasks().getLast();
    ecs.exit(task.arn(), ContainerContract.EXIT_SUCCESS);
    while (!"STOPPED".equals(ecs.step(task.arn()))) {
      now = now.plusSeconds(2);
    }
    while (!taskEvents.isEmpty()) {
      taskEvent(Path.TASK_STOPPED, taskEvents.removeFirst());
    }
  }

  /** Tells the event of the newest task's end once more. */
  void taskEventAgain(String json) {
    taskEvent(Path.TASK_SEEN, json);
  }

  private void taskEvent(Path path, String json) {
    SQSMessage message = new SQSMessage();
    message.setMessageId(UUID.randomUUID().toString());
    message.setBody(json);
    SQSEvent event = new SQSEvent();
    event.setRecords(List.of(message));
    meter.on(path);
    // EventBridge's own delivery of an AWS event is free; the message it puts is not.
    meter.message(false);
    invoices.invoke(
        path, "taskevents", 1, () -> functions.taskEvents.handleRequest(event, invoices.context()));
    relay();
  }

  /** From now on the tenant has a webhook that is told when work begins. */
  void listen() {
    functions.webhooks.change(
        tenant,
        _ ->
            List.of(
                Webhook.of(
                    new WebhookId("whk_00000000000000000000000000"),
                    tenant,
                    URI.create("https://listener.example/outpost"),
                    Set.of(Status.RUNNING),
                    now)));
    meter.forget();
    toldBy = Path.RELAY_WEBHOOK;
  }

  /** Gives the function of webhooks what the relay has sent it. */
  void deliver() {
    Message sent = sqs.receiveMessage(r -> r.queueUrl(deliveries)).messages().getFirst();
    SQSMessage message = new SQSMessage();
    message.setMessageId(sent.messageId());
    message.setBody(sent.body());
    message.setAttributes(Map.of("ApproximateReceiveCount", "1"));
    SQSEvent event = new SQSEvent();
    event.setRecords(List.of(message));
    invoices.invoke(
        Path.DELIVERED,
        "webhooks",
        1,
        () -> functions.deliverer.handleRequest(event, invoices.context()));
  }

  /** Tells the relay each change by itself. */
  private void relay() {
    for (MemoryDynamoDb.Change change : dynamo.changes(changesRead)) {
      changesRead = change.sequence();
      DynamodbStreamRecord told = StreamShard.told(change);
      if (!RelayFunction.concerns(told, Relay.USUALLY_PUBLISHED)) {
        // The filter before the function: it costs nothing.
        continue;
      }
      DynamodbEvent event = new DynamodbEvent();
      event.setRecords(List.of(told));
      Status is = Status.of(change.after().orElseThrow().get("status").s()).orElseThrow();
      Path path =
          is == Status.COMPLETING ? Path.RELAY_STOP : is.isTerminal() ? Path.RELAY_ENDED : toldBy;
      invoices.invoke(
          path, "relay", 1, () -> functions.relay.handleRequest(event, invoices.context()));
    }
    dynamo.trim(changesRead);
  }

  /** Lets time pass, and the reconciler look each minute as its schedule has it. */
  void pass(Duration time) {
    Instant until = now.plus(time);
    while (!reconciledAt.plus(RECONCILE_EVERY).isAfter(until)) {
      reconciledAt = reconciledAt.plus(RECONCILE_EVERY);
      now = reconciledAt.isAfter(now) ? reconciledAt : now;
      reconcile(Path.RECONCILE_OPEN);
    }
    now = until.isAfter(now) ? until : now;
  }

  void reconcile(Path path) {
    invoices.invoke(
        path,
        "reconciler",
        1,
        () -> functions.reconciler.handleRequest(new ScheduledEvent(), invoices.context()));
  }

  // The typical life.

  /** Everything that happens to and is done with one typical dispatch. */
  void typical() {
    String id = dispatch();
    launch(Path.LAUNCH);
    pass(CLAIMED_AFTER);
    Job job = claim();
    Duration worked = Duration.ZERO;
    while (worked.plus(job.reportEvery()).compareTo(RUN) < 0) {
      pass(job.reportEvery());
      worked = worked.plus(job.reportEvery());
      // As the runner counts: from 10 to 90 percent while the agent's time goes by.
      int percent = 10 + (int) (80 * worked.toSeconds() / job.timeout().toSeconds());
      report(Path.REPORT_KEPT, job, percent, new Report.Stage.Working());
    }
    pass(RUN.minus(worked));
    report(Path.REPORT_KEPT, job, 90, new Report.Stage.Uploading());
    meter.on(Path.REPORT_KEPT);
    meter.add(Billed.S3_PUT, Artifact.Type.values().length);
    report(Path.RESULT, job, 100, new Report.Stage.Finished(result()));
    exit();
    read(id);
    artifacts(id);
  }

  static RunResult result() {
    return new RunResult(
        Optional.empty(),
        OptionalInt.of(0),
        "I changed the wait in two tests to a latch; all tests of the module pass now.",
        Optional.of(new Usage(120_000, 90_000, 4_500, OptionalDouble.of(1.2345))),
        Optional.of("0123456789abcdef0123456789abcdef01234567"),
        2,
        List.of(
            new Artifact(Artifact.Type.RESULT, 900),
            new Artifact(Artifact.Type.PATCH, 12_345),
            new Artifact(Artifact.Type.LOG, 234_567),
            new Artifact(Artifact.Type.METADATA, 700)));
  }

  /** The largest that the dispatch's item was, in bytes. */
  int itemBytes(String id) {
    return dynamo.items(DynamoTables.names(Functions.STAGE).get(Tables.DISPATCHES)).stream()
        .filter(item -> item.get(Tables.DISPATCH_ID).s().equals(id))
        .filter(item -> item.containsKey(DispatchItem.VERSION))
        .mapToInt(Units::size)
        .max()
        .orElseThrow();
  }

  // HTTP.

  Reply http(Path path, String method, String target, Optional<String> body) {
    return http(path, method, target, body, Map.of());
  }

  Reply http(
      Path path, String method, String target, Optional<String> body, Map<String, String> query) {
    Map<String, Object> event = event(new Request(method, target, Optional.of(key), body));
    event.put("queryStringParameters", query);
    invoices.request(path);
    Map<?, ?> verdict = call(path, "authorizer", functions.authorizer, event);
    @SuppressWarnings("unchecked")
    Map<String, Object> context = (Map<String, Object>) event.get("requestContext");
    context.put("authorizer", Map.of("lambda", verdict.get("context")));
    return reply(call(path, "api", functions.api, event));
  }

  /** At the function's own URL, for which AWS asks nothing. */
  private Reply runner(Path path, String target, String body) {
    Reply reply =
        reply(
            call(
                path,
                "runner",
                functions.runner,
                event(new Request("POST", target, Optional.empty(), Optional.of(body)))));
    if (!reply.succeeded()) {
      throw new IllegalStateException("the gateway answered " + reply);
    }
    return reply;
  }

  private Map<String, Object> event(Request request) {
    return request.event("request-" + ++requests, now.toEpochMilli());
  }

  private static Reply reply(Map<?, ?> answer) {
    return new Reply(((Number) answer.get("statusCode")).intValue(), (String) answer.get("body"));
  }

  private Map<?, ?> call(
      Path path, String name, RequestStreamHandler function, Map<String, Object> event) {
    byte[] bytes = Json.text(event).getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    invoices.invoke(
        path,
        name,
        // The gateway for runners logs a claim; the API logs through the context, which counts.
        name.equals("runner") && (path == Path.CLAIM || path == Path.CLAIM_SECRETS) ? 1 : 0,
        () -> {
          try {
            function.handleRequest(new ByteArrayInputStream(bytes), answer, invoices.context());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    try {
      return Json.object(answer.toString(StandardCharsets.UTF_8));
    } catch (MalformedJson e) {
      throw new IllegalStateException(e);
    }
  }
}
