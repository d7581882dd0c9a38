package dev.outpost.cdk;

import dev.outpost.dispatch.Status;
import dev.outpost.relay.Relay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is chosen for a stage. The defaults are those of {@code dev} (cheap) and {@code prod}
 * (safe); each can be changed under {@code context.stages.NAME} in {@code cdk.json}.
 *
 * @param stage the stage's name, the end of every name in it; 1 to 12 of a-z and 0-9
 * @param keep whether data outlives the stack: deletion protection, retained resources
 * @param agents ids of the agents that the stage offers, each with a secret to be filled
 * @param capacity how tasks are placed: shares of the form {@code PROVIDER:WEIGHT:BASE}
 * @param natGateways how many; with none, tasks have public addresses
 * @param interfaceEndpoints whether images and logs travel by private endpoints
 * @param containerInsights whether the cluster reports metrics of each task
 * @param customerKey whether tables, artifacts and secrets are encrypted under a key of the
 *     customer's own
 * @param separateUsers whether a container's runner and agent are two users, for which it keeps
 *     three capabilities that only the runner can use; without, it has none and they are one user
 * @param logDays how long logs are kept
 * @param traces whether X-Ray records one of twenty invocations
 * @param platformLogs whether Lambda logs three lines of its own for each invocation
 * @param requestsPerSecond sustained requests that the HTTP API takes
 * @param requestBurst requests that it takes at once
 * @param gatewayConcurrency how many requests of runners are answered at once; 0 leaves it to the
 *     account's limit
 * @param webhookConcurrency how many batches of webhooks' messages are delivered at once; 2 to
 *     1,000
 * @param runTasksPerSecond launches that ECS takes in the account and region
 * @param repoSchemes how repositories may be reached
 * @param corsOrigins origins of web pages that may call the API; usually none
 * @param domainName a domain name of the installation's own
 * @param certificateArn the certificate of that name, in the same region
 * @param alarmEmail who is told of alarms
 * @param imageTag the tag of the agents' images
 * @param upstreams agents' ids, and where their model calls go instead of the vendor's address
 * @param gitHost the host that the installation pushes promoted changes to; its token has a secret
 * @param busStatuses the statuses that the lifecycle bus tells of
 */
record Settings(
    String stage,
    boolean keep,
    List<String> agents,
    List<String> capacity,
    int natGateways,
    boolean interfaceEndpoints,
    boolean containerInsights,
    boolean customerKey,
    boolean separateUsers,
    int logDays,
    boolean traces,
    boolean platformLogs,
    int requestsPerSecond,
    int requestBurst,
    int gatewayConcurrency,
    int webhookConcurrency,
    int runTasksPerSecond,
    List<String> repoSchemes,
    List<String> corsOrigins,
    Optional<String> domainName,
    Optional<String> certificateArn,
    Optional<String> alarmEmail,
    String imageTag,
    Map<String, String> upstreams,
    Optional<String> gitHost,
    List<String> busStatuses) {
  private static final String VERSION = "3.0.0";

  /** Refuses what cannot be deployed. */
  Settings {
    if (!Objects.requireNonNull(stage, "stage").matches("[a-z][a-z0-9]{0,11}")) {
      throw new IllegalArgumentException(
          "a stage's name has 1 to 12 of a-z and 0-9 and begins with a letter, not " + stage);
    }
    agents = List.copyOf(agents);
    capacity = List.copyOf(capacity);
    repoSchemes = List.copyOf(repoSchemes);
    corsOrigins = List.copyOf(corsOrigins);
    upstreams = Map.copyOf(upstreams);
    busStatuses = List.copyOf(busStatuses);
    if (domainName.isPresent() != certificateArn.isPresent()) {
      throw new IllegalArgumentException("domainName and certificateArn come together");
    }
    if (corsOrigins.contains("*")) {
      throw new IllegalArgumentException("corsOrigins names origins; * would be everybody's page");
    }
    for (String share : capacity) {
      if (!share.matches("(FARGATE|FARGATE_SPOT):\\d{1,4}:\\d{1,6}")) {
        throw new IllegalArgumentException(
            "capacity has shares of the form FARGATE_SPOT:WEIGHT:BASE, not " + share);
      }
    }
    if (busStatuses.isEmpty()) {
      throw new IllegalArgumentException("busStatuses names at least one status");
    }
    for (String status : busStatuses) {
      if (Status.of(status).isEmpty()) {
        throw new IllegalArgumentException("busStatuses names " + status + ", which is no status");
      }
    }
    // What an event source of SQS can be told (AWS Lambda: ScalingConfig.MaximumConcurrency).
    if (webhookConcurrency < 2 || webhookConcurrency > 1_000) {
      throw new IllegalArgumentException(
          "webhookConcurrency is 2 to 1000, not " + webhookConcurrency);
    }
    if (capacity.isEmpty()) {
      throw new IllegalArgumentException("capacity has at least one share");
    }
  }

  /** The same, but named in a message when a table of choices is wrong. */
  static Settings of(String stage, Map<String, ?> chosen) {
    Choices choices = new Choices(stage, chosen);
    String like = choices.text("like").orElse(stage);
    boolean prod =
        switch (like) {
          case "dev" -> false;
          case "prod" -> true;
          default ->
              throw new IllegalArgumentException(
                  "stage " + stage + " must say \"like\": \"dev\" or \"prod\" in cdk.json");
        };
    Settings settings =
        new Settings(
            stage,
            choices.flag("keep").orElse(prod),
            choices.words("agents").orElse(List.of()),
            choices.words("capacity").orElse(List.of(prod ? "FARGATE:1:0" : "FARGATE_SPOT:1:0")),
            choices.number("natGateways").orElse(prod ? 2 : 0),
            choices.flag("interfaceEndpoints").orElse(false),
            choices.flag("containerInsights").orElse(prod),
            choices.flag("customerKey").orElse(false),
            choices.flag("separateUsers").orElse(true),
            choices.number("logDays").orElse(prod ? 90 : 14),
            choices.flag("traces").orElse(true),
            choices.flag("platformLogs").orElse(false),
            choices.number("requestsPerSecond").orElse(prod ? 200 : 20),
            choices.number("requestBurst").orElse(prod ? 400 : 40),
            choices.number("gatewayConcurrency").orElse(prod ? 100 : 0),
            choices.number("webhookConcurrency").orElse(10),
            choices.number("runTasksPerSecond").orElse(20),
            choices.words("repoSchemes").orElse(List.of("https")),
            choices.words("corsOrigins").orElse(List.of()),
            choices.text("domainName"),
            choices.text("certificateArn"),
            choices.text("alarmEmail"),
            choices.text("imageTag").orElse(VERSION),
            choices.texts("upstreams"),
            choices.text("gitHost"),
            choices
                .words("busStatuses")
                .orElseGet(
                    () -> Relay.USUALLY_PUBLISHED.stream().map(Status::wire).sorted().toList()));
    choices.refuseUnknown();
    return settings;
  }

  /** Whether tasks have addresses of their own. */
  boolean publicTasks() {
    return natGateways == 0;
  }

  /** A name of this stage. */
  String name(String base) {
    return "outpost-" + base + "-" + stage;
  }

  /** One stage's table in {@code cdk.json}. */
  private static final class Choices {
    private final String stage;
    private final Map<String, ?> chosen;
    private final Set<String> known = new TreeSet<>();

    Choices(String stage, Map<String, ?> chosen) {
      this.stage = stage;
      this.chosen = Map.copyOf(chosen);
    }

    private <T> Optional<T> value(String name, Class<T> type, String what) {
      known.add(name);
      Object value = chosen.get(name);
      if (value == null) {
        return Optional.empty();
      }
      if (!type.isInstance(value)) {
        throw wrong(name, what);
      }
      return Optional.of(type.cast(value));
    }

    Optional<String> text(String name) {
      return value(name, String.class, "a text").filter(text -> !text.isBlank());
    }

    Optional<Boolean> flag(String name) {
      return value(name, Boolean.class, "true or false");
    }

    Optional<Integer> number(String name) {
      Optional<Integer> number = value(name, Number.class, "a number").map(Number::intValue);
      if (number.isPresent() && number.get() < 0) {
        throw wrong(name, "a number from 0");
      }
      return number;
    }

    Optional<List<String>> words(String name) {
      Optional<List<?>> list = value(name, List.class, "a list").map(words -> (List<?>) words);
      if (list.isEmpty()) {
        return Optional.empty();
      }
      List<String> words = new ArrayList<>();
      for (Object word : list.get()) {
        if (!(word instanceof String text) || text.isBlank()) {
          throw wrong(name, "a list of texts");
        }
        words.add(text);
      }
      return Optional.of(words);
    }

    Map<String, String> texts(String name) {
      Map<String, String> texts = new TreeMap<>();
      value(name, Map.class, "an object of texts")
          .ifPresent(
              map -> {
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) map).entrySet()) {
                  if (!(entry.getValue() instanceof String text)) {
                    throw wrong(name, "an object of texts");
                  }
                  texts.put(String.valueOf(entry.getKey()), text);
                }
              });
      return texts;
    }

    void refuseUnknown() {
      Set<String> unknown = new TreeSet<>(chosen.keySet());
      unknown.removeAll(known);
      if (!unknown.isEmpty()) {
        throw new IllegalArgumentException(
            "stage " + stage + " in cdk.json has " + unknown + "; known are " + known);
      }
    }

    private IllegalArgumentException wrong(String name, String what) {
      return new IllegalArgumentException(
          "stages." + stage + "." + name + " in cdk.json must be " + what);
    }
  }
}
