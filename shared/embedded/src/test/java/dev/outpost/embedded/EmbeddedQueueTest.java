package dev.outpost.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class EmbeddedQueueTest {
  private static final Duration HIDDEN = Duration.ofSeconds(30);
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path directory;

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private EmbeddedStore store = EmbeddedStore.inMemory();
  private EmbeddedQueue queue = new EmbeddedQueue(store, "launches", 3, () -> now);

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aReceivedMessageIsHiddenUntilItsTimeoutAndThenComesAgain() throws Exception {
    String id = send("one");
    QueueMessage first = receiveOne();
    assertThat(first.id()).isEqualTo(id);
    assertThat(first.body()).isEqualTo("one");
    assertThat(first.attributes())
        .containsEntry("ApproximateReceiveCount", "1")
        .containsEntry("SentTimestamp", String.valueOf(now.toEpochMilli()))
        .containsEntry("ApproximateFirstReceiveTimestamp", String.valueOf(now.toEpochMilli()))
        .doesNotContainKey("MessageGroupId");
    assertThat(receive(10)).isEmpty();

    pass(HIDDEN);
    QueueMessage second = receiveOne();
    assertThat(second.id()).isEqualTo(id);
    assertThat(second.receiveCount()).isEqualTo(2);
    assertThat(second.firstReceivedAt()).isEqualTo(first.firstReceivedAt());
    assertThat(second.receiptHandle()).isNotEqualTo(first.receiptHandle());
  }

  @Test
  void aStaleReceiptNeitherDeletesNorHides() throws Exception {
    send("one");
    QueueMessage first = receiveOne();
    pass(HIDDEN);
    QueueMessage second = receiveOne();
    assertThat(queue.delete(first.receiptHandle())).isFalse();
    assertThat(queue.changeVisibility(first.receiptHandle(), Duration.ZERO)).isFalse();
    assertThat(queue.depth()).isEqualTo(new QueueDepth(0, 1, 0, 0));
    assertThat(queue.delete(second.receiptHandle())).isTrue();
    assertThat(queue.delete(second.receiptHandle())).isFalse();
    assertThat(queue.delete("nonsense")).isFalse();
    assertThat(queue.depth()).isEqualTo(new QueueDepth(0, 0, 0, 0));
  }

  @Test
  void theNewestReceiptDeletesEvenAfterItsTimeout() throws Exception {
    send("one");
    QueueMessage message = receiveOne();
    pass(HIDDEN.plusSeconds(5));
    assertThat(queue.changeVisibility(message.receiptHandle(), HIDDEN)).isFalse();
    assertThat(queue.delete(message.receiptHandle())).isTrue();
    assertThat(receive(1)).isEmpty();
  }

  @Test
  void visibilityIsProlongedAndGivenBack() throws Exception {
    send("one");
    QueueMessage message = receiveOne();
    assertThat(queue.changeVisibility(message.receiptHandle(), Duration.ofMinutes(5))).isTrue();
    pass(HIDDEN.plusSeconds(1));
    assertThat(receive(1)).isEmpty();
    assertThat(queue.changeVisibility(message.receiptHandle(), Duration.ZERO)).isTrue();
    assertThat(receiveOne().receiveCount()).isEqualTo(2);
  }

  @Test
  void aDelayedMessageWaits() throws Exception {
    queue.send("later", Optional.of("t1"), Duration.ofSeconds(60));
    assertThat(queue.depth()).isEqualTo(new QueueDepth(0, 0, 1, 0));
    pass(Duration.ofSeconds(59));
    assertThat(receive(1)).isEmpty();
    pass(Duration.ofSeconds(1));
    assertThat(receiveOne().attributes()).containsEntry("MessageGroupId", "t1");
  }

  @Test
  void afterTooManyReceiptsItIsADeadLetterAndCanBeRedriven() throws Exception {
    String id = queue.send("poison", Optional.of("t1"), Duration.ZERO);
    send("other");
    for (int i = 0; i < 3; i++) {
      assertThat(receive(10)).hasSize(i == 0 ? 2 : 1).anyMatch(m -> m.id().equals(id));
      if (i == 0) {
        queue.delete(queueReceipt("other"));
      }
      pass(HIDDEN);
    }
    assertThat(receive(10)).isEmpty();
    assertThat(queue.deadLetters())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.id()).isEqualTo(id);
              assertThat(letter.receiveCount()).isEqualTo(3);
              assertThat(letter.groupId()).contains("t1");
            });
    assertThat(queue.depth()).isEqualTo(new QueueDepth(0, 0, 0, 1));

    assertThat(queue.redrive()).isEqualTo(1);
    assertThat(queue.deadLetters()).isEmpty();
    QueueMessage again = receiveOne();
    assertThat(again.id()).isNotEqualTo(id);
    assertThat(again.body()).isEqualTo("poison");
    assertThat(again.receiveCount()).isEqualTo(1);
    assertThat(again.groupId()).contains("t1");
  }

  private String queueReceipt(String body) {
    return store.read(
        view ->
            view.ascending("queue/launches", "")
                .map(StoredMessage::of)
                .filter(m -> m.body().equals(body))
                .findFirst()
                .orElseThrow()
                .receiptHandle());
  }

  @Test
  void theGroupWithFewerInFlightGoesFirst() throws Exception {
    for (int i = 0; i < 6; i++) {
      queue.send("noisy" + i, Optional.of("noisy"), Duration.ZERO);
    }
    assertThat(receive(2)).extracting(QueueMessage::body).containsExactly("noisy0", "noisy1");
    queue.send("quiet0", Optional.of("quiet"), Duration.ZERO);
    queue.send("quiet1", Optional.of("quiet"), Duration.ZERO);
    queue.send("single", Optional.empty(), Duration.ZERO);
    assertThat(receive(5))
        .extracting(QueueMessage::body)
        .containsExactly("quiet0", "single", "quiet1", "noisy2", "noisy3");
  }

  @Test
  void messagesAndTheirCountsSurviveARestart() throws Exception {
    Path file = directory.resolve("store");
    String deleted;
    try (EmbeddedStore durable = EmbeddedStore.open(file)) {
      EmbeddedQueue before = new EmbeddedQueue(durable, "a", 3, () -> now);
      new EmbeddedQueue(durable, "a2", 3, () -> now)
          .send("of another queue", Optional.empty(), Duration.ZERO);
      before.send("kept", Optional.of("t1"), Duration.ZERO);
      before.send("delayed", Optional.empty(), Duration.ofSeconds(90));
      deleted = before.send("deleted", Optional.empty(), Duration.ZERO);
      for (QueueMessage message : before.receive(10, HIDDEN, Duration.ZERO)) {
        if (message.id().equals(deleted)) {
          before.delete(message.receiptHandle());
        }
      }
    }
    pass(Duration.ofMillis(1));
    try (EmbeddedStore durable = EmbeddedStore.open(file)) {
      EmbeddedQueue after = new EmbeddedQueue(durable, "a", 3, () -> now);
      assertThat(after.depth()).isEqualTo(new QueueDepth(1, 0, 1, 0));
      assertThat(after.receive(10, HIDDEN, Duration.ZERO))
          .singleElement()
          .satisfies(
              message -> {
                assertThat(message.body()).isEqualTo("kept");
                assertThat(message.receiveCount()).isEqualTo(2);
              });
      assertThat(after.send("new", Optional.empty(), Duration.ZERO)).isGreaterThan(deleted);
    }
  }

  @Test
  void aReceiveWaitsForASendAndNoLonger() throws Exception {
    EmbeddedQueue real = new EmbeddedQueue(store, "real", 3, InstantSource.system());
    assertThat(real.receive(1, HIDDEN, Duration.ofMillis(50))).isEmpty();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<QueueMessage>> waiting = threads.submit(() -> real.receive(1, HIDDEN, LONG));
      real.send("now", Optional.empty(), Duration.ZERO);
      assertThat(waiting.get(10, TimeUnit.SECONDS))
          .extracting(QueueMessage::body)
          .containsExactly("now");

      Future<List<QueueMessage>> waitingForDelayed =
          threads.submit(() -> real.receive(1, HIDDEN, LONG));
      real.send("soon", Optional.empty(), Duration.ofMillis(100));
      assertThat(waitingForDelayed.get(10, TimeUnit.SECONDS))
          .extracting(QueueMessage::body)
          .containsExactly("soon");

      Future<List<QueueMessage>> interrupted = threads.submit(() -> real.receive(1, HIDDEN, LONG));
      assertThat(interrupted.cancel(true)).isTrue();
    }
  }

  @Test
  void manyReceiversShareTheMessagesWithoutDoublesOrLosses() throws Exception {
    EmbeddedQueue real = new EmbeddedQueue(store, "real", 3, InstantSource.system());
    Set<String> handled = ConcurrentHashMap.newKeySet();
    List<Future<Integer>> receivers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        receivers.add(
            threads.submit(
                () -> {
                  int count = 0;
                  while (handled.size() < 400) {
                    for (QueueMessage m : real.receive(10, HIDDEN, Duration.ofMillis(50))) {
                      handled.add(m.body());
                      count++;
                      real.delete(m.receiptHandle());
                    }
                  }
                  return count;
                }));
      }
      for (int i = 0; i < 400; i++) {
        real.send("m" + i, Optional.of("t" + i % 7), Duration.ZERO);
      }
      int all = 0;
      for (Future<Integer> receiver : receivers) {
        all += receiver.get();
      }
      assertThat(all).isEqualTo(400);
    }
    assertThat(real.depth()).isEqualTo(new QueueDepth(0, 0, 0, 0));
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> receive(11)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> queue.send("x", Optional.empty(), Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new EmbeddedQueue(store, "q", 0, () -> now))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private String send(String body) {
    return queue.send(body, Optional.empty(), Duration.ZERO);
  }

  private List<QueueMessage> receive(int max) throws InterruptedException {
    return queue.receive(max, HIDDEN, Duration.ZERO);
  }

  private QueueMessage receiveOne() throws InterruptedException {
    List<QueueMessage> received = receive(1);
    assertThat(received).hasSize(1);
    return received.getFirst();
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }
}
