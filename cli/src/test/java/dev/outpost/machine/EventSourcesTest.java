package dev.outpost.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
}
