package dev.outpost.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class EventSourcesTest {
  @Test
  void closingDoesNotWaitForTheNextTimeOfASchedule() {
    EventSources sources = new EventSources();
    AtomicInteger calls = new AtomicInteger();
    sources.schedule("hourly", Duration.ofHours(1), (_, _) -> calls.incrementAndGet());
    long begin = System.nanoTime();
    sources.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
    assertThat(calls).hasValue(0);
  }

  @Test
  void closingWaitsForTheCallThatIsUnderWay() throws InterruptedException {
    EventSources sources = new EventSources();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger done = new AtomicInteger();
    sources.schedule(
        "often",
        Duration.ofMillis(1),
        (_, _) -> {
          begun.countDown();
          try {
            assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException _) {
            return null;
          }
          return done.incrementAndGet();
        });
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    Thread closer = Thread.ofVirtual().start(sources::close);
    goOn.countDown();
    closer.join();
    assertThat(done).hasPositiveValue();
  }

  @Test
  void aFunctionIsGivenNoMoreMessagesThanItCanDoWhileTheyAreHidden() throws Exception {
    Deque<SQSMessage> queue = new ConcurrentLinkedDeque<>();
    for (int i = 0; i < 5; i++) {
      SQSMessage message = new SQSMessage();
      message.setMessageId("m" + i);
      queue.add(message);
    }
    List<Integer> sizes = new CopyOnWriteArrayList<>();
    MessageSource source =
        new MessageSource() {
          @Override
          public synchronized List<SQSMessage> receive(int max, Duration wait) {
            return queue.stream().limit(max).toList();
          }

          @Override
          public void delete(SQSMessage message) {
            queue.remove(message);
          }
        };
    try (EventSources sources = new EventSources(Duration.ofMillis(1))) {
      sources.queue(
          "webhooks",
          source,
          (event, _) -> {
            sizes.add(event.getRecords().size());
            return new SQSBatchResponse(List.of());
          },
          2,
          1);
      Poll.until("nothing is left", Duration.ofSeconds(30), queue::isEmpty);
    }
    assertThat(sizes).containsExactly(2, 2, 1);
  }

  /** Changes with these numbers, in order. */
  private static final class Changes implements ChangeSource {
    private final List<DynamodbStreamRecord> left = new ArrayList<>();

    Changes(int count) {
      for (int i = 0; i < count; i++) {
        StreamRecord images = new StreamRecord();
        images.setSequenceNumber(String.valueOf(i));
        DynamodbStreamRecord change = new DynamodbStreamRecord();
        change.setDynamodb(images);
        left.add(change);
      }
    }

    @Override
    public synchronized List<DynamodbStreamRecord> read(int max, Duration wait) {
      return List.copyOf(left.subList(0, Math.min(max, left.size())));
    }

    @Override
    public synchronized void acknowledge(List<DynamodbStreamRecord> done) {
      left.removeAll(done);
    }

    synchronized boolean isEmpty() {
      return left.isEmpty();
    }
  }

  @Test
  void aChangeThatAlwaysFailsIsGivenUpAloneAndTheOthersComeInOrder() throws Exception {
    Changes changes = new Changes(250);
    List<String> done = new CopyOnWriteArrayList<>();
    AtomicInteger tries = new AtomicInteger();
    try (EventSources sources = new EventSources(Duration.ofMillis(1))) {
      sources.stream(
          "relay",
          changes,
          (event, _) -> {
            List<String> numbers =
                event.getRecords().stream()
                    .map(change -> change.getDynamodb().getSequenceNumber())
                    .toList();
            if (numbers.contains("137")) {
              tries.incrementAndGet();
              return new StreamsEventResponse(List.of(new BatchItemFailure(numbers.getFirst())));
            }
            done.addAll(numbers);
            return new StreamsEventResponse(List.of());
          });
      Poll.until("nothing is left", Duration.ofSeconds(30), changes::isEmpty);
    }
    assertThat(done)
        .isEqualTo(
            IntStream.range(0, 250).filter(i -> i != 137).mapToObj(String::valueOf).toList());
    assertThat(tries.get()).isGreaterThan(20);
  }

  @Test
  void aChangeThatFailsForAWhileIsNotGivenUp() throws Exception {
    Changes changes = new Changes(3);
    AtomicInteger calls = new AtomicInteger();
    List<String> done = new CopyOnWriteArrayList<>();
    try (EventSources sources = new EventSources(Duration.ofMillis(1))) {
      sources.stream(
          "relay",
          changes,
          (event, _) -> {
            if (calls.incrementAndGet() < 15) {
              throw new IllegalStateException("not now");
            }
            event.getRecords().forEach(c -> done.add(c.getDynamodb().getSequenceNumber()));
            return new StreamsEventResponse(List.of());
          });
      Poll.until("nothing is left", Duration.ofSeconds(30), changes::isEmpty);
    }
    assertThat(done).containsExactly("0", "1", "2");
  }
}
