package dev.outpost.cdk;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Catalogue;
import dev.outpost.tenant.HostTokens;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awscdk.CfnResource;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.ApplicationLogLevel;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.LoggingFormat;
import software.amazon.awscdk.services.lambda.RecursiveLoop;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.SnapStartConf;
import software.amazon.awscdk.services.lambda.SystemLogLevel;
import software.amazon.awscdk.services.lambda.Tracing;
import software.amazon.awscdk.services.lambda.destinations.SqsDestination;
import software.amazon.awscdk.services.logs.LogGroup;

/**
 * The functions: one role each, a published version restored from a snapshot behind the alias
 * {@code live}, which is what everybody calls.
 */
final class Functions {
  static final String ALIAS = "live";

  private final Stack stack;
  private final Settings settings;
  private final Path packages;
  private final Permissions permissions;
  private final Queues queues;
  private final Map<Room, Function> functions = new EnumMap<>(Room.class);
  private final Map<Room, Alias> aliases = new EnumMap<>(Room.class);

  /**
   * Nothing is made yet.
   *
   * @param packages the folder with {@code api/target/function} and its likes
   */
  Functions(Stack stack, Settings settings, Path packages, Permissions permissions, Queues queues) {
    this.stack = stack;
    this.settings = settings;
    this.packages = packages;
    this.permissions = permissions;
    this.queues = queues;
  }

  /** Makes the function of that room, with these variables. */
  Alias make(Room room, Map<String, String> variables) {
    LogGroup logs =
        LogGroup.Builder.create(stack, room.word() + "-logs")
            .logGroupName(permissions.logGroup(room))
            .retention(Retention.days(settings.logDays()))
            .removalPolicy(settings.keep() ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY)
            .build();
    Role role =
        Role.Builder.create(stack, room.word() + "-role")
            .roleName(settings.name(room.word()))
            .description("Outpost " + settings.stage() + ": the function " + room.word())
            .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
            .inlinePolicies(
                Map.of(
                    room.word(),
                    PolicyDocument.Builder.create().statements(permissions.of(room)).build()))
            .build();
    Findings.wildcardsOf(role);
    Function.Builder builder =
        Function.Builder.create(stack, room.word())
            .functionName(settings.name(room.word()))
            .description("Outpost " + settings.stage() + ": " + room.word())
            .runtime(Runtime.JAVA_25)
            .architecture(Architecture.ARM_64)
            .handler(room.handler())
            .code(Code.fromAsset(packaged(room).toString()))
            .memorySize(room.memoryMb())
            .timeout(Duration.seconds(room.timeoutSeconds()))
            .snapStart(SnapStartConf.ON_PUBLISHED_VERSIONS)
            .tracing(settings.traces() ? Tracing.ACTIVE : Tracing.DISABLED)
            .logGroup(logs)
            // Only in this format Lambda's own lines of each invocation can be left out. What a
            // function prints is JSON already and stays as it is, metrics included.
            .loggingFormat(LoggingFormat.JSON)
            .applicationLogLevelV2(ApplicationLogLevel.INFO)
            .systemLogLevelV2(settings.platformLogs() ? SystemLogLevel.INFO : SystemLogLevel.WARN)
            .recursiveLoop(loop(room))
            // What a role may do stands in Permissions, and the CDK adds nothing to it.
            .role(role.withoutPolicyUpdates())
            .environment(withCommon(variables));
    // Nothing else stands between the gateway and the internet. A function URL takes ten times as
    // many requests a second (AWS Lambda Developer Guide, "Throttling requests through your
    // function
    // URL").
    if (room == Room.RUNNER && settings.gatewayConcurrency() > 0) {
      builder.reservedConcurrentExecutions(settings.gatewayConcurrency());
    }
    Function function = builder.build();
    ((CfnResource) function.getNode().getDefaultChild()).overrideLogicalId(room.word());
    Alias.Builder alias =
        Alias.Builder.create(stack, room.word() + "-" + ALIAS)
            .aliasName(ALIAS)
            .version(function.getCurrentVersion());
    if (room == Room.RECONCILER) {
      // The next round comes by itself, and does what this one could not.
      alias
          .retryAttempts(0)
          .maxEventAge(Duration.minutes(1))
          .onFailure(new SqsDestination(queues.reconcilerDead()));
    }
    functions.put(room, function);
    Alias made = alias.build();
    aliases.put(room, made);
    return made;
  }

  /**
   * The launcher sends to its own queue on purpose, a bounded number of times: a dispatch that must
   * wait is looked at later. Lambda would take that for a runaway after 16 rounds and drop it.
   */
  private static RecursiveLoop loop(Room room) {
    return switch (room) {
      case LAUNCHER, RELAY -> RecursiveLoop.ALLOW;
      case AUTHORIZER, API, RUNNER, TASKEVENTS, RECONCILER, WEBHOOKS -> RecursiveLoop.TERMINATE;
    };
  }

  /** With what all functions get, whatever they are; see functions/RATIONALE.md. */
  private Map<String, String> withCommon(Map<String, String> variables) {
    Properties common = new Properties();
    try (Reader file = Files.newBufferedReader(packages.resolve("environment.properties"))) {
      common.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> all = new TreeMap<>(variables);
    common.stringPropertyNames().forEach(name -> all.put(name, common.getProperty(name)));
    return all;
  }

  private Path packaged(Room room) {
    Path folder = packages.resolve(room.word()).resolve("target").resolve("function");
    if (!Files.isDirectory(folder.resolve("lib"))) {
      throw new IllegalStateException(
          "the function "
              + room.word()
              + " is not packaged: "
              + folder
              + " has no lib; ./outpost synth builds it");
    }
    return folder;
  }

  /** The function of a room, which must have been made. */
  Function function(Room room) {
    return functions.get(room);
  }

  /** What is called of a room, which must have been made. */
  Alias live(Room room) {
    return aliases.get(room);
  }

  /** All functions. */
  List<Function> all() {
    return List.copyOf(functions.values());
  }

  /** The variables of a function in this stage. */
  Map<String, String> stageOnly() {
    return Map.of("OUTPOST_STAGE", settings.stage());
  }

  /** The same, for one that logs and counts with Powertools, whose metrics carry the name. */
  Map<String, String> named(Room room) {
    Map<String, String> variables = new TreeMap<>(stageOnly());
    variables.put("POWERTOOLS_SERVICE_NAME", settings.name(room.word()));
    return variables;
  }

  /** The API's variables. */
  Map<String, String> api(Catalogue catalogue, Names names) {
    Set<String> credentials = new TreeSet<>();
    Set<String> besides = new TreeSet<>();
    for (String id : settings.agents()) {
      Agent agent =
          catalogue
              .find(id)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "agents in cdk.json names "
                              + id
                              + ", which agents/catalogue.json lacks; it has "
                              + catalogue.ids()));
      credentials.addAll(agent.secretNames());
      if (!agent.enabled()) {
        besides.add(id);
      }
    }
    Map<String, String> variables = new TreeMap<>(stageOnly());
    variables.put("OUTPOST_ARTIFACTS_BUCKET", names.bucket());
    variables.put("OUTPOST_LAUNCH_QUEUE_URL", queues.launch().getQueueUrl());
    variables.put("OUTPOST_CREDENTIALS", String.join(",", credentials));
    variables.put("OUTPOST_AGENTS_ENABLED", String.join(",", besides));
    variables.put("OUTPOST_GIT_HOST", settings.gitHost().orElse(HostTokens.GITHUB));
    variables.put("OUTPOST_REPO_SCHEMES", String.join(",", settings.repoSchemes()));
    variables.put("OUTPOST_DELIVERY_QUEUE_URL", queues.webhooks().getQueueUrl());
    variables.put("OUTPOST_BUS_STATUSES", String.join(",", settings.busStatuses()));
    if (settings.customerKey()) {
      variables.put("OUTPOST_SECRETS_KEY", names.storeKey());
    }
    return variables;
  }

  /**
   * The variables of a function that speaks to ECS.
   *
   * @param gateway the address that runners call
   */
  Map<String, String> ecs(Room room, Network network, Names names, String gateway) {
    Map<String, String> variables = new TreeMap<>(named(room));
    variables.put("OUTPOST_LAUNCH_QUEUE_URL", queues.launch().getQueueUrl());
    variables.put("OUTPOST_API_URL", gateway);
    variables.put("OUTPOST_CLUSTER", names.cluster());
    variables.put("OUTPOST_SUBNETS", String.join(",", network.subnetIds()));
    variables.put("OUTPOST_SECURITY_GROUPS", network.securityGroupId());
    variables.put("OUTPOST_ASSIGN_PUBLIC_IP", String.valueOf(settings.publicTasks()));
    variables.put("OUTPOST_CAPACITY", String.join(",", settings.capacity()));
    variables.put("OUTPOST_PLATFORM_VERSION", "1.4.0");
    return variables;
  }
}
