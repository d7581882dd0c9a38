package dev.outpost.cdk;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.InstallationKey;
import dev.outpost.agent.Agent;
import dev.outpost.agent.Catalogue;
import dev.outpost.claim.RunTokens;
import dev.outpost.dispatch.Claimed;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.Spec;
import dev.outpost.dispatch.Status;
import dev.outpost.ecs.EcsConfig;
import dev.outpost.edge.CatalogueFile;
import dev.outpost.edge.start.Invocation;
import dev.outpost.edge.start.LambdaEvents;
import dev.outpost.edge.start.Primed;
import dev.outpost.functions.api.RouteKey;
import dev.outpost.items.DeliveryItem;
import dev.outpost.items.DispatchItem;
import dev.outpost.items.SecretBoxItem;
import dev.outpost.items.Tables;
import dev.outpost.items.WebhooksItem;
import dev.outpost.items.WireItem;
import dev.outpost.lambda.AwsAnswers;
import dev.outpost.lambda.FixedAnswers;
import dev.outpost.lambda.LambdaFunction;
import dev.outpost.protocol.RunnerProtocol;
import dev.outpost.relay.LifecycleEvent;
import dev.outpost.run.Artifact;
import dev.outpost.run.Budget;
import dev.outpost.run.Cause;
import dev.outpost.run.Claim;
import dev.outpost.run.Failure;
import dev.outpost.run.Progress;
import dev.outpost.run.Report;
import dev.outpost.run.RunResult;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.SecretBox;
import dev.outpost.tenant.SecretName;
import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.Delivery;
import dev.outpost.webhook.DeliveryId;
import dev.outpost.webhook.Webhook;
import dev.outpost.webhook.WebhookId;
import dev.outpost.workspace.Booking;
import dev.outpost.workspace.KeptWorkspace;
import dev.outpost.workspace.WorkspaceId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import software.amazon.awssdk.core.SdkRequest;

/**
 * The functions as they are deployed: wired by their own code from the variables of the template,
 * with the SDK's own clients, against an endpoint that gives fixed answers. What their clients are
 * asked is heard by {@link HeardInterceptor}. It goes where simulated histories don't: to Secrets
 * Manager, CloudWatch Logs and S3, along every route, and once with each agent.
 */
final class WiredFunctions {
  private static final TenantId TENANT = new TenantId("7f6b1f0e-3a51-4c9e-9a55-0c1d2e3f4a5b");
  private static final TenantId NEWCOMER = new TenantId("6f1c2f6e-3d5b-4c7a-9b1e-2f8d4c6a7b90");
  private static final String SECRET = "DEPLOY_TOKEN";
  private static final String GROUP = "grp_01KANWJ0M8Q2Z5Y7X3C9D4E6FG";
  private static final DispatchId OPEN = new DispatchId("dsp_01KANWJ0M8Q2Z5Y7X3C9D4E6F0");
  private static final DispatchId ENDED = new DispatchId("dsp_01KANWJ0M8Q2Z5Y7X3C9D4E6F1");
  private static final String AGENTS = "dsp_01KANWJ0M8Q2Z5Y7X3C9D4E6A";
  private static final String CLAIMANT = "a3f1c2d4e5f60718293a4b5c6d7e8f90";
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private static final Booking BOOKING =
      new Booking(
          WorkspaceId.of(TENANT, "https://github.com/owner/name.git", "default"),
          "default",
          Booking.WhenBusy.WAIT);

  private static final WebhookId WEBHOOK = new WebhookId("whk_01KANWJ0M8Q2Z5Y7X3C9D4E6FG");
  private static final DeliveryId DELIVERY = new DeliveryId("msg_01KANWJ0M8Q2Z5Y7X3C9D4E6FG");

  /** The key that the fixed answers have for the tokens of runs. */
  private static final RunTokens TOKENS =
      new RunTokens(new InstallationKey(new byte[InstallationKey.MIN_BYTES]));

  private final String stage;
  private final DeployedRoles roles;
  private final Catalogue catalogue = CatalogueFile.packaged();
  private final Instant now = InstantSource.system().instant();

  WiredFunctions(String stage) {
    this.stage = stage;
    this.roles = new DeployedRoles(stage);
  }

  /** What the function's clients are asked while it is made, rehearses and answers its events. */
  List<SdkRequest> requestsOf(Room room) throws Exception {
    List<SdkRequest> heard = new ArrayList<>();
    try (AwsAnswers aws = AwsAnswers.start(rules(room))) {
      Map<String, String> properties =
          Map.of(
              "aws.region", Asking.REGION,
              "aws.accessKeyId", "local",
              "aws.secretAccessKey", "local",
              "aws.disableEc2Metadata", "true",
              "aws.endpointUrl", aws.url());
      properties.forEach(System::setProperty);
      try {
        ScopedValue.where(HeardInterceptor.LISTENER, heard::add)
            .call(
                () -> {
                  Object function = Wiring.function(room, roles.variables(room));
                  // The others' rehearsals have clients of their own, which go nowhere.
                  if (room == Room.AUTHORIZER) {
                    ((Primed) function).rehearsal().play(context(room));
                  }
                  for (String event : events(room)) {
                    call(function, event, room);
                  }
                  return null;
                });
      } finally {
        properties.keySet().forEach(System::clearProperty);
      }
    }
    return heard;
  }

  // What AWS answers.

  private List<AwsAnswers.Rule> rules(Room room) throws Exception {
    List<AwsAnswers.Rule> rules = new ArrayList<>();
    for (String[] secret : new String[][] {{"/agents/", "{}"}, {"/git", " "}}) {
      rules.add(
          new AwsAnswers.Rule(
              "GetSecretValue", secret[0], JSON.std.asString(Map.of("SecretString", secret[1]))));
    }
    rules.add(
        new AwsAnswers.Rule(
            "GetSecretValue",
            "/tenants/" + NEWCOMER.value(),
            JSON.std.asString(Map.of("__type", "ResourceNotFoundException")),
            400));
    SecretBox box =
        SecretBox.EMPTY.with(new SecretName(SECRET), "a-token-of-theirs", now).orElseThrow();
    rules.add(
        new AwsAnswers.Rule(
            "GetSecretValue",
            "/tenants/" + TENANT.value(),
            JSON.std.asString(
                Map.of(
                    "SecretString",
                    JSON.std.asString(SecretBoxItem.toItem(box)),
                    "VersionId",
                    "v1"))));
    for (Agent agent : catalogue.agents()) {
      rules.add(
          new AwsAnswers.Rule(
              "DescribeTaskDefinition",
              EcsConfig.family(agent.id(), stage),
              JSON.std.asString(
                  Map.of("taskDefinition", Map.of("taskDefinitionArn", definition(agent.id()))))));
      Launch launch = new Launch(1, now, definition(agent.id()), Optional.empty());
      rules.addAll(
          FixedAnswers.found(
              dispatch(id(agent), agent.id())
                  .in(
                      room == Room.LAUNCHER
                          ? new DispatchState.Pending(1, now)
                          : new DispatchState.Provisioning(launch))));
    }
    rules.add(FixedAnswers.marked(TENANT));
    rules.addAll(FixedAnswers.found(open()));
    rules.addAll(FixedAnswers.found(ended()));
    rules.add(
        new AwsAnswers.Rule(
            "GetItem",
            GROUP,
            JSON.std.asString(
                Map.of(
                    "Item",
                    Map.of("dispatch_ids", Map.of("L", List.of(Map.of("S", OPEN.value()))))))));
    rules.add(
        new AwsAnswers.Rule(
            "Query",
            Tables.BY_TENANT,
            JSON.std.asString(
                Map.of(
                    "Count",
                    1,
                    "Items",
                    List.of(Map.of(Tables.DISPATCH_ID, Map.of("S", OPEN.value())))))));
    rules.add(answered("GetItem", '"' + WebhooksItem.SORT_KEY + '"', "Item", webhooks()));
    String delivery = DeliveryItem.sortKeyPrefix(WEBHOOK);
    rules.add(answered("GetItem", delivery, "Item", WireItem.attributes(due())));
    rules.add(answered("Query", DeliveryItem.SHARD, "Items", List.of(WireItem.attributes(due()))));
    if (room == Room.API) {
      rules.add(FixedAnswers.found(KeptWorkspace.of(open(), now)));
    }
    if (room == Room.RECONCILER) {
      rules.addAll(untold());
    }
    if (room == Room.RELAY || room == Room.RECONCILER) {
      // Whose failure is handed on is looked up.
      rules.addAll(new FixedAnswers(now).to(LambdaFunction.launcher));
    }
    rules.addAll(new FixedAnswers(now).to(LambdaFunction.valueOf(room.word())));
    return rules;
  }

  private static AwsAnswers.Rule answered(String operation, String with, String name, Object value)
      throws Exception {
    return new AwsAnswers.Rule(operation, with, JSON.std.asString(Map.of(name, value)));
  }

  /** That of one which has ended long ago nobody was told. */
  private List<AwsAnswers.Rule> untold() throws Exception {
    Map<String, ?> ended = WireItem.attributes(DispatchItem.toItem(ended()));
    String table = Tables.name(Tables.DISPATCHES, stage);
    return List.of(
        answered("Query", '"' + Tables.DUE_DISPATCHES + '"', "Items", List.of(ended)),
        answered("BatchGetItem", ENDED.value(), "Responses", Map.of(table, List.of(ended))));
  }

  /** One that wants all, at an address that is refused without a look at the network. */
  private static Map<String, ?> webhooks() {
    Webhook webhook =
        Webhook.of(
            WEBHOOK,
            TENANT,
            URI.create("https://[::1]/told"),
            EnumSet.allOf(Status.class),
            Instant.EPOCH);
    return WireItem.attributes(new WebhooksItem(TENANT, 1, List.of(webhook)).toItem());
  }

  /** A delivery whose first attempt was made an hour ago. */
  private Map<String, Object> due() {
    Instant then = now.minus(Duration.ofHours(1));
    return DeliveryItem.toItem(Delivery.of(WEBHOOK, LifecycleEvent.of(ended()), then));
  }

  private String definition(String agent) {
    return Asking.arn("ecs", "task-definition/" + EcsConfig.family(agent, stage) + ":7");
  }

  private DispatchId id(Agent agent) {
    return new DispatchId(AGENTS + catalogue.ids().indexOf(agent.id()));
  }

  private Dispatch dispatch(DispatchId id, String agent) {
    return Dispatch.accepted(
        id,
        TENANT,
        new Spec(
            agent,
            Optional.empty(),
            "echo hello > hello.txt",
            Optional.of("owner/name"),
            new Workspace(
                Optional.of("https://github.com/owner/name.git"),
                Optional.empty(),
                Workspace.Init.MINIMAL),
            Optional.of(dev.outpost.run.Context.FULL),
            Duration.ofMinutes(10),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Budget.NONE,
            Optional.of(ENDED).filter(parent -> !parent.equals(id)),
            List.of("codex"),
            Optional.of("{\"type\":\"object\"}"),
            List.of(SECRET),
            Optional.of(BOOKING)),
        now);
  }

  private Launch launched() {
    return new Launch(1, now, definition("claude"), Optional.empty())
        .with(
            Asking.arn("ecs", "task/outpost-" + stage + "/0f9de17a6465404e8b1b2356dc13c2f8"), now);
  }

  private Dispatch open() {
    return dispatch(OPEN, "claude")
        .in(
            new DispatchState.Running(
                launched(),
                new Claimed(CLAIMANT, now),
                new Progress(20, "running"),
                Optional.empty(),
                now));
  }

  private Dispatch ended() {
    return dispatch(ENDED, "claude")
        .in(
            new DispatchState.Ended(
                Optional.of(launched()),
                Optional.of(new Claimed(CLAIMANT, now)),
                now.minus(Duration.ofHours(1)),
                Optional.of(new Failure(Cause.MODEL_OVERLOADED, "The model had no time.")),
                OptionalInt.of(1),
                Optional.of(result())));
  }

  private static RunResult result() {
    return new RunResult(
        Optional.empty(),
        OptionalInt.of(0),
        "done",
        Optional.empty(),
        Optional.of(COMMIT),
        1,
        List.of("hello.txt"),
        List.of(new Artifact(Artifact.Type.PATCH, 12)),
        OptionalLong.of(1_000));
  }

  // What it is called with.

  private List<String> events(Room room) throws Exception {
    Map<String, Object> sample = Templates.event(room);
    List<String> events = new ArrayList<>();
    events.add(JSON.std.asString(sample));
    switch (room) {
      case API -> {
        for (RouteKey route : RouteKey.values()) {
          String event = http(sample, route.method(), route.path(), body(route));
          events.add(event);
          if (route == RouteKey.PUT_SECRET) {
            // A tenant's first secret is made, further ones are put beside it.
            events.add(event.replace(TENANT.value(), NEWCOMER.value()));
          }
        }
      }
      case RUNNER -> {
        for (Agent agent : catalogue.agents()) {
          String id = id(agent).value();
          Claim claim =
              new Claim(id, 1, TOKENS.claimToken(id(agent), 1), CLAIMANT, Optional.empty());
          events.add(http(sample, "POST", RunnerProtocol.CLAIM_PATH, RunnerProtocol.toJson(claim)));
        }
        for (Report.Stage step :
            List.of(
                new Report.Stage.Working(),
                new Report.Stage.Uploading(),
                new Report.Stage.Finished(result(), Optional.of("{}")))) {
          Report report =
              new Report(
                  OPEN.value(),
                  1,
                  TOKENS.reportToken(OPEN, 1),
                  new Progress(90, "uploading"),
                  Optional.empty(),
                  step);
          events.add(
              http(sample, "POST", RunnerProtocol.REPORT_PATH, RunnerProtocol.toJson(report)));
        }
      }
      case LAUNCHER -> {
        String text = JSON.std.asString(sample);
        for (Agent agent : catalogue.agents()) {
          events.add(text.replaceAll("dsp_[0-9A-Z]{26}", id(agent).value()));
        }
      }
      case RELAY -> events.add(JSON.std.asString(failed(sample)));
      case WEBHOOKS ->
          events.add(
              JSON.std
                  .asString(sample)
                  .replaceAll("whk_[0-9A-Z]{26}", WEBHOOK.value())
                  .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", TENANT.value()));
      case AUTHORIZER, TASKEVENTS, RECONCILER -> {}
    }
    return events;
  }

  private static String body(RouteKey route) throws Exception {
    return switch (route) {
      case PROMOTE -> JSON.std.asString(Map.of("dispatchId", ENDED.value(), "createPr", true));
      case PUT_SECRET -> JSON.std.asString(Map.of("value", "another-token-of-theirs"));
      case CREATE_WEBHOOK -> JSON.std.asString(Map.of("url", "https://hooks.example.com/outpost"));
      case REPLAY_DELIVERY -> JSON.std.asString(Map.of("deliveryId", DELIVERY.value()));
      case PUT_CONTEXT -> JSON.std.asString(Map.of("text", "Tests first."));
      default -> "";
    };
  }

  /** The sample with another route and body. */
  private static String http(Map<String, Object> sample, String method, String path, String body)
      throws Exception {
    String id =
        switch (path.substring(1).replaceFirst("/.*", "")) {
          case "groups" -> GROUP;
          case "secrets" -> SECRET;
          case "workspaces" -> BOOKING.workspace().value();
          case "artifacts" -> ENDED.value();
          case "webhooks" -> WEBHOOK.value();
          default -> OPEN.value();
        };
    Map<String, Object> context =
        new LinkedHashMap<>(JSON.std.mapFrom(JSON.std.asString(sample.get("requestContext"))));
    Map<String, Object> http =
        new LinkedHashMap<>(JSON.std.mapFrom(JSON.std.asString(context.get("http"))));
    http.put("method", method);
    http.put("path", path.replace("{id}", id));
    context.put("http", http);
    context.put("routeKey", method + " " + path);
    context.put(
        "authorizer",
        Map.of(
            "lambda",
            Map.of(
                "access", "granted",
                "tenantId", TENANT.value(),
                "keyId", "key_01KAQH4Z9MT3Y6X2B5C8D1E7FG",
                "scopes", "admin cancel delete dispatch list promote status",
                "tier", "starter")));
    Map<String, Object> event = new LinkedHashMap<>(sample);
    event.put("requestContext", context);
    event.put("routeKey", method + " " + path);
    event.put("rawPath", path.replace("{id}", id));
    event.put("body", body);
    if (path.contains("{id}")) {
      event.put("pathParameters", Map.of("id", id));
    }
    return JSON.std.asString(event);
  }

  /** The sample, of a dispatch whose failure is handed on. */
  private Map<String, Object> failed(Map<String, Object> sample) throws Exception {
    Map<String, Object> copy = JSON.std.mapFrom(JSON.std.asString(sample));
    @SuppressWarnings("unchecked")
    Map<String, Object> change =
        (Map<String, Object>)
            Template.map(Template.list(copy.get("Records")).getFirst()).get("dynamodb");
    change.put(
        "NewImage", JSON.std.mapFrom(FixedAnswers.found(ended()).getFirst().answer()).get("Item"));
    return copy;
  }

  // How it is called.

  private static void call(Object function, String event, Room room) throws Exception {
    switch (function) {
      case RequestStreamHandler streams -> {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        streams.handleRequest(
            new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)),
            answer,
            context(room));
        Object status = JSON.std.mapFrom(answer.toString(StandardCharsets.UTF_8)).get("statusCode");
        if (status instanceof Integer code && code >= 500) {
          throw new IllegalStateException(room + " answered " + answer + " to " + event);
        }
      }
      case RequestHandler<?, ?> handler -> {
        @SuppressWarnings("unchecked")
        RequestHandler<Object, ?> any = (RequestHandler<Object, ?>) handler;
        var _ = any.handleRequest(LambdaEvents.read(eventOf(room), event), context(room));
      }
      default -> throw new IllegalArgumentException("no handler: " + function.getClass());
    }
  }

  private static Class<?> eventOf(Room room) {
    return switch (room) {
      case LAUNCHER, TASKEVENTS, WEBHOOKS -> SQSEvent.class;
      case RELAY -> DynamodbEvent.class;
      case RECONCILER -> ScheduledEvent.class;
      case AUTHORIZER, API, RUNNER -> throw new IllegalArgumentException("takes streams: " + room);
    };
  }

  private static Context context(Room room) {
    return new Invocation(room.word(), "proof", Invocation.SILENCE);
  }
}
