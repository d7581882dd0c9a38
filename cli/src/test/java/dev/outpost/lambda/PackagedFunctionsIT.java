package dev.outpost.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.dispatch.Admission;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Spec;
import dev.outpost.dispatch.Status;
import dev.outpost.dynamodb.DynamoDeliveries;
import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.DynamoTables;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.edge.start.Primed;
import dev.outpost.relay.LifecycleEvent;
import dev.outpost.run.Workspace;
import dev.outpost.sqs.ElasticMq;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.KeySecret;
import dev.outpost.tenant.Scope;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tier;
import dev.outpost.webhook.Delivery;
import dev.outpost.webhook.DeliveryId;
import dev.outpost.webhook.WebhookId;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every function's package as it is deployed, in a process of its own under AWS's runtime interface
 * client, with DynamoDB Local and ElasticMQ behind the SDK's clients. The samples of {@code
 * events/} are the life of one dispatch, so they are given in its order.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ResourceLock("DynamoDB Local") // It keeps some of its state in static fields.
class PackagedFunctionsIT {
  private static final Path ROOT = Path.of(System.getProperty("outpost.root"));
  private static final Path CLIENT = ROOT.resolve("cli/target/outpost/runtime-client");
  private static final String STAGE = "packaged";
  private static final DispatchId ID = new DispatchId("dsp_01KANWJ0M8Q2Z5Y7X3C9D4E6FG");
  private static final TenantId TENANT = new TenantId("7f6b1f0e-3a51-4c9e-9a55-0c1d2e3f4a5b");
  private static final TenantId CLIENTS = new TenantId("6f1c2f6e-3d5b-4c7a-9b1e-2f8d4c6a7b90");
  private static final String TASK =
      "arn:aws:ecs:eu-central-1:111122223333:task/outpost-prod/0f9de17a6465404e8b1b2356dc13c2f8";

  @TempDir private static Path folder;

  private static DynamoDbEndpoint dynamo;
  private static ElasticMq sqs;
  private static AwsAnswers others;
  private static String queue;

  /** Rounds of a rehearsal: what the first does, the others do. */
  private static final int ROUNDS = 3;

  private static Map<String, String> environment;
  private static DynamoDispatches dispatches;

  @BeforeAll
  static void start() throws Exception {
    dynamo = DynamoDbEndpoint.start();
    DynamoTables.create(dynamo.client(), STAGE);
    sqs = ElasticMq.start();
    queue = sqs.queue();
    others =
        AwsAnswers.start(
            List.of(
                new AwsAnswers.Rule(
                    "GetSecretValue",
                    "-key",
                    JSON.std.asString(Map.of("SecretString", "00".repeat(32)))),
                new AwsAnswers.Rule(
                    "RunTask",
                    "",
                    JSON.std.asString(
                        Map.of(
                            "tasks",
                            List.of(Map.of("taskArn", TASK, "lastStatus", "PROVISIONING")),
                            "failures",
                            List.of()))),
                new AwsAnswers.Rule(
                    "DescribeTaskDefinition",
                    "",
                    JSON.std.asString(
                        Map.of(
                            "taskDefinition",
                            Map.of(
                                "taskDefinitionArn",
                                "arn:aws:ecs:eu-central-1:111122223333:task-definition/outpost-script-prod:7"))))));
    environment = Starts.environment(others);
    environment.put("OUTPOST_STAGE", STAGE);
    environment.put("OUTPOST_LAUNCH_QUEUE_URL", queue);
    environment.put("OUTPOST_DELIVERY_QUEUE_URL", sqs.queue());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", dynamo.url());
    environment.put(
        "AWS_ENDPOINT_URL_SQS", queue.substring(0, queue.indexOf('/', "http://".length())));
    Properties deployed = new Properties();
    try (Reader reader =
        Files.newBufferedReader(ROOT.resolve("functions/environment.properties"))) {
      deployed.load(reader);
    }
    deployed
        .stringPropertyNames()
        .forEach(name -> environment.put(name, deployed.getProperty(name)));

    DynamoTenants tenants = new DynamoTenants(dynamo.client(), STAGE);
    Instant now = InstantSource.system().instant();
    for (TenantId tenant : List.of(TENANT, CLIENTS)) {
      tenants.create(new Tenant(tenant, "sample", "sample@example.com", Tier.STARTER, false, now));
    }
    KeySecret secret = KeySecret.parse("otp_" + "0123456789abcdef".repeat(4)).orElseThrow();
    tenants.addKey(
        new ApiKey(
            "key_01KAQH4Z9MT3Y6X2B5C8D1E7FG",
            secret.hash(),
            "otp_01234567",
            CLIENTS,
            "sample",
            Set.of(Scope.DISPATCH, Scope.STATUS),
            now,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Tier.STARTER,
            false));
    dispatches = new DynamoDispatches(dynamo.client(), STAGE);
    Admission admission =
        dispatches.admit(
            Dispatch.accepted(
                ID,
                TENANT,
                new Spec(
                    "script",
                    Optional.empty(),
                    "echo hello > hello.txt",
                    Optional.empty(),
                    new Workspace(Optional.empty(), Optional.empty(), Workspace.Init.NONE),
                    Optional.empty(),
                    Duration.ofMinutes(10),
                    Optional.empty(),
                    Map.of(),
                    Optional.empty()),
                now),
            50,
            Optional.empty());
    assertThat(admission).isInstanceOf(Admission.Accepted.class);
  }

  @AfterAll
  static void stop() throws Exception {
    others.close();
    sqs.close();
    dynamo.close();
  }

  private static FunctionProcess run(LambdaFunction function, Map<String, String> besides)
      throws IOException {
    Map<String, String> variables = new HashMap<>(environment);
    variables.putAll(besides);
    List<String> options = new ArrayList<>(FunctionProcess.Command.lambdas(function.memoryMb()));
    options.add("-D" + Primed.ROUNDS_PROPERTY + "=" + ROUNDS);
    return FunctionProcess.start(
        FunctionProcess.Command.managed(
            CLIENT, options, function.folder(ROOT), function.handler(), variables),
        Files.createTempFile(folder, function.name(), ".log"),
        InstantSource.system());
  }

  private static Map<String, Object> answer(LambdaFunction function, String event)
      throws Exception {
    try (FunctionProcess process = run(function, Map.of())) {
      assertThat(process.awaitReady()).as(process::output).isEmpty();
      Invocation invocation = process.invoke(event);
      assertThat(invocation).as(process::output).isInstanceOf(Invocation.Returned.class);
      return JSON.std.mapFrom(((Invocation.Returned) invocation).body());
    }
  }

  private static Map<String, Object> answerToSample(LambdaFunction function) throws Exception {
    return answer(function, function.event(ROOT));
  }

  private static Status status() {
    return dispatches.find(ID).orElseThrow().status();
  }

  @Test
  @Order(1)
  void theAuthorizerKnowsTheSamplesKey() throws Exception {
    assertThat(answerToSample(LambdaFunction.authorizer))
        .containsEntry("isAuthorized", true)
        .extractingByKey("context")
        .isEqualTo(
            Map.of(
                "access", "granted",
                "tenantId", CLIENTS.value(),
                "keyId", "key_01KAQH4Z9MT3Y6X2B5C8D1E7FG",
                "scopes", "dispatch status",
                "tier", "starter"));
  }

  @Test
  @Order(2)
  void theApiAcceptsTheSampleAndAnnouncesIt() throws Exception {
    Map<String, Object> answer = answerToSample(LambdaFunction.api);
    assertThat(answer).containsEntry("statusCode", 201);
    Map<?, ?> data = (Map<?, ?>) JSON.std.mapFrom((String) answer.get("body")).get("data");
    DispatchId id = new DispatchId((String) data.get("dispatchId"));
    assertThat(dispatches.find(id)).isPresent();
    assertThat(
            sqs.client()
                .receiveMessage(receive -> receive.queueUrl(queue).waitTimeSeconds(1))
                .messages())
        .extracting(message -> message.body())
        .containsExactly("{\"dispatchId\":\"" + id + "\"}");
  }

  @Test
  @Order(3)
  void theLauncherStartsTheSamplesTask() throws Exception {
    assertThat(answerToSample(LambdaFunction.launcher))
        .containsEntry("batchItemFailures", List.of());
    assertThat(status()).isEqualTo(Status.PROVISIONING);
    assertThat(others.calls())
        .filteredOn(call -> call.operation().equals("RunTask"))
        .singleElement()
        .satisfies(call -> assertThat(call.body()).contains("\"startedBy\":\"" + ID + "\""));
  }

  @Test
  @Order(4)
  void theRunnersSampleClaimsTheJob() throws Exception {
    Map<String, Object> answer = answerToSample(LambdaFunction.runner);
    assertThat(answer).containsEntry("statusCode", 200);
    assertThat((String) answer.get("body")).contains("echo hello > hello.txt");
    assertThat(status()).isEqualTo(Status.RUNNING);
  }

  @Test
  @Order(5)
  void theSamplesTaskStateEventEndsTheDispatch() throws Exception {
    assertThat(answerToSample(LambdaFunction.taskevents))
        .containsEntry("batchItemFailures", List.of());
    assertThat(status()).isEqualTo(Status.FAILED);
  }

  @Test
  @Order(6)
  void theRelayPublishesTheSamplesEnd() throws Exception {
    assertThat(answerToSample(LambdaFunction.relay)).containsEntry("batchItemFailures", List.of());
    assertThat(others.calls())
        .filteredOn(call -> call.operation().equals("PutEvents"))
        .singleElement()
        .satisfies(call -> assertThat(call.body()).contains(ID.value()).contains("failed"));
  }

  @Test
  @Order(7)
  void theReconcilersSampleIsARoundThatFindsAllWell() throws Exception {
    assertThat(answerToSample(LambdaFunction.reconciler)).containsEntry("failed", 0);
  }

  @Test
  @Order(7)
  void whatTheSamplesWebhookWasToBeToldIsGivenUpWhenItIsGone() throws Exception {
    DynamoDeliveries deliveries = new DynamoDeliveries(dynamo.client(), STAGE);
    Delivery waiting =
        new Delivery(
            new DeliveryId("msg_01M81B8E0RCE2CJ5S2YTARPH5H"),
            new WebhookId("whk_01KAMTZ0M8Q2Z5Y7X3C9D4E6FG"),
            LifecycleEvent.of(dispatches.find(ID).orElseThrow()),
            1,
            new Delivery.State.Waiting(Instant.EPOCH),
            Optional.empty());
    deliveries.add(waiting);
    assertThat(answerToSample(LambdaFunction.webhooks))
        .containsEntry("batchItemFailures", List.of());
    assertThat(deliveries.find(waiting.key()).orElseThrow().state())
        .isInstanceOf(Delivery.State.GivenUp.class);
  }

  @ParameterizedTest
  @EnumSource
  @Order(8)
  void aFunctionWithoutItsConfigurationNamesAllThatIsMissing(LambdaFunction function)
      throws Exception {
    Map<String, String> none = new HashMap<>();
    environment.keySet().stream()
        .filter(name -> name.startsWith("OUTPOST_"))
        .forEach(name -> none.put(name, ""));
    try (FunctionProcess process = run(function, none)) {
      assertThat(process.awaitReady())
          .hasValueSatisfying(
              error -> assertThat(error).contains("missing environment variables: OUTPOST_"));
    }
  }

  @Test
  @Order(9)
  void aBadEventTakesTheErrorPathAndTheNextOneIsServed() throws Exception {
    try (FunctionProcess process = run(LambdaFunction.api, Map.of())) {
      assertThat(process.awaitReady()).isEmpty();
      assertThat(process.invoke("{\"version\":\"1.0\"}"))
          .isInstanceOfSatisfying(
              Invocation.Failed.class,
              failed -> assertThat(failed.body()).contains("IllegalArgumentException"));
      assertThat(process.invoke(LambdaFunction.api.event(ROOT)))
          .isInstanceOf(Invocation.Returned.class);
    }
  }

  @Test
  @Order(10)
  void anEventOfAnotherShapeIsAnErrorAndNoAnswer() throws Exception {
    try (FunctionProcess process = run(LambdaFunction.launcher, Map.of())) {
      assertThat(process.awaitReady()).isEmpty();
      assertThat(process.invoke("[1]")).isInstanceOf(Invocation.Failed.class);
    }
  }

  @Test
  @Order(11)
  void whatAFunctionThrowsTakesTheErrorPath() throws Exception {
    Map<String, String> away = Map.of("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1");
    try (FunctionProcess process = run(LambdaFunction.authorizer, away)) {
      assertThat(process.awaitReady()).isEmpty();
      assertThat(process.invoke(LambdaFunction.authorizer.event(ROOT)))
          .isInstanceOfSatisfying(
              Invocation.Failed.class,
              failed -> assertThat(failed.body()).contains("SdkClientException"));
    }
  }

  @ParameterizedTest
  @EnumSource
  @Order(12)
  void aFunctionRehearsesBeforeItsSnapshotAndLeavesNoTrace(LambdaFunction function)
      throws Exception {
    Map<String, Integer> before = items();
    int calls = others.calls().size();
    try (FunctionProcess process =
        run(function, Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start"))) {
      assertThat(process.awaitReady()).as(process::output).isEmpty();
      assertThat(process.output()).doesNotContain("the rehearsal ended early");
      assertThat(process.output()).contains(lastOfRehearsal(function));
      assertThat(items()).isEqualTo(before);
      assertThat(others.calls().subList(calls, others.calls().size()))
          .extracting(AwsAnswers.Call::operation)
          .isSubsetOf("GetSecretValue");
      assertThat(sqs.client().receiveMessage(receive -> receive.queueUrl(queue)).messages())
          .noneMatch(message -> message.body().contains("dsp_0000"));
      process.restore();
      assertThat(process.invoke(function.event(ROOT))).isInstanceOf(Invocation.Returned.class);
    }
  }

  /** What is logged when a rehearsal has come as far as its event leads. */
  private static String lastOfRehearsal(LambdaFunction function) {
    String dispatch = "dispatch dsp_00000000000000000000000000";
    return switch (function) {
      case launcher -> dispatch + ": started";
      case runner -> dispatch + ": claimed, launch 1";
      case taskevents -> dispatch + ": STOPPED";
      case relay -> dispatch + " running -> failed";
      case webhooks ->
          "delivery msg_00000000000000000000000000 to whk_00000000000000000000000000,"
              + " attempt 1: taken, 200";
      // These log nothing of it; their own tests see their answers.
      case authorizer, api, reconciler -> "";
    };
  }

  private static Map<String, Integer> items() {
    Map<String, Integer> items = new HashMap<>();
    for (String table : dynamo.client().listTables().tableNames()) {
      items.put(table, dynamo.client().scan(scan -> scan.tableName(table)).items().hashCode());
    }
    return items;
  }

  @Test
  @Order(13)
  void aRehearsalWithoutAwsFailsNothing() throws Exception {
    Map<String, String> away =
        Map.of(
            "AWS_ENDPOINT_URL_DYNAMODB",
            "http://127.0.0.1:1",
            "AWS_LAMBDA_INITIALIZATION_TYPE",
            "snap-start");
    try (FunctionProcess process = run(LambdaFunction.authorizer, away)) {
      assertThat(process.awaitReady()).isEmpty();
      assertThat(process.output()).contains("the rehearsal ended early");
    }
  }
}
