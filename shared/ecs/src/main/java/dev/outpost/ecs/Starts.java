package dev.outpost.ecs;

import dev.outpost.launch.Runs.Start;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.ServerException;

/**
 * What an answer of RunTask means: a task, definitely none, or nobody knows. Pure functions.
 *
 * <p>Documents: API Reference "RunTask" (errors) and "Ensuring idempotency"; Developer Guide
 * "Amazon ECS API failure reasons"; Knowledge Center "RunTask API for a Fargate task fails with a
 * 'Capacity is unavailable' error".
 */
final class Starts {
  /**
   * Beginnings of messages by which ECS tells, in errors that are not made for it alone, that there
   * is no room now: Fargate's capacity, the account's Fargate quota.
   */
  private static final List<String> NO_ROOM =
      List.of("Capacity is unavailable at this time", "You've reached the limit on the number of");

  /** Codes of errors that say: later. Beyond those that the SDK itself knows. */
  private static final Set<String> THROTTLED =
      Set.of(
          "ThrottlingException",
          "Throttling",
          "ThrottledException",
          "TooManyRequestsException",
          "RequestLimitExceeded",
          "RequestThrottled",
          "RequestThrottledException",
          "BandwidthLimitExceeded",
          "SlowDown",
          "RequestTimeout",
          "RequestTimeoutException",
          "ServiceUnavailable",
          "InternalFailure");

  /** How ECS wraps the error of a service that it asked itself, e.g. EC2's throttling. */
  private static final Pattern WRAPPED = Pattern.compile("\\(ErrorCode: ([A-Za-z.]+)\\)");

  private static final Pattern NOT_TO_BE_TOLD =
      Pattern.compile("arn:[^\\s\"',)]+|\\b\\d{12}\\b|\\bA[KS]IA[A-Z0-9]{16}\\b|https?://\\S+");

  private Starts() {}

  static Start of(RunTaskResponse response) {
    if (response.hasTasks() && !response.tasks().isEmpty()) {
      return new Start.Started(response.tasks().getFirst().taskArn());
    }
    if (response.hasFailures() && !response.failures().isEmpty()) {
      return new Start.NoCapacity(
          noCapacity(String.valueOf(response.failures().getFirst().reason())));
    }
    return new Start.Unknown("ECS answered with neither a task nor a failure");
  }

  /** What a thrown error means, whatever it is wrapped in. */
  static Start of(RuntimeException thrown) {
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      switch (e) {
        case ConflictException conflict -> {
          return adopted(conflict);
        }
        case AwsServiceException error -> {
          return of(error);
        }
        // The call, not the service, failed: it may have arrived.
        case SdkException error -> {
          return new Start.Unknown(error.getClass().getSimpleName() + ": " + error.getMessage());
        }
        default -> {}
      }
    }
    throw thrown;
  }

  /** The token is in use by another request of ours: its task is the task. */
  private static Start adopted(ConflictException conflict) {
    return conflict.hasResourceIds() && !conflict.resourceIds().isEmpty()
        ? new Start.Started(conflict.resourceIds().getFirst())
        : new Start.Unknown("ECS names no task for a client token that is in use");
  }

  private static Start of(AwsServiceException error) {
    String code = code(error);
    String message = message(error);
    if (NO_ROOM.stream().anyMatch(message::startsWith)) {
      return new Start.NoCapacity(noCapacity(message));
    }
    if (error.isThrottlingException()
        || error instanceof ServerException
        || THROTTLED.contains(code)
        || wrapped(message).filter(THROTTLED::contains).isPresent()
        || error.statusCode() < 400
        || error.statusCode() >= 500) {
      return new Start.Unknown(code + " " + error.statusCode());
    }
    return new Start.Refused(
        new Failure(
            Cause.LAUNCH_FAILED,
            "The platform refused to start the task (" + code + "): " + scrubbed(message)));
  }

  private static String code(AwsServiceException error) {
    return Optional.ofNullable(error.awsErrorDetails())
        .map(details -> details.errorCode())
        .filter(code -> !code.isEmpty())
        .orElse(error.getClass().getSimpleName());
  }

  /** The service's own words, without what the SDK puts around them. */
  private static String message(AwsServiceException error) {
    return Optional.ofNullable(error.awsErrorDetails())
        .map(details -> details.errorMessage())
        .or(() -> Optional.ofNullable(error.getMessage()))
        .orElse("");
  }

  private static Optional<String> wrapped(String message) {
    return WRAPPED.matcher(message).results().map(match -> match.group(1)).findFirst();
  }

  private static Failure noCapacity(String reason) {
    return new Failure(
        Cause.NO_CAPACITY, "The platform has no room for the task: " + scrubbed(reason));
  }

  private static String scrubbed(String text) {
    return NOT_TO_BE_TOLD.matcher(text).replaceAll("[…]");
  }
}
