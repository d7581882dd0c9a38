package dev.outpost.cdk;

import dev.outpost.edge.RequestLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.AlarmStatusWidget;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.Dashboard;
import software.amazon.awscdk.services.cloudwatch.GraphWidget;
import software.amazon.awscdk.services.cloudwatch.IAlarm;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sns.subscriptions.EmailSubscription;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

/**
 * Who is told of what. Each alarm says something that a person must look at, and its description
 * says where to look; the dashboard shows the same figures over time.
 */
final class Alarms extends Construct {
  private static final Duration PERIOD = Duration.minutes(5);

  private final Settings settings;
  private final Topic topic;
  private final List<IAlarm> alarms = new ArrayList<>();

  Alarms(Construct scope, Settings settings, Http http, Queues queues, Functions functions) {
    super(scope, "alarms");
    this.settings = settings;
    topic =
        Topic.Builder.create(this, "topic")
            .topicName(settings.name("alarms"))
            .enforceSsl(true)
            .build();
    settings.alarmEmail().ifPresent(email -> topic.addSubscription(new EmailSubscription(email)));

    for (Queue dead : queues.dead()) {
      String id = dead.getNode().getId();
      alarm(
          id,
          dead.metricApproximateNumberOfMessagesVisible(maximum()),
          1,
          1,
          "Something was given up: read the messages of this queue, mend the cause, redrive them.");
    }
    IMetric launchAge = queues.launch().metricApproximateAgeOfOldestMessage(maximum());
    alarm(
        "launch-backlog",
        launchAge,
        600,
        2,
        "Dispatches wait ten minutes for a launcher: is it throttled, or does ECS refuse?");
    IMetric taskEventsAge = queues.taskEvents().metricApproximateAgeOfOldestMessage(maximum());
    alarm(
        "task-events-backlog",
        taskEventsAge,
        300,
        2,
        "News of tasks is five minutes old: dispatches end late. See the log of taskevents.");
    IMetric webhooksAge = queues.webhooks().metricApproximateAgeOfOldestMessage(maximum());
    alarm(
        "webhooks-backlog",
        webhooksAge,
        600,
        2,
        "Webhooks are told ten minutes late: do many endpoints hang? See the log of webhooks; raise"
            + " webhookConcurrency.");
    IMetric relayAge = functions.function(Room.RELAY).metric("IteratorAge", maximum("Maximum"));
    alarm(
        "relay-backlog",
        relayAge,
        60_000,
        3,
        "What follows from changes is a minute late: slots are freed, events and webhooks told late.");
    IMetric healed = ours("Healed", Room.RECONCILER);
    alarm(
        "healing",
        healed,
        10,
        3,
        "The reconciler does the others' work: which events get lost? See its log.");
    IMetric reconcileFailed = ours("ReconcileFailed", Room.RECONCILER);
    alarm(
        "reconcile-failed", reconcileFailed, 1, 3, "Dispatches that can't be healed; see its log.");
    alarm(
        "reconciler-silent",
        functions.function(Room.RECONCILER).metricInvocations(sum()),
        ComparisonOperator.LESS_THAN_THRESHOLD,
        1,
        2,
        TreatMissingData.BREACHING,
        "No round for ten minutes: nothing is healed, no deadline is held. Is its rule enabled?");
    IMetric unknown = ours("LaunchOutcomeUnknown", Room.LAUNCHER);
    alarm(
        "launch-unknown",
        unknown,
        5,
        2,
        "RunTask does not answer, or is throttled; launches are repeated. See the launcher's log.");
    IMetric launchErrors = functions.function(Room.LAUNCHER).metricErrors(sum());
    alarm("launch-failures", launchErrors, 1, 3, "Launches fail again and again. See its log.");
    IMetric serverErrors = http.api().metricServerError(sum());
    alarm("http-5xx", serverErrors, 5, 2, "Clients get 5xx. See the access log, then the API's.");
    IMetric gatewayErrors = functions.function(Room.RUNNER).metric("Url5xxCount", sum());
    alarm(
        "gateway-5xx",
        gatewayErrors,
        5,
        2,
        "Runners get 5xx and try again; their runs are lost in the end. See the log of runner.");
    IMetric errors = total("errors", functions, Function::metricErrors);
    alarm("function-errors", errors, 5, 3, "Functions fail; the dashboard tells which.");
    IMetric throttles = total("throttles", functions, Function::metricThrottles);
    alarm("throttles", throttles, 1, 2, "Lambda's concurrency in this account is used up.");

    Dashboard dashboard =
        Dashboard.Builder.create(this, "dashboard")
            .dashboardName("outpost-" + settings.stage())
            .defaultInterval(Duration.hours(3))
            .build();
    dashboard.addWidgets(
        AlarmStatusWidget.Builder.create().title("Alarms").width(24).alarms(alarms).build());
    dashboard.addWidgets(
        graph("Dispatches asked for, by outcome", outcomes()),
        graph("HTTP requests", List.of(http.api().metricCount(sum()), serverErrors, gatewayErrors)),
        graph("HTTP latency, ms", List.of(latency(http, "p50"), latency(http, "p99"))));
    dashboard.addWidgets(
        graph("Oldest message, s", List.of(launchAge, taskEventsAge, webhooksAge)),
        graph("Relay behind by, ms", List.of(relayAge)),
        graph(
            "Healed, unknown launches, webhooks not taken",
            List.of(healed, reconcileFailed, unknown, ours("WebhookNotTaken", Room.WEBHOOKS))));
    dashboard.addWidgets(
        graph(
            "Errors", functions.all().stream().map(f -> (IMetric) f.metricErrors(sum())).toList()),
        graph(
            "Duration p99, ms",
            functions.all().stream().map(f -> (IMetric) f.metricDuration(maximum("p99"))).toList()),
        graph(
            "Dead letters",
            queues.dead().stream()
                .map(q -> (IMetric) q.metricApproximateNumberOfMessagesVisible(maximum()))
                .toList()));
  }

  private static IMetric latency(Http http, String statistic) {
    return http.api()
        .metricLatency(
            MetricOptions.builder().period(PERIOD).statistic(statistic).label(statistic).build());
  }

  /** The API counts them; see functions/api/RATIONALE.md. */
  private static List<IMetric> outcomes() {
    List<IMetric> metrics = new ArrayList<>();
    for (String outcome : List.of("accepted", "replayed", "VALIDATION_ERROR", "QUOTA_EXCEEDED")) {
      metrics.add(
          Metric.Builder.create()
              .namespace(RequestLine.NAMESPACE)
              .metricName("dispatches")
              .dimensionsMap(Map.of("outcome", outcome))
              .statistic("Sum")
              .period(PERIOD)
              .build());
    }
    return metrics;
  }

  /** A count of a function's own, by the name that its variable gives it. */
  private Metric ours(String name, Room room) {
    return Metric.Builder.create()
        .namespace(RequestLine.NAMESPACE)
        .metricName(name)
        .dimensionsMap(Map.of("Service", settings.name(room.word())))
        .statistic("Sum")
        .period(PERIOD)
        .build();
  }

  private interface Counted {
    Metric of(Function function, MetricOptions options);
  }

  private static IMetric total(String what, Functions functions, Counted counted) {
    Map<String, IMetric> metrics = new LinkedHashMap<>();
    for (Room room : Room.values()) {
      metrics.put(room.word(), counted.of(functions.function(room), sum()));
    }
    return MathExpression.Builder.create()
        .expression(String.join("+", metrics.keySet()))
        .usingMetrics(metrics)
        .label(what)
        .period(PERIOD)
        .build();
  }

  private static MetricOptions sum() {
    return MetricOptions.builder().period(PERIOD).statistic("Sum").build();
  }

  private static MetricOptions maximum() {
    return maximum("Maximum");
  }

  private static MetricOptions maximum(String statistic) {
    return MetricOptions.builder().period(PERIOD).statistic(statistic).build();
  }

  private static GraphWidget graph(String title, List<IMetric> metrics) {
    return GraphWidget.Builder.create().title(title).width(8).height(6).left(metrics).build();
  }

  private void alarm(String id, IMetric metric, int threshold, int periods, String description) {
    alarm(
        id,
        metric,
        ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        threshold,
        periods,
        TreatMissingData.NOT_BREACHING,
        description);
  }

  private void alarm(
      String id,
      IMetric metric,
      ComparisonOperator comparison,
      int threshold,
      int periods,
      TreatMissingData missing,
      String description) {
    Alarm alarm =
        Alarm.Builder.create(this, id)
            .alarmName(settings.name(id))
            .alarmDescription(description)
            .metric(metric)
            .comparisonOperator(comparison)
            .threshold(threshold)
            .evaluationPeriods(periods)
            .datapointsToAlarm(periods)
            .treatMissingData(missing)
            .build();
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
    alarms.add(alarm);
  }
}
