package dev.outpost.dynamodb;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.RequestLimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/**
 * Makes a call again while DynamoDB says that it may succeed later: on a conflict of transactions,
 * on throttling, on its own faults. The SDK does so for some of these by itself, but not for a
 * transaction that was cancelled for a conflict (DynamoDB Developer Guide, "Amazon DynamoDB
 * Transactions: How it works", section on transaction conflicts).
 */
final class Patience {
  /** How often a call is made at most; with the pauses, about two seconds. */
  static final int TRIES = 10;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final Pauses pauses;

  Patience(Pauses pauses) {
    this.pauses = Objects.requireNonNull(pauses, "pauses");
  }

  /**
   * Makes the call.
   *
   * @throws RuntimeException what the last try threw, or the first try when it is final
   */
  <T> T with(Supplier<T> call) {
    for (int attempt = 1; ; attempt++) {
      try {
        return call.get();
      } catch (AwsServiceException e) {
        if (attempt == TRIES || !mayPass(e) || !pause(attempt)) {
          throw e;
        }
      }
    }
  }

  /**
   * Waits before the next try: a random time of at most 20 ms, doubled each time, to one second.
   *
   * @return false when the thread was interrupted, and stays so
   */
  boolean pause(int attempt) {
    long longest =
        Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(attempt - 1, 10));
    return pauses.upTo(Duration.ofMillis(longest));
  }

  private static boolean mayPass(AwsServiceException e) {
    return switch (e) {
      case TransactionCanceledException cancelled -> mayPass(cancelled.cancellationReasons());
      case TransactionConflictException _,
          TransactionInProgressException _,
          ProvisionedThroughputExceededException _,
          RequestLimitExceededException _,
          InternalServerErrorException _ ->
          true;
      default -> e.isThrottlingException();
    };
  }

  /** Whether nothing but conflicts and throttling cancelled a transaction. */
  private static boolean mayPass(List<CancellationReason> reasons) {
    boolean passing = false;
    for (CancellationReason reason : reasons) {
      switch (reason.code()) {
        case "None" -> {}
        case "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded" ->
            passing = true;
        default -> {
          return false;
        }
      }
    }
    return passing;
  }

  /** Whether the condition at that place of a cancelled transaction did not hold. */
  static boolean failed(TransactionCanceledException e, int place) {
    return e.cancellationReasons().size() > place
        && "ConditionalCheckFailed".equals(e.cancellationReasons().get(place).code());
  }
}
