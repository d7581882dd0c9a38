package dev.outpost.simulation;

import dev.outpost.InstallationKey;
import dev.outpost.Ulids;
import dev.outpost.agent.Catalogue;
import dev.outpost.audit.AuditedTenants;
import dev.outpost.claim.RunTokens;
import dev.outpost.dispatch.Day;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.Launch;
import dev.outpost.dynamodb.DynamoAuditTrail;
import dev.outpost.dynamodb.DynamoTables;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.items.Tables;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.simulation.aws.MemoryDynamoDb;
import dev.outpost.simulation.aws.MemoryEcs;
import dev.outpost.simulation.aws.MemoryLogs;
import dev.outpost.simulation.aws.MemoryS3;
import dev.outpost.simulation.aws.MemorySqs;
import dev.outpost.tenant.Tenants;
import dev.outpost.tenant.Tier;
import dev.outpost.webhook.SigningSecrets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * One history: all of Outpost, the services around it, its clients and what goes wrong, in virtual
 * time and drawn from one seed. Whoever runs it with the same seed sees the same.
 */
final class World {
  /** How far a process's clock may be off. */
  static final Duration MOST_SKEW = Duration.ofSeconds(3);

  private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

  /** So long after a line was printed a reader may not find it yet. */
  static final Duration LONGEST_INGESTION = Duration.ofSeconds(50);

  private static final Duration USUAL_INGESTION = Duration.ofSeconds(5);

  private static final Duration SHORTEST_STORM = Duration.ofMinutes(5);
  private static final Duration LONGEST_STORM = Duration.ofMinutes(45);

  /** Some weather lasts longer than ECS remembers a stopped task, an hour. */
  private static final double LONG_STORMS = 0.05;

  private static final Duration LONGER_THAN_ECS_REMEMBERS = Duration.ofMinutes(75);

  /** How often a second tenant asks for many times what the others do. */
  private static final double NOISY = 0.02;

  /** How often a history goes on when all of its records are over. */
  private static final double AND_LATER = 0.05;

  /** What is kept is kept for 90 days; after them DynamoDB removes it, or days later. */
  private static final Duration RECORDS_ARE_OVER = Duration.ofDays(91);

  /** How long after the last fault everything must be settled. */
  private static final Duration LIVENESS = Duration.ofHours(8);

  /** No history of ours takes a tenth of that many; one that does makes work for itself. */
  private static final long MOST_STEPS = 1_000_000;

  private static final Duration LOOK = Duration.ofMinutes(1);

  private final Timeline timeline;
  private final Chance chance;
  private final Weather weather;
  private final MemoryDynamoDb dynamo;
  private final MemorySqs sqs;
  private final MemoryEcs ecs;
  private final MemoryLogs logs;
  private final MemoryS3 objects = new MemoryS3(Functions.BUCKET);
  private final Bus bus = new Bus();
  private final Fargate fargate;
  private final Sources sources;
  private final Gateway gateway;
  private final Ledger ledger;
  private final Listeners listeners;
  private final RunTokens tokens;
  private final List<Functions> environments = new ArrayList<>();
  private final List<Client> clients = new ArrayList<>();
  private final Operator operator;
  private final Optional<Consumer<String>> trace;
  private final Optional<CallListener> listener;
  private final String launchQueue;
  private final String taskEventQueue;
  private final String deliveryQueue;
  private final Map<Service, Instant> downUntil = new HashMap<>();
  private String stranger = "";
  private final boolean everyEvent;
  private long changesRead;

  /** The messages that mean nothing, by the dead letters that they must come to. */
  private final Map<String, List<String>> poison = new HashMap<>();

  /** Messages that came for the last time when they had been deleted. */
  private final Set<String> lastOfDeleted = new HashSet<>();

  /** What dead letters were put back, by their queue. */
  private final Map<String, Set<String>> redriven = new HashMap<>();

  private long fingerprint;
  private boolean look;
  private Instant clearSince = Instant.MAX;

  /**
   * The history of that seed.
   *
   * @param trace is told each step, if anybody listens
   */
  World(long seed, Catalogue catalogue, Optional<Consumer<String>> trace) {
    this(seed, catalogue, trace, Optional.empty());
  }

  /**
   * The history of that seed.
   *
   * @param trace is told each step, if anybody listens
   * @param listener hears each function's calls, if anybody listens
   */
  World(
      long seed,
      Catalogue catalogue,
      Optional<Consumer<String>> trace,
      Optional<CallListener> listener) {
    this.trace = trace;
    this.listener = listener;
    this.everyEvent = seed % 2 == 0;
    this.chance = new Chance(seed);
    this.timeline = new Timeline(START.plusSeconds(chance.below(14 * 3600)), chance.split());
    this.weather = new Weather(chance.split());
    this.ledger = new Ledger(this);
    this.dynamo = new MemoryDynamoDb(timeline, new Staleness());
    DynamoTables.create(dynamo, Functions.STAGE);
    dynamo.onWrite(ledger::written);
    this.sqs = new MemorySqs(timeline, new Liberties());
    this.launchQueue = queue("launch");
    this.taskEventQueue = queue("task-events");
    this.deliveryQueue = queue("webhooks");
    this.listeners = new Listeners(this);
    this.fargate = new Fargate(this);
    this.ecs =
        new MemoryEcs(
            timeline,
            new MemoryEcs.Settings(
                Functions.CLUSTER,
                Functions.AGENTS.stream().map(Functions::family).collect(Collectors.toSet()),
                this::visibleAfter),
            fargate);
    this.logs = new MemoryLogs(Functions.LOG_GROUP, timeline, new LogLiberties());
    objects.onRemoval(ledger.keepings()::removed);
    byte[] key = new byte[InstallationKey.MIN_BYTES];
    this.tokens = new RunTokens(new InstallationKey(key));
    this.sources = new Sources(this);
    this.gateway = new Gateway(this);
    this.operator = new Operator(this);
    boolean skewed = weather.has(Fault.CLOCKS_DIFFER);
    boolean otherConfiguration = weather.brings(Fault.ECS_OTHER_CONFIGURATION);
    for (int i = 0; i < 2; i++) {
      long skew = skewed ? chance.between(-3000, 3000) : 0;
      InstantSource clock = () -> timeline.instant().plusMillis(skew);
      String subnet = otherConfiguration ? "subnet-" + i : "subnet-0";
      environments.add(new Functions(this, catalogue, clock, subnet));
    }
  }

  private String queue(String name) {
    String dead = sqs.createQueue(q -> q.queueName(name + "-dlq")).queueUrl();
    String arn =
        sqs.getQueueAttributes(q -> q.queueUrl(dead).attributeNamesWithStrings("QueueArn"))
            .attributesAsStrings()
            .get("QueueArn");
    return sqs.createQueue(
            q ->
                q.queueName(Functions.queueName(name))
                    .attributesWithStrings(
                        Map.of(
                            "VisibilityTimeout",
                            String.valueOf(Sources.VISIBILITY_SECONDS),
                            "RedrivePolicy",
                            "{\"deadLetterTargetArn\":\""
                                + arn
                                + "\",\"maxReceiveCount\":"
                                + LaunchQueue.MAX_RECEIVES
                                + "}")))
        .queueUrl();
  }

  /** What SQS may do with messages, and does in bad weather. */
  private final class Liberties implements MemorySqs.Liberties {
    @Override
    public int pick(int visible) {
      return visible > 1 && weather.has(Fault.SQS_REORDERED) ? chance.below(visible) : 0;
    }

    @Override
    public boolean duplicate() {
      return weather.has(Fault.SQS_DUPLICATE);
    }

    @Override
    public void lastOfDeleted(String body) {
      lastOfDeleted.add(body);
    }
  }

  /** What CloudWatch Logs may do with lines and pages, in good weather too. */
  private final class LogLiberties implements MemoryLogs.Liberties {
    @Override
    public Duration ingestion() {
      return chance.hit(0.1)
          ? chance.upTo(LONGEST_INGESTION)
          : chance.between(Duration.ZERO, USUAL_INGESTION);
    }

    @Override
    public int page(int left) {
      return chance.hit(weather.isClear() ? 0.1 : 0.3) ? chance.below(left + 1) : left;
    }
  }

  /** Reads that are behind; counted when they tell what is no longer so. */
  private final class Staleness implements MemoryDynamoDb.Staleness {
    @Override
    public Duration behind() {
      return weather.brings(Fault.DYNAMODB_STALE)
          ? chance.upTo(Duration.ofSeconds(5))
          : Duration.ZERO;
    }

    @Override
    public void showed() {
      weather.count(Fault.DYNAMODB_STALE);
    }
  }

  private Duration visibleAfter() {
    return weather.has(Fault.ECS_NOT_YET_VISIBLE)
        ? chance.upTo(Duration.ofMinutes(2))
        : Duration.ZERO;
  }

  /**
   * What came of a history.
   *
   * @param steps how many steps it took
   * @param dispatches how many dispatches were accepted
   * @param fingerprint equal for equal histories
   * @param hits how often each fault was hit
   * @param violations what should not have been
   */
  record Outcome(
      long steps,
      int dispatches,
      long fingerprint,
      Map<Fault, Long> hits,
      List<String> violations) {}

  /** Lets it happen, from its begin until everything is settled or something is violated. */
  Outcome run() {
    try {
      populate();
      Duration storm = chance.between(SHORTEST_STORM, LONGEST_STORM);
      if (chance.hit(LONG_STORMS)) {
        storm = storm.plus(LONGER_THAN_ECS_REMEMBERS);
      }
      sources.start();
      timeline.after(LOOK, this::everyMinute);
      runUntil(timeline.instant().plus(storm), () -> false);
      weather.clearUp();
      clearSince = sources.reconcilerIsBack(timeline.instant());
      runUntil(sources.streamIsBack(timeline.instant()).plus(LIVENESS), this::isSettled);
      if (ledger.violations().isEmpty() && !isSettled()) {
        ledger.violated(1, "after " + LIVENESS + " it is not settled: " + unsettled());
      }
      // Whatever comes late must change nothing.
      runUntil(timeline.instant().plus(chance.hit(0.1) ? Duration.ofHours(2) : LOOK), () -> false);
      if (ledger.violations().isEmpty()) {
        close();
      }
      if (ledger.violations().isEmpty() && chance.hit(AND_LATER)) {
        whenRecordsAreOver();
      }
    } catch (RuntimeException | Error e) {
      // A process that failed as none may, or the world itself: nobody may take that for a good
      // end.
      ledger.violated(0, String.valueOf(e.getCause() == null ? e : e.getCause()));
    } finally {
      timeline.close();
    }
    return new Outcome(
        timeline.steps(),
        ledger.dispatches().size(),
        fingerprint,
        weather.hits(),
        ledger.violations());
  }

  private void populate() {
    Tenants tenants =
        new AuditedTenants(
            new DynamoTenants(dynamo, Functions.STAGE),
            new DynamoAuditTrail(dynamo, Functions.STAGE),
            new Ulids(timeline, chance.generator()),
            timeline);
    List<Tier> tiers = List.of(Tier.FREE, Tier.STARTER, Tier.PRO, Tier.ENTERPRISE);
    int count = chance.between(1, 3);
    Duration within = Duration.ofMinutes(chance.between(1, 25));
    for (int i = 0; i < count; i++) {
      Tier tier = chance.oneOf(tiers);
      Account account = operator.tenant(tenants, i, tier);
      Client client = new Client(this, account, tier);
      client.start(wishes(tier, i == 1), within);
      clients.add(client);
      operator.start(account, tier, within);
    }
    stranger = operator.tenant(tenants, 99, Tier.FREE).newest().secret();
  }

  /** How many requests a client makes; the second of several is noisy now and then. */
  private int wishes(Tier tier, boolean mayBeNoisy) {
    if (mayBeNoisy && chance.hit(NOISY)) {
      weather.count(Fault.CLIENT_NOISY);
      return chance.between(60, 150);
    }
    return chance.between(1, tier == Tier.FREE && chance.hit(0.2) ? 14 : 7);
  }

  private void runUntil(Instant end, Supplier<Boolean> settled) {
    while (ledger.violations().isEmpty() && timeline.step(end)) {
      if (timeline.steps() > MOST_STEPS) {
        ledger.violated(1, "it does not come to rest: " + unsettled());
      }
      if (look) {
        look = false;
        if (settled.get()) {
          return;
        }
      }
    }
  }

  /** What happens from time to time of itself. */
  private void everyMinute() {
    timeline.after(LOOK, this::everyMinute);
    look = true;
    if (weather.isClear()) {
      ledger.bounds().check(clearSince);
    }
    if (weather.has(Fault.POISON_MESSAGE)) {
      poison(launchQueue, "launch-dlq", List.of("", "{}", "not json", "{\"dispatchId\":7}"));
      poison(taskEventQueue, "task-events-dlq", List.of("[]", "{}", "not json"));
      poison(deliveryQueue, "webhooks-dlq", List.of("", "{}", "{\"attempt\":1}"));
    }
    if (chance.hit(0.05) && weather.brings(Fault.SQS_REDRIVEN)) {
      redrive("launch-dlq");
      redrive("task-events-dlq");
      redrive("webhooks-dlq");
    }
    if (chance.hit(0.05) && weather.has(Fault.SERVICE_DOWN)) {
      Duration how = chance.between(Duration.ofSeconds(10), Duration.ofMinutes(20));
      downUntil.put(
          chance.oneOf(List.copyOf(EnumSet.allOf(Service.class))), timeline.instant().plus(how));
    }
  }

  private void poison(String queue, String dead, List<String> bodies) {
    String body = chance.oneOf(bodies);
    poison.computeIfAbsent(dead, _ -> new ArrayList<>()).add(body);
    send(queue, body);
  }

  private void redrive(String name) {
    String url = url(name);
    List<String> letters = sqs.bodies(url);
    if (letters.isEmpty()) {
      return;
    }
    weather.count(Fault.SQS_REDRIVEN);
    redriven.computeIfAbsent(name, _ -> new HashSet<>()).addAll(letters);
    String arn =
        sqs.getQueueAttributes(q -> q.queueUrl(url).attributeNamesWithStrings("QueueArn"))
            .attributesAsStrings()
            .get("QueueArn");
    sqs.startMessageMoveTask(task -> task.sourceArn(arn));
  }

  private String url(String queue) {
    return sqs.getQueueUrl(q -> q.queueName(queue)).queueUrl();
  }

  private boolean isSettled() {
    return ledger.isSettled()
        && clients.stream().allMatch(Client::isDone)
        && operator.isDone()
        && fargate.running().isEmpty()
        && ecs.tasks().stream().allMatch(task -> task.lastStatus().equals("STOPPED"))
        && sqs.depth(launchQueue).total() == 0
        && sqs.depth(taskEventQueue).total() == 0
        && sqs.depth(deliveryQueue).total() == 0
        && dynamo.changes(changesRead).isEmpty()
        && sources.streamIsRead();
  }

  private String unsettled() {
    return "dispatches "
        + ledger.open()
        + ", clients "
        + clients.stream().filter(client -> !client.isDone()).count()
        + ", containers "
        + fargate.running()
        + ", tasks "
        + ecs.tasks().stream().filter(task -> !task.lastStatus().equals("STOPPED")).toList()
        + ", queues "
        + sqs.depth(launchQueue)
        + " "
        + sqs.depth(taskEventQueue)
        + " "
        + sqs.depth(deliveryQueue)
        + ", indexed "
        + ledger.indexed()
        + ", deliveries "
        + ledger.tellings().waiting();
  }

  private void close() {
    Set<String> secrets = secrets();
    bus.entries().forEach(entry -> holdsNone(secrets, entry.detail()));
    ledger.close(bus.told());
    poison.forEach(
        (dead, bodies) -> {
          List<String> letters = new ArrayList<>(sqs.bodies(url(dead)));
          // Each takes one of its kind: no other letter stands for it.
          bodies.forEach(
              body -> ledger.require(letters.remove(body), 19, dead + " lacks '" + body + "'"));
        });
    Set<String> launches = new HashSet<>(sqs.bodies(url("launch-dlq")));
    launches.addAll(redriven.getOrDefault("launch-dlq", Set.of()));
    // Who gave up with such a one left no letter: no queue has it.
    launches.addAll(lastOfDeleted);
    for (String id : ledger.givenUp()) {
      ledger.require(
          launches.stream().anyMatch(letter -> letter.contains(id)),
          19,
          id + " was given up and never was a dead letter");
    }
    clients.forEach(Client::close);
    for (String table :
        List.of(Tables.DISPATCHES, Tables.TENANTS, Tables.API_KEYS, Tables.POOL, Tables.AUDIT)) {
      for (Map<String, AttributeValue> item : dynamo.items(Tables.name(table, Functions.STAGE))) {
        holdsNone(secrets, item.toString());
      }
    }
  }

  /**
   * An idempotency key is free again 90 days after its use, whether DynamoDB has removed it or not.
   */
  private void whenRecordsAreOver() {
    timeline.skip(RECORDS_ARE_OVER);
    if (chance.hit(0.5)) {
      weather.count(Fault.DYNAMODB_EXPIRED);
      dynamo.expire(timeline.instant());
    } else {
      weather.count(Fault.DYNAMODB_EXPIRED_AND_THERE);
    }
    clients.forEach(Client::useOldKey);
    runUntil(timeline.instant().plus(LIVENESS), this::isSettled);
    ledger.require(isSettled(), 1, "long after it is not settled: " + unsettled());
    clients.forEach(Client::close);
  }

  /** All that must stand in no table and no event. */
  private Set<String> secrets() {
    Set<String> secrets = new LinkedHashSet<>();
    secrets.add(Functions.CREDENTIAL);
    secrets.add(SigningSecrets.MARK);
    secrets.add(stranger);
    clients.forEach(client -> secrets.addAll(client.keys()));
    for (Dispatch dispatch : ledger.dispatches().values()) {
      int attempts = dispatch.state().launched().map(Launch::attempt).orElse(0);
      for (int attempt = 1; attempt <= attempts; attempt++) {
        secrets.add(tokens.claimToken(dispatch.id(), attempt));
        secrets.add(tokens.reportToken(dispatch.id(), attempt));
      }
    }
    return secrets;
  }

  private void holdsNone(Set<String> secrets, String text) {
    for (String secret : secrets) {
      ledger.require(!text.contains(secret), 17, "a secret in " + text);
    }
  }

  // What the parts of the world see of each other.

  Timeline timeline() {
    return timeline;
  }

  Chance chance() {
    return chance;
  }

  Weather weather() {
    return weather;
  }

  Optional<CallListener> listener() {
    return listener;
  }

  MemoryDynamoDb dynamo() {
    return dynamo;
  }

  MemorySqs sqs() {
    return sqs;
  }

  MemoryEcs ecs() {
    return ecs;
  }

  MemoryLogs logs() {
    return logs;
  }

  MemoryS3 objects() {
    return objects;
  }

  Bus bus() {
    return bus;
  }

  Fargate fargate() {
    return fargate;
  }

  Sources sources() {
    return sources;
  }

  Gateway gateway() {
    return gateway;
  }

  Ledger ledger() {
    return ledger;
  }

  RunTokens tokens() {
    return tokens;
  }

  String launchQueue() {
    return launchQueue;
  }

  String taskEventQueue() {
    return taskEventQueue;
  }

  String deliveryQueue() {
    return deliveryQueue;
  }

  Listeners listeners() {
    return listeners;
  }

  /** The key of a tenant that has nothing. */
  String stranger() {
    return stranger;
  }

  String day(Instant instant) {
    return Day.of(instant).date().toString();
  }

  /** One of the execution environments that Lambda may choose. */
  Functions environment() {
    return chance.oneOf(environments);
  }

  /** Whether the rule for task events brings all of them, or only those that tell something. */
  boolean bringsEveryEvent() {
    return everyEvent;
  }

  boolean isDown(Service service) {
    Instant until = downUntil.get(service);
    return until != null && timeline.instant().isBefore(until) && !weather.isClear();
  }

  void send(String queue, String body) {
    sqs.sendMessage(message -> message.queueUrl(queue).messageBody(body));
  }

  List<Message> receive(String queue) {
    boolean soon = weather.brings(Fault.SQS_VISIBLE_TOO_SOON);
    List<Message> messages =
        sqs.receiveMessage(
                r ->
                    r.queueUrl(queue)
                        .maxNumberOfMessages(10)
                        .visibilityTimeout(soon ? chance.between(0, 5) : null)
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
            .messages();
    if (soon && !messages.isEmpty()) {
      weather.count(Fault.SQS_VISIBLE_TOO_SOON);
    }
    return messages;
  }

  void delete(String queue, Message message) {
    sqs.deleteMessage(d -> d.queueUrl(queue).receiptHandle(message.receiptHandle()));
  }

  /** The new records of the dispatches table's stream. */
  List<StreamShard.Entry> takeChanges() {
    List<StreamShard.Entry> entries = new ArrayList<>();
    for (MemoryDynamoDb.Change change : dynamo.changes(changesRead)) {
      changesRead = change.sequence();
      entries.add(
          new StreamShard.Entry(
              change.keys().get(Tables.DISPATCH_ID).s(), change, timeline.instant()));
    }
    dynamo.trim(changesRead);
    return entries;
  }

  /** Calls a function as Lambda does: null when it throws. */
  <T> T guarded(String name, Supplier<T> function) {
    try {
      return function.get();
    } catch (RuntimeException e) {
      trace(name + " failed", e);
      return null;
    }
  }

  void check() {
    ledger.check();
  }

  /** Tells a step to whoever traces, and adds it to the history's fingerprint. */
  void trace(String what, Object about) {
    fingerprint = fingerprint * 31 + what.hashCode() + timeline.instant().toEpochMilli();
    trace.ifPresent(
        lines ->
            lines.accept(timeline.instant() + " [" + timeline.who() + "] " + what + " " + about));
  }
}
