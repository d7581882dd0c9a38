package dev.outpost.edge.sqs;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works through an SQS batch so that a message that fails comes again alone (AWS Lambda Developer
 * Guide, "Implementing partial batch responses").
 */
public final class SqsBatch {
  private static final Logger LOG = LoggerFactory.getLogger(SqsBatch.class);

  private SqsBatch() {}

  /** What is done with one message. */
  @FunctionalInterface
  public interface Work {
    /**
     * Does it.
     *
     * @return whether the message has done its work; if not, it comes again
     * @throws Exception likewise: it comes again
     */
    boolean on(SQSMessage message) throws Exception;
  }

  /** The response that makes exactly the unfinished messages come again. */
  public static SQSBatchResponse each(SQSEvent event, Work work) {
    List<BatchItemFailure> failures = new ArrayList<>();
    for (SQSMessage message : event.getRecords()) {
      boolean done;
      try {
        done = work.on(message);
      } catch (Exception e) {
        LOG.warn("message {} comes again", message.getMessageId(), e);
        done = false;
      }
      if (!done) {
        failures.add(new BatchItemFailure(message.getMessageId()));
      }
    }
    return new SQSBatchResponse(failures);
  }
}
