package dev.outpost.cdk;

import static dev.outpost.cdk.Template.list;
import static dev.outpost.cdk.Template.map;
import static dev.outpost.cdk.Template.resolved;
import static dev.outpost.cdk.Template.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.InstallationKey;
import dev.outpost.agent.Agent;
import dev.outpost.agent.Catalogue;
import dev.outpost.dynamodb.DynamoTables;
import dev.outpost.ecs.EcsConfig;
import dev.outpost.edge.CatalogueFile;
import dev.outpost.functions.api.RouteKey;
import dev.outpost.functions.runner.RunnerFunction;
import dev.outpost.functions.webhooks.HttpEndpoints;
import dev.outpost.items.Tables;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.relay.Tell;
import dev.outpost.webhook.DeliveryQueue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is promised of the stacks, read from the templates. */
class StacksTest {
  private static final Catalogue CATALOGUE = CatalogueFile.packaged();

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void everyRouteOfTheCodeAndNoOtherIsARoute(String stage) {
    Map<String, String> authorisation = new HashMap<>();
    Template template = Templates.control(stage);
    template
        .ofType("AWS::ApiGatewayV2::Route")
        .values()
        .forEach(r -> authorisation.put(text(r.get("RouteKey")), text(r.get("AuthorizationType"))));
    Map<String, String> expected = new HashMap<>();
    for (RouteKey key : RouteKey.values()) {
      expected.put(key.key(), key.authorised() ? "CUSTOM" : "NONE");
    }
    assertThat(authorisation).isEqualTo(expected).doesNotContainKey("$default");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void runnersCallTheGatewayAloneAtAnAddressOfItsOwn(String stage) {
    Template template = Templates.control(stage);
    Map<String, Map<?, ?>> urls = template.ofType("AWS::Lambda::Url");
    assertThat(urls).hasSize(1);
    Map.Entry<String, Map<?, ?>> url = urls.entrySet().iterator().next();
    assertThat(text(url.getValue().get("TargetFunctionArn"))).startsWith("<runner");
    assertThat(text(url.getValue().get("Qualifier"))).isEqualTo(Functions.ALIAS);
    assertThat(url.getValue().get("AuthType")).isEqualTo("NONE");
    assertThat(url.getValue().get("Cors")).isNull();
    assertThat(url.getValue().get("InvokeMode")).isIn(null, "BUFFERED");
    for (String room : List.of("launcher", "reconciler")) {
      Map<?, ?> function = map(template.resource(room).get("Properties"));
      assertThat(
              text(map(map(function.get("Environment")).get("Variables")).get("OUTPOST_API_URL")))
          .isEqualTo("<" + url.getKey() + ".FunctionUrl>");
    }
    // Anybody may call it by its URL, for which both permissions are needed, and nobody otherwise.
    List<Map<?, ?>> open = new ArrayList<>();
    for (Map<?, ?> permission : template.ofType("AWS::Lambda::Permission").values()) {
      if ("*".equals(permission.get("Principal"))) {
        open.add(permission);
      }
    }
    assertThat(open)
        .hasSize(2)
        .allSatisfy(p -> assertThat(text(p.get("FunctionName"))).startsWith("<runnerlive"))
        .anySatisfy(
            p -> {
              assertThat(p.get("Action")).isEqualTo("lambda:InvokeFunctionUrl");
              assertThat(p.get("FunctionUrlAuthType")).isEqualTo("NONE");
            })
        .anySatisfy(
            p -> {
              assertThat(p.get("Action")).isEqualTo("lambda:InvokeFunction");
              assertThat(p.get("InvokedViaFunctionUrl")).isEqualTo(true);
            });
    assertThat(
            map(template.resource("runner").get("Properties")).get("ReservedConcurrentExecutions"))
        .isEqualTo(stage.equals("dev") ? null : 100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void aVerdictOfTheAuthoriserIsNeverKept(String stage) {
    Map<?, ?> authorizer =
        Templates.control(stage).ofType("AWS::ApiGatewayV2::Authorizer").values().iterator().next();
    assertThat(authorizer.get("AuthorizerResultTtlInSeconds")).isEqualTo(0);
    assertThat(list(authorizer.get("IdentitySource"))).isEmpty();
    assertThat(authorizer.get("EnableSimpleResponses")).isEqualTo(true);
    assertThat(authorizer.get("AuthorizerPayloadFormatVersion")).isEqualTo("2.0");
  }

  @Test
  void theApiIsThrottledAndLogsEveryRequestAndHasNoCorsUnlessAsked() {
    for (String stage : List.of("dev", "prod")) {
      Template template = Templates.control(stage);
      Map<?, ?> api = template.ofType("AWS::ApiGatewayV2::Api").values().iterator().next();
      assertThat(api.get("CorsConfiguration")).isNull();
      Map<?, ?> deployed = template.one("AWS::ApiGatewayV2::Stage", "StageName", "$default");
      Map<?, ?> limits = map(deployed.get("DefaultRouteSettings"));
      assertThat((int) limits.get("ThrottlingRateLimit")).isBetween(1, 1000);
      assertThat((int) limits.get("ThrottlingBurstLimit")).isBetween(1, 1000);
      assertThat(text(map(deployed.get("AccessLogSettings")).get("Format")))
          .contains("$context.requestId", "$context.authorizer.tenantId")
          .doesNotContain("header", "body");
    }
    Map<?, ?> api =
        Templates.control("full").ofType("AWS::ApiGatewayV2::Api").values().iterator().next();
    assertThat(text(api.get("CorsConfiguration"))).contains("https://console.example.com");
    assertThat(api.get("DisableExecuteApiEndpoint")).isEqualTo(true);
    assertThat(Templates.control("full").ofType("AWS::ApiGatewayV2::DomainName")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void everyFunctionIsRestoredFromASnapshotBehindItsAlias(String stage) {
    Template template = Templates.control(stage);
    List<Object> roles = new ArrayList<>();
    for (Room room : Room.values()) {
      Map<?, ?> function = map(template.resource(room.word()).get("Properties"));
      assertThat(function.get("Runtime")).isEqualTo("java25");
      assertThat(text(function.get("Architectures"))).isEqualTo("[arm64]");
      assertThat(text(function.get("SnapStart"))).isEqualTo("{ApplyOn=PublishedVersions}");
      assertThat(text(function.get("TracingConfig")))
          .isEqualTo(stage.equals("full") ? "null" : "{Mode=Active}");
      Map<?, ?> logging = map(function.get("LoggingConfig"));
      assertThat(logging.get("LogFormat")).isEqualTo("JSON");
      assertThat(logging.get("ApplicationLogLevel")).isEqualTo("INFO");
      assertThat(logging.get("SystemLogLevel")).isEqualTo(stage.equals("full") ? "INFO" : "WARN");
      assertThat((int) function.get("MemorySize")).isBetween(256, 1769);
      roles.add(resolved(function.get("Role")));
    }
    assertThat(roles).doesNotHaveDuplicates();
    assertThat(template.ofType("AWS::Lambda::Alias")).hasSize(Room.values().length);
    // Whoever calls a function calls its alias: no permission and no source names a bare one.
    for (String type : List.of("AWS::Lambda::Permission", "AWS::Lambda::EventSourceMapping")) {
      template
          .ofType(type)
          .values()
          .forEach(caller -> assertThat(text(caller.get("FunctionName"))).contains("live"));
    }
    template
        .ofType("AWS::ApiGatewayV2::Integration")
        .values()
        .forEach(i -> assertThat(text(i.get("IntegrationUri"))).contains("live"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void everyLogGroupEnds(String stage) {
    Templates.control(stage)
        .ofType("AWS::Logs::LogGroup")
        .forEach((id, group) -> assertThat(group.get("RetentionInDays")).as(id).isNotNull());
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void queuesHideAMessageSixTimesAsLongAsItsFunctionMayTake(String stage) {
    Template template = Templates.control(stage);
    Map<Room, String> queues =
        Map.of(Room.LAUNCHER, "launch", Room.TASKEVENTS, "task-events", Room.WEBHOOKS, "webhooks");
    queues.forEach(
        (room, name) -> {
          Map<?, ?> queue = queue(template, name, stage);
          int timeout = (int) map(template.resource(room.word()).get("Properties")).get("Timeout");
          assertThat((int) queue.get("VisibilityTimeout")).isGreaterThanOrEqualTo(6 * timeout);
          assertThat((int) map(queue.get("RedrivePolicy")).get("maxReceiveCount"))
              .isEqualTo(
                  room == Room.WEBHOOKS ? DeliveryQueue.MAX_RECEIVES : LaunchQueue.MAX_RECEIVES)
              .isGreaterThanOrEqualTo(5);
          // Where what was received too often goes; the longest that SQS keeps anything.
          String dead = text(map(queue.get("RedrivePolicy")).get("deadLetterTargetArn"));
          Map<?, ?> deadLetters =
              map(
                  template
                      .resource(dead.substring(1, dead.length() - ".Arn>".length()))
                      .get("Properties"));
          assertThat(text(deadLetters.get("QueueName")))
              .isEqualTo("outpost-" + name + "-dead-" + stage);
          assertThat(deadLetters.get("MessageRetentionPeriod")).isEqualTo(14 * 24 * 60 * 60);
        });
  }

  private static Map<?, ?> queue(Template template, String name, String stage) {
    return template.one("AWS::SQS::Queue", "QueueName", "outpost-" + name + "-" + stage);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void everyQueueIsEncryptedReachedByTlsAloneAndNotOneThatKeepsAnOrder(String stage) {
    Template template = Templates.control(stage);
    List<String> policies =
        template.ofType("AWS::SQS::QueuePolicy").values().stream().map(Template::text).toList();
    Map<String, Map<?, ?>> queues = template.ofType("AWS::SQS::Queue");
    assertThat(queues).hasSize(8);
    queues.forEach(
        (id, queue) -> {
          assertThat(queue.get("SqsManagedSseEnabled")).as(id).isEqualTo(true);
          // A group of messages makes a standard queue fair; in an ordered one it would block.
          assertThat(queue.get("FifoQueue")).as(id).isNull();
          assertThat(policies)
              .as(id)
              .anyMatch(
                  policy ->
                      policy.contains("Queues=[<" + id + ">]")
                          && policy.contains("aws:SecureTransport=false"));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void webhooksAreToldInBatchesThatTheirFunctionHasTheTimeFor(String stage) {
    Template template = Templates.control(stage);
    Map<?, ?> source = webhooksSource(template);
    int timeout = (int) map(template.resource("webhooks").get("Properties")).get("Timeout");
    int longest = (int) source.get("BatchSize") * Math.toIntExact(HttpEndpoints.WHOLE.toSeconds());
    assertThat(timeout).isBetween(longest + 5, longest + 30);
    assertThat(map(source.get("ScalingConfig")).get("MaximumConcurrency"))
        .isEqualTo(Templates.settings(stage).webhookConcurrency())
        .isEqualTo(stage.equals("full") ? 25 : 10);
  }

  /**
   * Out of a network of ours there is none to reach: whom a function can speak to from here is on
   * the internet, or is the function itself.
   */
  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void noFunctionIsInANetworkOfOurs(String stage) {
    for (Room room : Room.values()) {
      Map<?, ?> function = map(Templates.control(stage).resource(room.word()).get("Properties"));
      assertThat(function.get("VpcConfig")).as(room.word()).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void theDeliveryQueueIsOneForWhoeverSendsToItAndWhoReadsIt(String stage) {
    Template template = Templates.control(stage);
    List<String> urls = new ArrayList<>();
    for (Room room : Room.values()) {
      Map<?, ?> variables = variables(template, room);
      if (variables.containsKey("OUTPOST_DELIVERY_QUEUE_URL")) {
        urls.add(room + " " + text(variables.get("OUTPOST_DELIVERY_QUEUE_URL")));
      }
    }
    String id =
        template.ofType("AWS::SQS::Queue").entrySet().stream()
            .filter(
                queue ->
                    text(queue.getValue().get("QueueName")).equals("outpost-webhooks-" + stage))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow();
    assertThat(urls)
        .containsExactlyInAnyOrder(
            "API <" + id + ">", "RELAY <" + id + ">", "RECONCILER <" + id + ">");
    assertThat(text(webhooksSource(template).get("EventSourceArn"))).isEqualTo("<" + id + ".Arn>");
  }

  /** A webhook may want what is told, and nothing else: both sides read one list. */
  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void theApiOffersWebhooksTheStatusesThatTheRelayTells(String stage) {
    Template template = Templates.control(stage);
    assertThat(text(variables(template, Room.API).get("OUTPOST_BUS_STATUSES")))
        .isEqualTo(text(variables(template, Room.RELAY).get("OUTPOST_BUS_STATUSES")))
        .isEqualTo(String.join(",", Templates.settings(stage).busStatuses()));
  }

  private static Map<?, ?> webhooksSource(Template template) {
    List<Map<?, ?>> sources = new ArrayList<>();
    for (Map<?, ?> source : template.ofType("AWS::Lambda::EventSourceMapping").values()) {
      if (text(source.get("FunctionName")).contains("<webhookslive")) {
        sources.add(source);
      }
    }
    assertThat(sources).hasSize(1);
    return sources.getFirst();
  }

  private static Map<?, ?> variables(Template template, Room room) {
    Map<?, ?> function = map(template.resource(room.word()).get("Properties"));
    return map(map(function.get("Environment")).get("Variables"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void sourcesReportWhichMessagesFailedAndGiveUpAtLast(String stage) {
    Map<String, Map<?, ?>> sources =
        Templates.control(stage).ofType("AWS::Lambda::EventSourceMapping");
    assertThat(sources).hasSize(4);
    sources.forEach(
        (id, source) ->
            assertThat(text(source.get("FunctionResponseTypes")))
                .as(id)
                .isEqualTo("[ReportBatchItemFailures]"));
    Map<?, ?> stream =
        sources.values().stream()
            .filter(source -> source.containsKey("StartingPosition"))
            .findFirst()
            .orElseThrow();
    assertThat(stream.get("BisectBatchOnFunctionError")).isEqualTo(true);
    // The age is the only limit: what is told again with an end is reckoned from it.
    assertThat(stream.get("MaximumRetryAttempts")).isNull();
    assertThat((int) stream.get("MaximumRecordAgeInSeconds"))
        .isEqualTo((int) Tell.BROUGHT_WITHIN.toSeconds());
    assertThat((int) stream.get("ParallelizationFactor")).isBetween(1, 10);
    assertThat(text(stream.get("DestinationConfig"))).contains("relaydead");
  }

  @Test
  void launchersStayBelowTheRateOfRunTask() {
    for (String stage : List.of("dev", "prod", "full")) {
      List<Object> concurrency = new ArrayList<>();
      Template template = Templates.control(stage);
      template
          .ofType("AWS::Lambda::EventSourceMapping")
          .values()
          .forEach(
              source -> {
                if (text(source.get("EventSourceArn")).contains("launch")) {
                  concurrency.add(map(source.get("ScalingConfig")).get("MaximumConcurrency"));
                }
              });
      assertThat(concurrency).hasSize(1);
      assertThat(LaunchPace.perSecond((int) concurrency.getFirst())).isLessThan(20);
    }
    assertThat(LaunchPace.launchers(1)).isEqualTo(2);
    assertThat(LaunchPace.perSecond(LaunchPace.launchers(100))).isLessThan(100);
  }

  @Test
  void onlyTheLauncherAndTheRelayMayGoInCircles() {
    Template template = Templates.control("prod");
    for (Room room : Room.values()) {
      assertThat(map(template.resource(room.word()).get("Properties")).get("RecursiveLoop"))
          .isEqualTo(room == Room.LAUNCHER || room == Room.RELAY ? "Allow" : "Terminate");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void tablesAreThoseOfTheCode(String stage) {
    Template template = Templates.store(stage);
    List<String> names = DynamoTables.definitions(stage).stream().map(t -> t.tableName()).toList();
    assertThat(template.ofType("AWS::DynamoDB::Table")).hasSize(names.size());
    for (String name : names) {
      Map<?, ?> table = template.one("AWS::DynamoDB::Table", "TableName", name);
      assertThat(table.get("BillingMode")).isEqualTo("PAY_PER_REQUEST");
      assertThat(text(table.get("PointInTimeRecoverySpecification"))).contains("=true");
      assertThat(table.get("DeletionProtectionEnabled")).isEqualTo(!stage.equals("dev"));
      boolean expires = Tables.EXPIRING.stream().anyMatch(t -> Tables.name(t, stage).equals(name));
      assertThat(table.containsKey("TimeToLiveSpecification")).as(name).isEqualTo(expires);
      assertThat(table.containsKey("SSESpecification")).isEqualTo(stage.equals("full"));
    }
    Map<?, ?> dispatches =
        template.one("AWS::DynamoDB::Table", "TableName", Tables.name(Tables.DISPATCHES, stage));
    assertThat(text(dispatches.get("StreamSpecification"))).contains("NEW_AND_OLD_IMAGES");
    assertThat(text(indexes(template, Tables.DISPATCHES, stage)))
        .contains(Tables.BY_TENANT, Tables.BY_WAITING);
    for (String sorted : List.of(Tables.TENANTS, Tables.DISPATCHES)) {
      assertThat(indexes(template, sorted, stage))
          .filteredOn(index -> Tables.BY_DUE.equals(map(index).get("IndexName")))
          .singleElement()
          .satisfies(
              due -> {
                assertThat(text(map(due).get("KeySchema")))
                    .isEqualTo(
                        "[{AttributeName=%s, KeyType=HASH}, {AttributeName=%s, KeyType=RANGE}]"
                            .formatted(Tables.DUE_SHARD, Tables.DUE_AT));
                assertThat(text(map(due).get("Projection")))
                    .isEqualTo("{ProjectionType=KEYS_ONLY}");
              });
    }
  }

  private static List<?> indexes(Template template, String table, String stage) {
    return list(
        template
            .one("AWS::DynamoDB::Table", "TableName", Tables.name(table, stage))
            .get("GlobalSecondaryIndexes"));
  }

  @Test
  void whatMustNotBeLostOutlivesItsStack() {
    for (String stage : List.of("prod", "full")) {
      Template template = Templates.store(stage);
      for (String type :
          List.of("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SecretsManager::Secret")) {
        template
            .ofType(type)
            .keySet()
            .forEach(
                id ->
                    assertThat(template.resource(id).get("DeletionPolicy"))
                        .as(id)
                        .isEqualTo("Retain"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void artifactsAreReachedByTlsAloneAndAreGoneInTime(String stage) {
    Template template = Templates.store(stage);
    String name = "outpost-artifacts-" + stage + "-111122223333-eu-central-1";
    Map<?, ?> bucket = template.one("AWS::S3::Bucket", "BucketName", name);
    assertThat(map(bucket.get("PublicAccessBlockConfiguration")).values()).hasSize(4);
    assertThat(map(bucket.get("PublicAccessBlockConfiguration")).values())
        .allSatisfy(blocked -> assertThat(blocked).isEqualTo(true));
    assertThat(text(bucket.get("LifecycleConfiguration")))
        .contains("TransitionInDays=30", "ExpirationInDays=90");
    List<String> policies =
        template.ofType("AWS::S3::BucketPolicy").values().stream().map(Template::text).toList();
    assertThat(policies)
        .hasSize(2)
        .allSatisfy(policy -> assertThat(policy).contains("aws:SecureTransport=false"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void everyAgentOfTheCatalogueHasATaskDefinitionThatTrustsItWithNothing(String stage) {
    Template template = Templates.control(stage);
    assertThat(template.ofType("AWS::ECS::TaskDefinition")).hasSize(CATALOGUE.agents().size());
    for (Agent agent : CATALOGUE.agents()) {
      Map<?, ?> task =
          template.one("AWS::ECS::TaskDefinition", "Family", EcsConfig.family(agent.id(), stage));
      assertThat(task.get("Cpu")).isEqualTo(String.valueOf(agent.size().cpuUnits()));
      assertThat(task.get("Memory")).isEqualTo(String.valueOf(agent.size().memoryMb()));
      assertThat(text(task.get("RuntimePlatform"))).contains("ARM64", "LINUX");
      assertThat(list(task.get("ContainerDefinitions"))).hasSize(1);
      Map<?, ?> container = map(list(task.get("ContainerDefinitions")).getFirst());
      assertThat(text(container.get("User"))).matches("[1-9][0-9]{3,}:[1-9][0-9]{3,}");
      assertThat(container.get("ReadonlyRootFilesystem")).isEqualTo(true);
      assertThat(dropped(container)).isEqualTo(expectedDropped(stage));
      assertThat((int) container.get("StopTimeout"))
          .isGreaterThan((int) RunnerFunction.GRACE.toSeconds());
      assertThat(text(container.get("Environment")))
          .isEqualTo(
              stage.equals("full") ? "null" : "[{Name=OUTPOST_AGENT_USER, Value=10002:10002}]");
      assertThat(container.get("Secrets")).isNull();
      assertThat(container.get("Privileged")).isNull();
      assertThat(list(container.get("MountPoints"))).hasSize(Agents.SCRATCH.size());
      assertThat(text(map(container.get("LogConfiguration")).get("Options")))
          .contains("awslogs-stream-prefix=" + agent.id());
    }
  }

  private static Set<String> dropped(Map<?, ?> container) {
    Set<String> dropped = new TreeSet<>();
    Object capabilities = map(container.get("LinuxParameters")).get("Capabilities");
    list(map(capabilities).get("Drop")).forEach(name -> dropped.add(String.valueOf(name)));
    assertThat(map(capabilities).get("Add")).isNull();
    return dropped;
  }

  /**
   * A container's capabilities by default (Docker Engine, "Runtime privilege and Linux
   * capabilities"), but for the three by which the runner becomes the agent's user.
   */
  private static Set<String> expectedDropped(String stage) {
    if (stage.equals("full")) {
      return Set.of("ALL");
    }
    Set<String> usual =
        new TreeSet<>(
            List.of(
                "AUDIT_WRITE",
                "CHOWN",
                "DAC_OVERRIDE",
                "FOWNER",
                "FSETID",
                "KILL",
                "MKNOD",
                "NET_BIND_SERVICE",
                "NET_RAW",
                "SETFCAP",
                "SETGID",
                "SETPCAP",
                "SETUID",
                "SYS_CHROOT"));
    usual.removeAll(List.of("CHOWN", "SETGID", "SETUID"));
    return usual;
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void theTaskRoleMayDoNothingAndOnlyTwoRolesArePassed(String stage) {
    Template template = Templates.control(stage);
    Map<?, ?> role = template.one("AWS::IAM::Role", "RoleName", "outpost-task-role-" + stage);
    assertThat(role.get("Policies")).isNull();
    assertThat(role.get("ManagedPolicyArns")).isNull();
    template
        .ofType("AWS::IAM::Policy")
        .values()
        .forEach(policy -> assertThat(text(policy.get("Roles"))).doesNotContain("taskrole"));
    List<Map<?, ?>> passing = statements(template, "iam:PassRole");
    assertThat(passing).hasSize(1);
    assertThat(list(passing.getFirst().get("Resource"))).hasSize(2);
    assertThat(text(passing.getFirst().get("Condition")))
        .isEqualTo("{StringEquals={iam:PassedToService=ecs-tasks.amazonaws.com}}");
    List<Map<?, ?>> running = statements(template, "ecs:RunTask");
    assertThat(running).hasSize(1);
    assertThat(text(running.getFirst().get("Condition")))
        .isEqualTo(
            "{ArnEquals={ecs:cluster=arn:aws:ecs:eu-central-1:111122223333:cluster/outpost-"
                + stage
                + "}}");
    assertThat(list(running.getFirst().get("Resource"))).hasSize(CATALOGUE.agents().size());
  }

  private static List<Map<?, ?>> statements(Template template, String action) {
    List<Map<?, ?>> found = new ArrayList<>();
    for (Map<?, ?> role : template.ofType("AWS::IAM::Role").values()) {
      for (Object policy : list(role.get("Policies"))) {
        for (Object statement : list(map(map(policy).get("PolicyDocument")).get("Statement"))) {
          Object actions = map(statement).get("Action");
          if (action.equals(actions) || list(actions).contains(action)) {
            found.add(map(statement));
          }
        }
      }
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void noRoleHasAManagedPolicyOrAWildcardAmongItsActions(String stage) {
    Template template = Templates.control(stage);
    template
        .ofType("AWS::IAM::Role")
        .forEach(
            (id, role) -> {
              assertThat(role.get("ManagedPolicyArns")).as(id).isNull();
              for (Object policy : list(role.get("Policies"))) {
                for (Object statement :
                    list(map(map(policy).get("PolicyDocument")).get("Statement"))) {
                  Object actions = map(statement).get("Action");
                  Stream<?> each =
                      actions instanceof List<?> all ? all.stream() : Stream.of(actions);
                  assertThat(each.map(String::valueOf)).as(id).noneMatch(a -> a.contains("*"));
                }
              }
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void nothingReachesATaskAndItReachesTheWorldByHttpsAlone(String stage) {
    Template template = Templates.control(stage);
    Map<?, ?> group =
        template.one(
            "AWS::EC2::SecurityGroup",
            "GroupDescription",
            "Containers of agents: nothing comes in, HTTPS goes out");
    assertThat(group.get("SecurityGroupIngress")).isNull();
    assertThat(list(group.get("SecurityGroupEgress"))).hasSize(1);
    assertThat(text(list(group.get("SecurityGroupEgress")).getFirst()))
        .contains("FromPort=443", "ToPort=443", "IpProtocol=tcp");
    template
        .ofType("AWS::EC2::SecurityGroupIngress")
        .values()
        .forEach(rule -> assertThat(text(rule.get("GroupId"))).doesNotContain("networktasks"));
  }

  @Test
  void onlyProductionPaysForANetwork() {
    assertThat(Templates.control("dev").ofType("AWS::EC2::NatGateway")).isEmpty();
    assertThat(Templates.control("prod").ofType("AWS::EC2::NatGateway")).hasSize(2);
    assertThat(endpoints("dev", "Interface")).isZero();
    assertThat(endpoints("dev", "Gateway")).isEqualTo(1);
    assertThat(endpoints("full", "Interface")).isEqualTo(3);
    assertThat(launcher("dev", "OUTPOST_ASSIGN_PUBLIC_IP")).isEqualTo("true");
    assertThat(launcher("prod", "OUTPOST_ASSIGN_PUBLIC_IP")).isEqualTo("false");
    assertThat(launcher("dev", "OUTPOST_CAPACITY")).isEqualTo("FARGATE_SPOT:1:0");
    assertThat(launcher("prod", "OUTPOST_CAPACITY")).isEqualTo("FARGATE:1:0");
  }

  private static long endpoints(String stage, String type) {
    return Templates.control(stage).ofType("AWS::EC2::VPCEndpoint").values().stream()
        .filter(endpoint -> type.equals(endpoint.get("VpcEndpointType")))
        .count();
  }

  private static String launcher(String stage, String variable) {
    Map<?, ?> function = map(Templates.control(stage).resource("launcher").get("Properties"));
    return text(map(map(function.get("Environment")).get("Variables")).get(variable));
  }

  @Test
  void anOfferedAgentsSecretIsThereAndEmptyAndTheInstallationsKeysAreMade() {
    Template template = Templates.store("full");
    for (String agent : List.of("claude", "codex")) {
      Map<?, ?> secret =
          template.one("AWS::SecretsManager::Secret", "Name", "outpost/full/agents/" + agent);
      assertThat(secret.get("SecretString")).isNull();
      assertThat(secret.get("GenerateSecretString")).isNull();
      assertThat(text(template.json().get("Outputs")))
          .contains("--secret-id outpost/full/agents/" + agent + " --secret-string file://");
    }
    for (String name : List.of("run-token-key", "webhook-key")) {
      Map<?, ?> key = template.one("AWS::SecretsManager::Secret", "Name", "outpost/full/" + name);
      Map<?, ?> made = map(key.get("GenerateSecretString"));
      assertThat(made.get("PasswordLength")).isEqualTo(2 * InstallationKey.MIN_BYTES);
      String excluded = String.valueOf(made.get("ExcludeCharacters"));
      assertThat("0123456789abcdef".chars().filter(c -> excluded.indexOf(c) >= 0).count()).isZero();
      assertThat("ghijklmnopqrstuvwxyz".chars().allMatch(c -> excluded.indexOf(c) >= 0)).isTrue();
      assertThat(made.get("ExcludeUppercase")).isEqualTo(true);
      assertThat(made.get("ExcludePunctuation")).isEqualTo(true);
      assertThat(text(key.get("KmsKeyId"))).contains("key");
    }
  }

  @Test
  void tenantsSecretsAreMadeUnderTheKeyThatHoldsEverythingElse() {
    Map<String, Map<?, ?>> aliases = Templates.store("full").ofType("AWS::KMS::Alias");
    assertThat(aliases.values())
        .singleElement()
        .satisfies(
            alias ->
                assertThat(text(alias.get("AliasName")))
                    .isEqualTo(apis("full").get("OUTPOST_SECRETS_KEY")));
    assertThat(apis("prod").get("OUTPOST_STAGE")).isNotNull();
    assertThat(apis("prod").get("OUTPOST_SECRETS_KEY")).isNull();
  }

  private static Map<?, ?> apis(String stage) {
    Map<?, ?> function = map(Templates.control(stage).resource("api").get("Properties"));
    return map(map(function.get("Environment")).get("Variables"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void everyAlarmTellsSomebodyAndSaysWhatToDo(String stage) {
    Map<String, Map<?, ?>> alarms = Templates.control(stage).ofType("AWS::CloudWatch::Alarm");
    List<String> names = alarms.values().stream().map(a -> text(a.get("AlarmName"))).toList();
    for (String name :
        Arrays.asList(
            "launch-dead",
            "task-events-dead",
            "webhooks-dead",
            "relay-dead",
            "reconciler-dead",
            "launch-backlog",
            "task-events-backlog",
            "webhooks-backlog",
            "relay-backlog",
            "healing",
            "reconcile-failed",
            "reconciler-silent",
            "launch-unknown",
            "launch-failures",
            "http-5xx",
            "gateway-5xx",
            "function-errors",
            "throttles")) {
      assertThat(names).contains("outpost-" + name + "-" + stage);
    }
    alarms.forEach(
        (id, alarm) -> {
          assertThat(list(alarm.get("AlarmActions"))).as(id).hasSize(1);
          assertThat(text(alarm.get("AlarmDescription"))).as(id).hasSizeGreaterThan(30);
        });
    assertThat(Templates.control(stage).ofType("AWS::CloudWatch::Dashboard")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void alarmsLookAtEveryFunctionAndAtWhatWaitsForWebhooks(String stage) {
    Template template = Templates.control(stage);
    List<String> words = Arrays.stream(Room.values()).map(Room::word).sorted().toList();
    for (String what : List.of("function-errors", "throttles")) {
      Map<?, ?> alarm =
          template.one("AWS::CloudWatch::Alarm", "AlarmName", "outpost-" + what + "-" + stage);
      List<String> watched = new ArrayList<>();
      for (Object metric : list(alarm.get("Metrics"))) {
        Matcher function = Pattern.compile("Value=<([a-z]+)>").matcher(text(metric));
        if (function.find()) {
          watched.add(function.group(1));
        }
      }
      assertThat(watched).as(what).containsExactlyInAnyOrderElementsOf(words);
      // CloudWatch User Guide, "Using metric math": the most that an alarm's expression can have.
      assertThat(list(alarm.get("Metrics"))).hasSizeLessThanOrEqualTo(11);
    }
    Map<?, ?> backlog =
        template.one("AWS::CloudWatch::Alarm", "AlarmName", "outpost-webhooks-backlog-" + stage);
    assertThat(backlog.get("MetricName")).isEqualTo("ApproximateAgeOfOldestMessage");
    assertThat(backlog.get("Threshold")).isEqualTo(600);
    assertThat(text(backlog.get("Dimensions"))).contains("queueswebhooks");
    Map<?, ?> dead =
        template.one("AWS::CloudWatch::Alarm", "AlarmName", "outpost-webhooks-dead-" + stage);
    assertThat(dead.get("MetricName")).isEqualTo("ApproximateNumberOfMessagesVisible");
    assertThat(dead.get("Threshold")).isEqualTo(1);
    assertThat(text(dead.get("Dimensions"))).contains("queueswebhooksdead");
    String shown =
        text(
            template
                .ofType("AWS::CloudWatch::Dashboard")
                .values()
                .iterator()
                .next()
                .get("DashboardBody"));
    assertThat(shown)
        .contains("<queueswebhooks", "<queueswebhooksdead", "<webhooks>")
        .contains("\"WebhookNotTaken\",\"Service\",\"outpost-webhooks-" + stage + "\"");
  }

  /** Powertools puts the name of its variable into the dimension that the alarms read. */
  @Test
  void alarmsReadTheMetricsThatFunctionsWrite() {
    Template template = Templates.control("prod");
    Map<?, ?> healing = template.one("AWS::CloudWatch::Alarm", "AlarmName", "outpost-healing-prod");
    Map<?, ?> function = map(template.resource("reconciler").get("Properties"));
    Object service =
        map(map(function.get("Environment")).get("Variables")).get("POWERTOOLS_SERVICE_NAME");
    assertThat(text(healing.get("Dimensions")))
        .isEqualTo("[{Name=Service, Value=" + service + "}]");
    assertThat(healing.get("Namespace")).isEqualTo("Outpost");
  }
}
