package dev.outpost.cdk;

import dev.outpost.agent.Catalogue;
import dev.outpost.ecs.event.TaskEvents;
import dev.outpost.edge.Upstreams;
import dev.outpost.relay.Tell;
import dev.outpost.tenant.HostTokens;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.events.EventBus;
import software.amazon.awscdk.services.events.EventPattern;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.Schedule;
import software.amazon.awscdk.services.events.targets.LambdaFunction;
import software.amazon.awscdk.services.events.targets.SqsQueue;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.EventSourceMapping;
import software.amazon.awscdk.services.lambda.FunctionUrlAuthType;
import software.amazon.awscdk.services.lambda.FunctionUrlOptions;
import software.amazon.awscdk.services.lambda.StartingPosition;
import software.amazon.awscdk.services.lambda.eventsources.SqsDlq;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

/**
 * The stack of what works: the HTTP API, the functions and what calls them, the cluster and its
 * network. It can be made anew at any time; what must not be lost is in {@link Store}.
 */
final class Control extends Stack {
  /** Messages of the launch queue that one launcher handles one after another. */
  private static final int LAUNCH_BATCH = 5;

  private static final int TASK_EVENT_BATCH = 10;
  private static final int TASK_EVENT_READERS = 10;

  /** Messages of the delivery queue that one function delivers one after another. */
  private static final int WEBHOOK_BATCH = 5;

  private static final int CHANGES_BATCH = 100;

  /** Batches of one shard at the same time; a dispatch's changes stay in their order. */
  private static final int CHANGES_AT_ONCE = 2;

  /**
   * A batch that fails is halved until the change that cannot be relayed stands alone, and comes
   * again until it is so old; then it is given up, and a pointer to it is put among the dead
   * letters. By then the reconciler has done what it would have, and has told of the end.
   */
  private static final Duration CHANGES_AGE = Duration.hours(Tell.BROUGHT_WITHIN.toHours());

  Control(Construct scope, Settings settings, Catalogue catalogue, Store store, Path packages) {
    super(
        scope,
        "outpost-" + settings.stage(),
        StackProps.builder()
            .description("Outpost " + settings.stage() + ": the HTTP API, functions, agents")
            .build());
    addStackDependency(store);
    Names names = new Names(this, settings);
    Network network = new Network(this, settings);
    Agents agents = new Agents(this, settings, catalogue);
    Queues queues = new Queues(this, settings);
    EventBus.Builder.create(this, "bus")
        .eventBusName(names.bus())
        .description("Changes of dispatches' statuses")
        .build();
    Permissions permissions = new Permissions(settings, names, queues, agents);
    Functions functions = new Functions(this, settings, packages, permissions, queues);
    Http http = new Http(this, settings);

    http.routes(
        functions.make(Room.AUTHORIZER, functions.stageOnly()),
        functions.make(Room.API, functions.api(catalogue, names)));
    String gateway = gateway(functions.make(Room.RUNNER, runner(functions, names)));
    Alias launcher =
        functions.make(Room.LAUNCHER, functions.ecs(Room.LAUNCHER, network, names, gateway));
    Alias taskEvents = functions.make(Room.TASKEVENTS, functions.named(Room.TASKEVENTS));
    Alias relay = functions.make(Room.RELAY, relay(functions, queues, names));
    Alias reconciler =
        functions.make(Room.RECONCILER, reconciler(functions, queues, network, names, gateway));
    Alias webhooks = functions.make(Room.WEBHOOKS, functions.named(Room.WEBHOOKS));

    messages(
        launcher,
        queues.launch(),
        LAUNCH_BATCH,
        LaunchPace.launchers(settings.runTasksPerSecond()));
    messages(taskEvents, queues.taskEvents(), TASK_EVENT_BATCH, TASK_EVENT_READERS);
    messages(webhooks, queues.webhooks(), WEBHOOK_BATCH, settings.webhookConcurrency());
    changes(relay, store.dispatchStream(), queues, settings);
    taskEventsRule(settings, names, queues);
    schedule(settings, reconciler, queues);
    var _ = new Alarms(this, settings, http, queues, functions);
  }

  /**
   * The address that runners call: the function's own, for which AWS asks nothing. Whoever calls is
   * let through to the function, which answers to nobody without the token of a running task; the
   * HTTP API would do no more, for its authoriser knows API keys alone.
   */
  private static String gateway(Alias runner) {
    return runner
        .addFunctionUrl(FunctionUrlOptions.builder().authType(FunctionUrlAuthType.NONE).build())
        .getUrl();
  }

  private static Map<String, String> runner(Functions functions, Names names) {
    Map<String, String> variables = new TreeMap<>(functions.named(Room.RUNNER));
    variables.put("OUTPOST_ARTIFACTS_BUCKET", names.bucket());
    variables.put("OUTPOST_GIT_HOST", names.settings().gitHost().orElse(HostTokens.GITHUB));
    names
        .settings()
        .upstreams()
        .forEach(
            (agent, address) ->
                variables.put(
                    Upstreams.PREFIX + agent.toUpperCase(Locale.ROOT).replace('-', '_'), address));
    return variables;
  }

  private static Map<String, String> relay(Functions functions, Queues queues, Names names) {
    Map<String, String> variables = new TreeMap<>(functions.named(Room.RELAY));
    variables.put("OUTPOST_LAUNCH_QUEUE_URL", queues.launch().getQueueUrl());
    return telling(variables, queues, names);
  }

  /** With where everybody who listens is told. */
  private static Map<String, String> telling(
      Map<String, String> variables, Queues queues, Names names) {
    variables.put("OUTPOST_DELIVERY_QUEUE_URL", queues.webhooks().getQueueUrl());
    variables.put("OUTPOST_BUS_NAME", names.bus());
    variables.put("OUTPOST_BUS_STATUSES", String.join(",", names.settings().busStatuses()));
    return variables;
  }

  private static Map<String, String> reconciler(
      Functions functions, Queues queues, Network network, Names names, String gateway) {
    return telling(
        new TreeMap<>(functions.ecs(Room.RECONCILER, network, names, gateway)), queues, names);
  }

  private void messages(Alias function, Queue queue, int batch, int atOnce) {
    EventSourceMapping.Builder.create(this, queue.getNode().getId() + "-messages")
        .target(function)
        .eventSourceArn(queue.getQueueArn())
        .batchSize(batch)
        .maxConcurrency(atOnce)
        .reportBatchItemFailures(true)
        .build();
  }

  private void changes(Alias relay, String stream, Queues queues, Settings settings) {
    EventSourceMapping.Builder.create(this, "changes")
        .target(relay)
        .eventSourceArn(stream)
        .startingPosition(StartingPosition.TRIM_HORIZON)
        .batchSize(CHANGES_BATCH)
        .parallelizationFactor(CHANGES_AT_ONCE)
        .bisectBatchOnError(true)
        .maxRecordAge(CHANGES_AGE)
        .reportBatchItemFailures(true)
        .onFailure(new SqsDlq(queues.relayDead()))
        .filters(TellingChanges.filters(settings.busStatuses()))
        .build();
  }

  private void taskEventsRule(Settings settings, Names names, Queues queues) {
    Rule.Builder.create(this, "task-events")
        .ruleName(settings.name("task-events"))
        .description("Ends of tasks in our cluster")
        .eventPattern(
            EventPattern.builder()
                .source(List.of(TaskEvents.SOURCE))
                .detailType(List.of(TaskEvents.DETAIL_TYPE))
                .detail(
                    Map.of(
                        "clusterArn",
                        List.of(names.clusterArn()),
                        "lastStatus",
                        TaskEvents.TELLING))
                .build())
        .targets(
            List.of(
                SqsQueue.Builder.create(queues.taskEvents())
                    .deadLetterQueue(queues.taskEventsDead())
                    .build()))
        .build();
  }

  private void schedule(Settings settings, Alias reconciler, Queues queues) {
    Rule.Builder.create(this, "every-minute")
        .ruleName(settings.name("reconciler"))
        .description("A round of the reconciler")
        .schedule(Schedule.rate(Duration.minutes(1)))
        .targets(
            List.of(
                LambdaFunction.Builder.create(reconciler)
                    .retryAttempts(0)
                    .maxEventAge(Duration.minutes(1))
                    .deadLetterQueue(queues.reconcilerDead())
                    .build()))
        .build();
  }
}
