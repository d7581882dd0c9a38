package dev.outpost.machine;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lambda's event source mappings and EventBridge's scheduler: they call the functions with batches
 * and keep what was not done. Each runs on virtual threads until it is closed.
 */
final class EventSources implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventSources.class);
  private static final Duration WAIT = Duration.ofSeconds(1);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(500);
  private static final int STREAM_BATCH = 100;

  /** Tries of one change alone: ten seconds, which no passing trouble of this machine outlasts. */
  private static final int STREAM_TRIES = 20;

  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Duration afterFailure;

  /** None yet. */
  EventSources() {
    this(AFTER_FAILURE);
  }

  /** The same with another pause after a batch that failed. */
  EventSources(Duration afterFailure) {
    this.afterFailure = afterFailure;
  }

  /**
   * Feeds a function from a queue.
   *
   * @param batch messages at a time, 1 to 10; all of them must be done while the queue hides them
   * @param concurrency batches at the same time
   */
  void queue(
      String functionName,
      MessageSource source,
      RequestHandler<SQSEvent, SQSBatchResponse> function,
      int batch,
      int concurrency) {
    for (int i = 0; i < concurrency; i++) {
      run(
          functionName,
          () -> {
            List<SQSMessage> messages = source.receive(batch, WAIT);
            if (messages.isEmpty()) {
              return;
            }
            SQSEvent event = new SQSEvent();
            event.setRecords(messages);
            SQSBatchResponse response = function.handleRequest(event, context(functionName));
            Set<String> done =
                BatchOutcome.done(
                    messages.stream().map(SQSMessage::getMessageId).toList(), response);
            for (SQSMessage message : messages) {
              if (done.contains(message.getMessageId())) {
                source.delete(message);
              }
            }
          });
    }
  }

  /**
   * Feeds a function from the stream, in order; a failed record comes again before any other. A
   * batch that fails is halved, as the deployed mapping does it, until the one that fails is alone;
   * and one that fails again and again is given up, because everybody's later changes stand behind
   * it. What it would have brought about is left to the reconciler.
   */
  void stream(
      String functionName,
      ChangeSource source,
      RequestHandler<DynamodbEvent, StreamsEventResponse> function) {
    StreamTurn turn = new StreamTurn(functionName, source, function);
    run(functionName, turn::take);
  }

  private final class StreamTurn {
    private final String functionName;
    private final ChangeSource source;
    private final RequestHandler<DynamodbEvent, StreamsEventResponse> function;
    private int limit = STREAM_BATCH;
    private int failures;

    StreamTurn(
        String functionName,
        ChangeSource source,
        RequestHandler<DynamodbEvent, StreamsEventResponse> function) {
      this.functionName = functionName;
      this.source = source;
      this.function = function;
    }

    void take() throws InterruptedException {
      List<DynamodbStreamRecord> batch = source.read(limit, WAIT);
      if (batch.isEmpty()) {
        return;
      }
      int done = done(batch);
      source.acknowledge(batch.subList(0, done));
      if (done == batch.size()) {
        limit = Math.min(STREAM_BATCH, limit * 2);
        failures = 0;
        return;
      }
      failures = done == 0 && batch.size() == 1 ? failures + 1 : 0;
      if (failures >= STREAM_TRIES) {
        LOG.error("function {}: change {} is given up", functionName, sequence(batch.getFirst()));
        source.acknowledge(batch);
        failures = 0;
        return;
      }
      limit = Math.max(1, (batch.size() - done) / 2);
      Thread.sleep(afterFailure);
    }

    /** How many of the oldest were done. */
    private int done(List<DynamodbStreamRecord> batch) {
      DynamodbEvent event = new DynamodbEvent();
      event.setRecords(batch);
      StreamsEventResponse response;
      try {
        response = function.handleRequest(event, context(functionName));
      } catch (RuntimeException e) {
        LOG.error("function {} failed", functionName, e);
        return 0;
      }
      if (response.getBatchItemFailures().isEmpty()) {
        return batch.size();
      }
      String first = response.getBatchItemFailures().getFirst().getItemIdentifier();
      int done = 0;
      while (done < batch.size() && !sequence(batch.get(done)).equals(first)) {
        done++;
      }
      return done;
    }

    private static String sequence(DynamodbStreamRecord change) {
      return change.getDynamodb().getSequenceNumber();
    }
  }

  /** Calls a function at a fixed pace. */
  void schedule(String functionName, Duration every, RequestHandler<ScheduledEvent, ?> function) {
    run(
        functionName,
        () -> {
          if (closing.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
            return;
          }
          ScheduledEvent event = new ScheduledEvent();
          event.setId(UUID.randomUUID().toString());
          event.setSource("aws.events");
          event.setDetailType("Scheduled Event");
          function.handleRequest(event, context(functionName));
        });
  }

  private static Context context(String functionName) {
    return LocalLogger.invocation(functionName, UUID.randomUUID().toString());
  }

  /** One turn of an event source. */
  private interface Turn {
    void take() throws InterruptedException;
  }

  private void run(String functionName, Turn turn) {
    threads.add(
        Thread.ofVirtual()
            .name(functionName)
            .start(
                () -> {
                  while (closing.getCount() > 0) {
                    try {
                      turn.take();
                    } catch (InterruptedException _) {
                      return;
                    } catch (RuntimeException | Error e) {
                      // As Lambda does: the batch stays where it is and comes again.
                      LOG.error("function {} failed", functionName, e);
                      pause();
                    }
                  }
                }));
  }

  private void pause() {
    try {
      Thread.sleep(afterFailure);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes no more, and waits for the batches that are being worked on. */
  @Override
  public void close() {
    closing.countDown();
    for (Thread thread : threads) {
      try {
        if (!thread.join(Duration.ofSeconds(5))) {
          thread.interrupt();
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
