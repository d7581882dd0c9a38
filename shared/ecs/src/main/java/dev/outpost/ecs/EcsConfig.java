package dev.outpost.ecs;

import dev.outpost.edge.Environment;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where and how tasks run. Part of every RunTask: change it only between launches, for a launch
 * that is repeated with another configuration is another call to ECS.
 *
 * @param stage the installation's stage, the end of the task definitions' family names
 * @param apiUrl base URL of the runner gateway, as containers reach it
 * @param cluster the cluster's name or ARN
 * @param subnets ids of the subnets, best in several availability zones
 * @param securityGroups ids of the security groups
 * @param assignPublicIp whether tasks have public addresses (needed in subnets without NAT)
 * @param platformVersion the platform version; empty for the newest
 * @param capacity capacity providers in the place of the launch type FARGATE; empty for that
 */
public record EcsConfig(
    String stage,
    URI apiUrl,
    String cluster,
    List<String> subnets,
    List<String> securityGroups,
    boolean assignPublicIp,
    Optional<String> platformVersion,
    List<CapacityShare> capacity) {
  /** Refuses nulls; copies the lists. */
  public EcsConfig {
    Objects.requireNonNull(stage, "stage");
    Objects.requireNonNull(apiUrl, "apiUrl");
    Objects.requireNonNull(cluster, "cluster");
    subnets = List.copyOf(subnets);
    securityGroups = List.copyOf(securityGroups);
    Objects.requireNonNull(platformVersion, "platformVersion");
    capacity = List.copyOf(capacity);
  }

  /**
   * A capacity provider's share of the tasks (ECS: CapacityProviderStrategyItem).
   *
   * @param provider {@code FARGATE} or {@code FARGATE_SPOT}
   * @param weight its part of the whole
   * @param base how many tasks it takes at least
   */
  public record CapacityShare(String provider, int weight, int base) {
    /** Refuses null. */
    public CapacityShare {
      Objects.requireNonNull(provider, "provider");
    }
  }

  /** The task definitions' family of an agent. */
  public String family(String agent) {
    return family(agent, stage);
  }

  /** The task definitions' family of an agent in a stage. */
  public static String family(String agent, String stage) {
    return "outpost-" + agent + "-" + stage;
  }

  /**
   * Reads the configuration of a deployed function.
   *
   * @throws IllegalArgumentException when a capacity share is not {@code PROVIDER:WEIGHT:BASE}
   */
  public static EcsConfig read(Environment.Variables variables) {
    List<CapacityShare> capacity = new ArrayList<>();
    for (String share : variables.words("OUTPOST_CAPACITY")) {
      String[] parts = share.split(":", -1);
      if (parts.length != 3) {
        throw new IllegalArgumentException(
            "OUTPOST_CAPACITY must be shares of the form PROVIDER:WEIGHT:BASE, not " + share);
      }
      capacity.add(
          new CapacityShare(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2])));
    }
    return new EcsConfig(
        variables.text("OUTPOST_STAGE"),
        URI.create(variables.text("OUTPOST_API_URL")),
        variables.text("OUTPOST_CLUSTER"),
        variables.words("OUTPOST_SUBNETS"),
        variables.words("OUTPOST_SECURITY_GROUPS"),
        variables.optional("OUTPOST_ASSIGN_PUBLIC_IP").filter("true"::equals).isPresent(),
        variables.optional("OUTPOST_PLATFORM_VERSION"),
        capacity);
  }
}
