package dev.outpost.ecs;

import dev.outpost.agent.TaskSize;
import dev.outpost.launch.Runs.Order;
import dev.outpost.run.ContainerContract;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.AssignPublicIp;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/**
 * The RunTask of an order: a function of the order and the configuration alone, so that a repeat is
 * byte-identical and ECS answers it with the first one's task. What stands in it can be read by
 * whoever may call DescribeTasks: no task text, no secret but the one-time claim token.
 */
final class RunTaskRequests {
  /** The tag that carries the dispatch's id. */
  static final String DISPATCH_TAG = "outpost:dispatch";

  private final EcsConfig config;

  RunTaskRequests(EcsConfig config) {
    this.config = config;
  }

  RunTaskRequest of(Order order) {
    String dispatchId = order.id().value();
    RunTaskRequest.Builder request =
        RunTaskRequest.builder()
            .cluster(config.cluster())
            .taskDefinition(order.taskDefinition())
            .count(1)
            .clientToken(clientToken(order))
            .startedBy(dispatchId)
            .overrides(overrides(order))
            .networkConfiguration(
                network ->
                    network.awsvpcConfiguration(
                        vpc ->
                            vpc.subnets(config.subnets())
                                .securityGroups(config.securityGroups())
                                .assignPublicIp(
                                    config.assignPublicIp()
                                        ? AssignPublicIp.ENABLED
                                        : AssignPublicIp.DISABLED)))
            .enableECSManagedTags(true)
            .propagateTags(PropagateTags.TASK_DEFINITION)
            .tags(Tag.builder().key(DISPATCH_TAG).value(dispatchId).build());
    config.platformVersion().ifPresent(request::platformVersion);
    if (config.capacity().isEmpty()) {
      request.launchType(LaunchType.FARGATE);
    } else {
      request.capacityProviderStrategy(
          config.capacity().stream()
              .map(
                  share ->
                      CapacityProviderStrategyItem.builder()
                          .capacityProvider(share.provider())
                          .weight(share.weight())
                          .base(share.base())
                          .build())
              .toList());
    }
    return request.build();
  }

  private TaskOverride overrides(Order order) {
    TaskOverride.Builder overrides =
        TaskOverride.builder()
            .containerOverrides(
                ContainerOverride.builder()
                    .name(ContainerContract.CONTAINER)
                    .environment(environment(order))
                    .build());
    order.size().ifPresent(size -> resize(overrides, size));
    return overrides.build();
  }

  private static void resize(TaskOverride.Builder overrides, TaskSize size) {
    overrides.cpu(String.valueOf(size.cpuUnits())).memory(String.valueOf(size.memoryMb()));
    size.diskGb().ifPresent(disk -> overrides.ephemeralStorage(e -> e.sizeInGiB(disk)));
  }

  private List<KeyValuePair> environment(Order order) {
    return List.of(
        variable(ContainerContract.API_URL, config.apiUrl().toString()),
        variable(ContainerContract.DISPATCH_ID, order.id().value()),
        variable(ContainerContract.ATTEMPT, String.valueOf(order.attempt())),
        variable(ContainerContract.CLAIM_TOKEN, order.claimToken()));
  }

  private static KeyValuePair variable(String name, String value) {
    return KeyValuePair.builder().name(name).value(value).build();
  }

  /** ECS takes up to 64 characters: a SHA-256 in hexadecimal fits exactly. */
  private static String clientToken(Order order) {
    try {
      byte[] key = (order.id().value() + "|" + order.attempt()).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
