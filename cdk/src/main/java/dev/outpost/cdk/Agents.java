package dev.outpost.cdk;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Catalogue;
import dev.outpost.ecs.EcsConfig;
import dev.outpost.run.ContainerContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.CfnDeletionPolicy;
import software.amazon.awscdk.CfnResource;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ecs.AwsLogDriverMode;
import software.amazon.awscdk.services.ecs.AwsLogDriverProps;
import software.amazon.awscdk.services.ecs.Capability;
import software.amazon.awscdk.services.ecs.CfnCluster;
import software.amazon.awscdk.services.ecs.ContainerDefinition;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.ContainerImage;
import software.amazon.awscdk.services.ecs.CpuArchitecture;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.ecs.LinuxParameters;
import software.amazon.awscdk.services.ecs.LogDriver;
import software.amazon.awscdk.services.ecs.MountPoint;
import software.amazon.awscdk.services.ecs.OperatingSystemFamily;
import software.amazon.awscdk.services.ecs.RuntimePlatform;
import software.amazon.awscdk.services.ecs.Volume;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.logs.LogGroup;
import software.constructs.Construct;

/**
 * The cluster, and a task definition for each agent of the catalogue.
 *
 * <p>What runs in a container obeys a stranger: it is no root, may write to its scratch volumes
 * alone, has no capability that the agent could use and no AWS permission. Its credentials come
 * with its claim, so not even the execution role, with which ECS itself fetches the image and
 * writes the log, reads a secret.
 */
final class Agents extends Construct {
  /** The images' user for the runner; see agents/images/README.md. */
  static final String USER = "10001:10001";

  /** The images' user for the agent. */
  static final String AGENT_USER = "10002:10002";

  /**
   * All capabilities that a container has unless told otherwise, but those by which the runner
   * becomes the agent's user and hands it its files: SETUID, SETGID and CHOWN. No process has even
   * these, for none is root; two programs of the image do, which only the runner's group can start.
   */
  private static final Capability[] DROPPED = {
    Capability.AUDIT_WRITE,
    Capability.DAC_OVERRIDE,
    Capability.FOWNER,
    Capability.FSETID,
    Capability.KILL,
    Capability.MKNOD,
    Capability.NET_BIND_SERVICE,
    Capability.NET_RAW,
    Capability.SETFCAP,
    Capability.SETPCAP,
    Capability.SYS_CHROOT
  };

  /** Where containers may write; the images declare the same as volumes, owned by their users. */
  static final List<String> SCRATCH = List.of("/work", "/tmp");

  /**
   * The most that Fargate gives (ECS: ContainerDefinition.stopTimeout), and as long as the warning
   * before a spot interruption: the runner ends its agent within its grace, and has the rest to
   * save the patch and tell.
   */
  static final Duration STOP_TIMEOUT = Duration.seconds(120);

  private final Settings settings;
  private final Names names;
  private final Catalogue catalogue;
  private final List<Role> roles = new ArrayList<>();

  Agents(Construct scope, Settings settings, Catalogue catalogue) {
    super(scope, "agents");
    this.settings = settings;
    this.catalogue = catalogue;
    this.names = new Names(Stack.of(this), settings);
    cluster();
    LogGroup logs =
        LogGroup.Builder.create(this, "logs")
            .logGroupName(names.agentLogs())
            .retention(Retention.days(settings.logDays()))
            .removalPolicy(settings.keep() ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY)
            .build();
    Role task = role("task-role", "Containers of agents: no permission whatsoever", Map.of());
    Role execution =
        role(
            "execution-role",
            "ECS: fetches agents' images and writes their log",
            Map.of("fetch-and-log", execution()));
    Findings.wildcardsOf(execution);
    roles.addAll(List.of(task, execution));
    for (Agent agent : catalogue.agents()) {
      taskDefinition(agent, task, execution, logs);
    }
  }

  private void cluster() {
    CfnCluster made =
        CfnCluster.Builder.create(this, "cluster")
            .clusterName(names.cluster())
            .capacityProviders(List.of("FARGATE", "FARGATE_SPOT"))
            .clusterSettings(
                List.of(
                    CfnCluster.ClusterSettingsProperty.builder()
                        .name("containerInsights")
                        .value(settings.containerInsights() ? "enabled" : "disabled")
                        .build()))
            .build();
    if (!settings.containerInsights()) {
      Findings.quietCluster(made);
    }
  }

  /** A role of tasks in this account's ECS alone, so that nobody else can borrow it through ECS. */
  private Role role(String id, String description, Map<String, PolicyDocument> policies) {
    return Role.Builder.create(this, id)
        .roleName(settings.name(id))
        .description(description)
        .assumedBy(
            ServicePrincipal.Builder.create("ecs-tasks.amazonaws.com")
                .conditions(
                    Map.of(
                        "StringEquals",
                        Map.of("aws:SourceAccount", Stack.of(this).getAccount()),
                        "ArnLike",
                        Map.of("aws:SourceArn", names.arn("ecs", "*"))))
                .build())
        .inlinePolicies(policies)
        .build();
  }

  private PolicyDocument execution() {
    return PolicyDocument.Builder.create()
        .statements(
            List.of(
                // The action knows no resource.
                PolicyStatement.Builder.create()
                    .sid("EnterRegistry")
                    .actions(List.of("ecr:GetAuthorizationToken"))
                    .resources(List.of("*"))
                    .build(),
                PolicyStatement.Builder.create()
                    .sid("FetchImages")
                    .actions(
                        List.of(
                            "ecr:BatchCheckLayerAvailability",
                            "ecr:BatchGetImage",
                            "ecr:GetDownloadUrlForLayer"))
                    .resources(
                        catalogue.ids().stream()
                            .map(id -> names.arn("ecr", "repository/" + names.imageRepository(id)))
                            .toList())
                    .build(),
                PolicyStatement.Builder.create()
                    .sid("Log")
                    .actions(List.of("logs:CreateLogStream", "logs:PutLogEvents"))
                    .resources(
                        List.of(
                            names.arn("logs", "log-group:" + names.agentLogs() + ":log-stream:*")))
                    .build()))
        .build();
  }

  private void taskDefinition(Agent agent, Role task, Role execution, LogGroup logs) {
    List<Volume> volumes = new ArrayList<>();
    for (String path : SCRATCH) {
      volumes.add(Volume.builder().name(path.substring(1)).build());
    }
    IRole executionRole = execution.withoutPolicyUpdates();
    FargateTaskDefinition.Builder definition =
        FargateTaskDefinition.Builder.create(this, agent.id())
            .family(EcsConfig.family(agent.id(), settings.stage()))
            .cpu(agent.size().cpuUnits())
            .memoryLimitMiB(agent.size().memoryMb())
            .runtimePlatform(
                RuntimePlatform.builder()
                    .cpuArchitecture(CpuArchitecture.ARM64)
                    .operatingSystemFamily(OperatingSystemFamily.LINUX)
                    .build())
            .taskRole(task.withoutPolicyUpdates())
            .executionRole(executionRole)
            .volumes(volumes);
    agent.size().diskGb().ifPresent(definition::ephemeralStorageGiB);
    FargateTaskDefinition made = definition.build();
    LinuxParameters linux =
        LinuxParameters.Builder.create(made, "linux").initProcessEnabled(true).build();
    linux.dropCapabilities(settings.separateUsers() ? DROPPED : new Capability[] {Capability.ALL});
    Stack stack = Stack.of(this);
    if (settings.separateUsers()) {
      Findings.namedUser(made);
    }
    ContainerDefinition container =
        made.addContainer(
            ContainerContract.CONTAINER,
            ContainerDefinitionOptions.builder()
                .containerName(ContainerContract.CONTAINER)
                .image(
                    ContainerImage.fromRegistry(
                        stack.getAccount()
                            + ".dkr.ecr."
                            + stack.getRegion()
                            + "."
                            + stack.getUrlSuffix()
                            + "/"
                            + names.imageRepository(agent.id())
                            + ":"
                            + settings.imageTag()))
                .user(USER)
                .environment(
                    settings.separateUsers()
                        ? Map.of(ContainerContract.AGENT_USER, AGENT_USER)
                        : Map.of())
                .readonlyRootFilesystem(true)
                .linuxParameters(linux)
                .stopTimeout(STOP_TIMEOUT)
                // A log that CloudWatch does not take must not hold up an agent; what is lost is
                // marked by the lines' numbers.
                .logging(
                    LogDriver.awsLogs(
                        AwsLogDriverProps.builder()
                            .logGroup(logs)
                            .streamPrefix(agent.id())
                            .mode(AwsLogDriverMode.NON_BLOCKING)
                            .maxBufferSize(Size.mebibytes(25))
                            .build()))
                .build());
    for (String path : SCRATCH) {
      container.addMountPoints(
          MountPoint.builder()
              .sourceVolume(path.substring(1))
              .containerPath(path)
              .readOnly(false)
              .build());
    }
    // A dispatch's record names the revision it is launched with, and is launched again with it.
    CfnResource resource = (CfnResource) made.getNode().getDefaultChild();
    resource.getCfnOptions().setUpdateReplacePolicy(CfnDeletionPolicy.RETAIN);
    resource.getCfnOptions().setDeletionPolicy(CfnDeletionPolicy.DELETE);
  }

  /** All revisions of this stage's task definitions. */
  List<String> taskDefinitionArns() {
    return catalogue.ids().stream()
        .map(id -> EcsConfig.family(id, settings.stage()))
        .map(family -> names.arn("ecs", "task-definition/" + family + ":*"))
        .toList();
  }

  /** The two roles that a task gets. */
  List<String> roleArns() {
    return roles.stream().map(Role::getRoleArn).toList();
  }

  List<Role> roles() {
    return List.copyOf(roles);
  }
}
