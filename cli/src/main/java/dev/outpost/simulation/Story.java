package dev.outpost.simulation;

import dev.outpost.run.Failure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** What really happened around one dispatch, as only the simulation knows. */
final class Story {
  /** What really happened in one of its tasks. */
  static final class TaskStory {
    boolean failedToStart;
    boolean outOfMemory;
    boolean worked;
    Optional<Fault> endedByPlatform = Optional.empty();

    /** How its agent's work ended; absent when it never did. */
    Optional<Optional<Failure>> workedTo = Optional.empty();

    /** The result that the control plane has answered for. */
    Optional<Optional<Failure>> told = Optional.empty();

    OptionalInt exitCode = OptionalInt.empty();

    /** When its container ended, or was given up before it ran. */
    Optional<Instant> endedAt = Optional.empty();
  }

  final Map<String, TaskStory> tasks = new HashMap<>();

  /** The task that each launch, by its attempt, has started. */
  final Map<String, String> startedFor = new HashMap<>();

  final Set<String> workers = new HashSet<>();
  final List<String> sentCancels = new ArrayList<>();
  boolean cancelAccepted;
  boolean cancelRefused;
  boolean cancelUnanswered;
  boolean poisoned;
  int noCapacity;
  int refused;

  TaskStory task(String arn) {
    return tasks.computeIfAbsent(arn, _ -> new TaskStory());
  }
}
