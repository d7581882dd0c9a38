package dev.outpost.simulation;

import dev.outpost.run.ContainerContract;
import dev.outpost.simulation.aws.MemoryEcs;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/** The platform behind ECS: brings tasks up and down in its own time, and loses some on the way. */
final class Fargate implements MemoryEcs.Host {
  private static final Duration STOP_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration FAST = Duration.ofSeconds(1);
  private static final Duration SLOW = Duration.ofSeconds(30);
  private static final Duration STUCK = Duration.ofMinutes(20);

  private final World world;
  private final Chance chance;
  private final Map<String, Container> containers = new HashMap<>();
  private final Set<String> scheduled = new HashSet<>();
  private final Map<String, Boolean> poisoned = new HashMap<>();

  Fargate(World world) {
    this.world = world;
    this.chance = world.chance();
  }

  /** RunTask, with what can come of it. */
  RunTaskResponse run(RunTaskRequest request, Supplier<Object> effect) {
    Weather weather = world.weather();
    if (poisoned.computeIfAbsent(request.startedBy(), _ -> weather.has(Fault.POISON_DISPATCH))) {
      world.ledger().poisoned(request.startedBy());
      throw new IllegalArgumentException("a fault in our own code");
    }
    if (weather.has(Fault.ECS_FAILURE_IN_ANSWER)) {
      world.ledger().noCapacity(request.startedBy());
      return AwsWire.failure("RESOURCE:MEMORY");
    }
    if (weather.has(Fault.ECS_NO_CAPACITY)) {
      world.ledger().noCapacity(request.startedBy());
      throw AwsWire.noCapacity();
    }
    if (weather.has(Fault.ECS_REFUSED)) {
      world.ledger().refused(request.startedBy());
      throw AwsWire.refusal();
    }
    RunTaskResponse response;
    try {
      if (weather.has(Fault.CALL_SENT_TWICE)) {
        // Its answer is lost; the second finds the task of the same token.
        var _ = effect.get();
      }
      response = (RunTaskResponse) effect.get();
    } catch (ConflictException e) {
      weather.count(Fault.ECS_OTHER_CONFIGURATION);
      throw e;
    }
    for (Task task : response.tasks()) {
      if (scheduled.add(task.taskArn())) {
        world.ledger().taskStarted(request.startedBy(), attempt(request), task.taskArn());
        step(task.taskArn());
      }
    }
    if (weather.has(Fault.ECS_SECOND_TASK)) {
      RunTaskResponse second =
          world.ecs().runTask(request.toBuilder().clientToken(chance.hex(32)).build());
      for (Task task : second.tasks()) {
        scheduled.add(task.taskArn());
        world.ledger().secondTaskStarted(request.startedBy(), task.taskArn());
        step(task.taskArn());
      }
    }
    return response;
  }

  private static String attempt(RunTaskRequest request) {
    return request.overrides().containerOverrides().getFirst().environment().stream()
        .filter(variable -> variable.name().equals(ContainerContract.ATTEMPT))
        .findFirst()
        .orElseThrow()
        .value();
  }

  /** Moves the task on its way after a while, until there is nothing more to do for it. */
  private void step(String arn) {
    Duration pause =
        world.weather().has(Fault.ECS_STUCK)
            ? chance.between(SLOW, STUCK)
            : chance.between(FAST, SLOW);
    world
        .timeline()
        .after(
            pause,
            () -> {
              if (isUp(arn)) {
                if (world.weather().has(Fault.ECS_FAILED_TO_START)) {
                  world.ledger().failedToStart(arn);
                  world.ecs().failToStart(arn, "CannotPullContainerError: pull image timed out");
                } else if ("RUNNING".equals(world.ecs().step(arn))) {
                  begin(arn);
                  return;
                }
                step(arn);
              } else if (!"STOPPED".equals(world.ecs().step(arn))) {
                step(arn);
              }
            });
  }

  /** Whether it is on its way up. */
  private boolean isUp(String arn) {
    return world.ecs().task(arn).desiredStatus().equals("RUNNING");
  }

  private void begin(String arn) {
    Container container = new Container(world, world.ecs().task(arn));
    containers.put(arn, container);
    container.start(code -> exited(arn, code));
    Duration soon = chance.between(FAST, Duration.ofMinutes(4));
    if (world.weather().has(Fault.ECS_SPOT_INTERRUPTION)) {
      world.timeline().after(soon, () -> end(arn, Fault.ECS_SPOT_INTERRUPTION));
    } else if (world.weather().has(Fault.ECS_RETIRED)) {
      world.timeline().after(soon, () -> end(arn, Fault.ECS_RETIRED));
    }
  }

  private void end(String arn, Fault by) {
    if (containers.containsKey(arn) && isUp(arn)) {
      world.ledger().endedByPlatform(arn, by);
      if (by == Fault.ECS_SPOT_INTERRUPTION) {
        world.ecs().reclaim(arn);
      } else {
        world.ecs().retire(arn);
      }
      stopRequested(arn);
    }
  }

  private void exited(String arn, int code) {
    if (containers.remove(arn) == null) {
      return;
    }
    world.ledger().exited(arn, code);
    if (code == ContainerContract.EXIT_KILLED && world.ledger().ranOutOfMemory(arn)) {
      world.ecs().outOfMemory(arn);
    } else if (code == ContainerContract.EXIT_KILLED) {
      world.ecs().kill(arn);
    } else {
      world.ecs().exit(arn, code);
    }
    step(arn);
  }

  @Override
  public void stopRequested(String arn) {
    Container container = containers.get(arn);
    if (container == null) {
      return;
    }
    container.terminate();
    world
        .timeline()
        .after(
            STOP_TIMEOUT,
            () -> {
              if (containers.get(arn) == container) {
                container.kill();
                exited(arn, ContainerContract.EXIT_KILLED);
              }
            });
  }

  @Override
  public void event(String json) {
    world.sources().taskEvent(json);
  }

  /** Containers that run now. */
  Set<String> running() {
    return containers.keySet();
  }
}
