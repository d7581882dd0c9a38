package dev.outpost.lambda;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.dispatch.Claimed;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.Spec;
import dev.outpost.dispatch.Status;
import dev.outpost.items.ApiKeyItem;
import dev.outpost.items.DeliveryItem;
import dev.outpost.items.DispatchItem;
import dev.outpost.items.SecretMarkItem;
import dev.outpost.items.TenantItem;
import dev.outpost.items.WireItem;
import dev.outpost.items.WorkspaceItem;
import dev.outpost.relay.LifecycleEvent;
import dev.outpost.run.Progress;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.KeySecret;
import dev.outpost.tenant.Scope;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tier;
import dev.outpost.webhook.Delivery;
import dev.outpost.webhook.DeliveryId;
import dev.outpost.webhook.WebhookId;
import dev.outpost.workspace.KeptWorkspace;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What AWS answers each function to its sample event, every time the same, such that the function
 * goes the whole way: the key is good, the dispatch is where the event finds it.
 */
public final class FixedAnswers {
  private static final DispatchId ID = new DispatchId("dsp_01KANWJ0M8Q2Z5Y7X3C9D4E6FG");
  private static final TenantId TENANT = new TenantId("7f6b1f0e-3a51-4c9e-9a55-0c1d2e3f4a5b");
  private static final String TASK =
      "arn:aws:ecs:eu-central-1:111122223333:task/outpost-prod/0f9de17a6465404e8b1b2356dc13c2f8";
  private static final String DEFINITION =
      "arn:aws:ecs:eu-central-1:111122223333:task-definition/outpost-script-prod:7";

  private final Instant now;

  /** Answers as of that time. */
  public FixedAnswers(Instant now) {
    this.now = Objects.requireNonNull(now, "now");
  }

  /** What DynamoDB answers to whoever reads that dispatch: its own item first, then its task's. */
  public static List<AwsAnswers.Rule> found(Dispatch dispatch) throws IOException {
    List<AwsAnswers.Rule> rules = new ArrayList<>();
    rules.add(key(dispatch.id().value(), DispatchItem.toItem(dispatch)));
    Optional<Map<String, Object>> task = DispatchItem.toTaskItem(dispatch);
    if (task.isPresent()) {
      rules.add(key(DispatchItem.taskKey(dispatch.id()), task.get()));
    }
    return rules;
  }

  /** What DynamoDB answers to who asks whether that tenant, or another, has brought secrets. */
  public static AwsAnswers.Rule marked(TenantId tenant) throws IOException {
    return key(SecretMarkItem.SORT_KEY, SecretMarkItem.toItem(tenant));
  }

  /** What DynamoDB answers to who looks for that workspace. */
  public static AwsAnswers.Rule found(KeptWorkspace workspace) throws IOException {
    return key(WorkspaceItem.sortKey(workspace.id()), WorkspaceItem.toItem(workspace));
  }

  private static AwsAnswers.Rule key(String key, Map<String, ?> item) throws IOException {
    return rule("GetItem", "\"" + key + "\"", item(item));
  }

  /** What AWS answers that function to its sample event. */
  public List<AwsAnswers.Rule> to(LambdaFunction function) throws IOException {
    List<AwsAnswers.Rule> rules = new ArrayList<>();
    rules.add(rule("Query", "", Map.of("Items", List.of(), "Count", 0)));
    rules.add(rule("GetSecretValue", "", Map.of("SecretString", "00".repeat(32))));
    rules.add(
        rule(
            "RunTask",
            "",
            Map.of(
                "tasks",
                List.of(Map.of("taskArn", TASK, "lastStatus", "PROVISIONING")),
                "failures",
                List.of())));
    rules.add(
        rule(
            "DescribeTaskDefinition",
            "",
            Map.of("taskDefinition", Map.of("taskDefinitionArn", DEFINITION))));
    rules.add(rule("PutEvents", "", Map.of("FailedEntryCount", 0, "Entries", List.of())));
    rules.add(rule("ListTasks", "", Map.of("taskArns", List.of())));
    Launch launch = new Launch(1, now, DEFINITION, Optional.empty());
    switch (function) {
      case authorizer -> rules.add(rule("GetItem", "", item(ApiKeyItem.toItem(key()))));
      case launcher -> {
        rules.add(
            rule("GetItem", "\"TENANT\"", item(new TenantItem(tenant(), 1, List.of()).toItem())));
        rules.addAll(dispatch(new DispatchState.Pending(1, now)));
      }
      case runner -> rules.addAll(dispatch(new DispatchState.Provisioning(launch)));
      case taskevents ->
          rules.addAll(
              dispatch(
                  new DispatchState.Running(
                      launch.with(TASK, now),
                      new Claimed("a3f1c2d4e5f60718293a4b5c6d7e8f90", now),
                      new Progress(20, "running"),
                      Optional.empty(),
                      now)));
      // Its webhook is gone: nothing is sent anywhere.
      case webhooks -> rules.add(delivery());
      case api, relay, reconciler -> {}
    }
    return rules;
  }

  private static AwsAnswers.Rule rule(String operation, String with, Map<String, ?> answer)
      throws IOException {
    return new AwsAnswers.Rule(operation, with, JSON.std.asString(answer));
  }

  private List<AwsAnswers.Rule> dispatch(DispatchState state) throws IOException {
    return found(
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
                    Map.of("team", "blue"),
                    Optional.empty()),
                now)
            .in(state));
  }

  private AwsAnswers.Rule delivery() throws IOException {
    Delivery waiting =
        new Delivery(
            new DeliveryId("msg_01M81B8E0RCE2CJ5S2YTARPH5H"),
            new WebhookId("whk_01KAMTZ0M8Q2Z5Y7X3C9D4E6FG"),
            new LifecycleEvent(ID, TENANT, "script", Status.FAILED, 4, now, Optional.empty()),
            1,
            new Delivery.State.Waiting(now.truncatedTo(ChronoUnit.SECONDS)),
            Optional.empty());
    return key(
        DeliveryItem.sortKey(waiting.webhookId(), waiting.id()), DeliveryItem.toItem(waiting));
  }

  private Tenant tenant() {
    return new Tenant(TENANT, "sample", "sample@example.com", Tier.STARTER, false, now);
  }

  private ApiKey key() {
    return new ApiKey(
        "key_01KAQH4Z9MT3Y6X2B5C8D1E7FG",
        KeySecret.parse("otp_" + "0123456789abcdef".repeat(4)).orElseThrow().hash(),
        "otp_01234567",
        TENANT,
        "sample",
        Set.of(Scope.DISPATCH, Scope.STATUS),
        now,
        Optional.empty(),
        Optional.empty(),
        Optional.of(now.atOffset(ZoneOffset.UTC).toLocalDate()),
        Tier.STARTER,
        false);
  }

  private static Map<String, ?> item(Map<String, ?> item) {
    return Map.of("Item", WireItem.attributes(item));
  }
}
