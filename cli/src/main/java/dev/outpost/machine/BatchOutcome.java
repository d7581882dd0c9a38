package dev.outpost.machine;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What Lambda makes of a function's answer to a batch of messages (AWS Lambda Developer Guide,
 * "Implementing partial batch responses"). A pure function.
 */
public final class BatchOutcome {
  private BatchOutcome() {}

  /**
   * The messages that have done their work and are deleted: those that the answer does not name as
   * failures. An answer that names none, or names what was not in the batch, fails all of them.
   *
   * @param messageIds the batch
   * @param response the function's answer; null counts as a success of all
   */
  public static Set<String> done(List<String> messageIds, SQSBatchResponse response) {
    Set<String> done = new HashSet<>(messageIds);
    if (response == null || response.getBatchItemFailures() == null) {
      return done;
    }
    for (BatchItemFailure failure : response.getBatchItemFailures()) {
      String id = failure == null ? null : failure.getItemIdentifier();
      if (id == null || !messageIds.contains(id)) {
        return Set.of();
      }
      done.remove(id);
    }
    return done;
  }
}
