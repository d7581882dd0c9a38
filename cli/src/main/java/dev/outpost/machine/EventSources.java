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
  private static final int QUEUE_BATCH = 10;
  private static final int STREAM_BATCH = 100;

  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  /** Feeds a function from a queue, with that many batches at the same time. */
  void queue(
      String functionName,
      MessageSource source,
      RequestHandler<SQSEvent, SQSBatchResponse> function,
      int concurrency) {
    for (int i = 0; i < concurrency; i++) {
      run(
          functionName,
          () -> {
            List<SQSMessage> batch = source.receive(QUEUE_BATCH, WAIT);
            if (batch.isEmpty()) {
              return;
            }
            SQSEvent event = new SQSEvent();
            event.setRecords(batch);
            SQSBatchResponse response = function.handleRequest(event, context(functionName));
            Set<String> done =
                BatchOutcome.done(batch.stream().map(SQSMessage::getMessageId).toList(), response);
            for (SQSMessage message : batch) {
              if (done.contains(message.getMessageId())) {
                source.delete(message);
              }
            }
          });
    }
  }

  /** Feeds a function from the stream, in order; a failed record comes again before any other. */
  void stream(
      String functionName,
      ChangeSource source,
      RequestHandler<DynamodbEvent, StreamsEventResponse> function) {
    run(
        functionName,
        () -> {
          List<DynamodbStreamRecord> batch = source.read(STREAM_BATCH, WAIT);
          if (batch.isEmpty()) {
            return;
          }
          DynamodbEvent event = new DynamodbEvent();
          event.setRecords(batch);
          StreamsEventResponse response = function.handleRequest(event, context(functionName));
          if (response.getBatchItemFailures().isEmpty()) {
            source.acknowledge(batch);
            return;
          }
          String first = response.getBatchItemFailures().getFirst().getItemIdentifier();
          int done = 0;
          while (done < batch.size()
              && !batch.get(done).getDynamodb().getSequenceNumber().equals(first)) {
            done++;
          }
          source.acknowledge(batch.subList(0, done));
          Thread.sleep(AFTER_FAILURE);
        });
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
    return new LocalContext(functionName, UUID.randomUUID().toString());
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

  private static void pause() {
    try {
      Thread.sleep(AFTER_FAILURE);
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
