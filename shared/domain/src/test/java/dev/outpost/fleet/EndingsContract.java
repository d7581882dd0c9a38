package dev.outpost.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Race;
import dev.outpost.dispatch.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every implementation of {@link Endings} does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class EndingsContract {
  private static final Instant NOW = Instant.parse("2026-11-22T10:02:30Z");

  /** The port under test; the same store each time. */
  protected abstract Endings endings();

  private static Ending ending(String agent, Status status, Instant at, long seconds) {
    return new Ending(agent, status, at, Duration.ofSeconds(seconds));
  }

  private List<Endings.Count> counts(String agent, Instant now) {
    return endings().lastHour(now).stream().filter(count -> count.agent().equals(agent)).toList();
  }

  @Test
  void endingsAreCountedByAgentAndStatus() {
    String one = "agent-" + UUID.randomUUID();
    String other = "agent#" + UUID.randomUUID();
    endings()
        .add(
            List.of(
                ending(one, Status.SUCCESS, NOW, 60),
                ending(one, Status.SUCCESS, NOW.minus(Duration.ofMinutes(40)), 30),
                ending(other, Status.SUCCESS, NOW, 1),
                ending(one, Status.CANCELLED, NOW, 0)));
    endings().add(List.of(ending(one, Status.SUCCESS, NOW.minusSeconds(1), 10)));
    assertThat(counts(one, NOW))
        .containsExactlyInAnyOrder(
            new Endings.Count(one, Status.SUCCESS, 3, Duration.ofSeconds(100)),
            new Endings.Count(one, Status.CANCELLED, 1, Duration.ZERO));
    assertThat(counts(other, NOW))
        .containsExactly(new Endings.Count(other, Status.SUCCESS, 1, Duration.ofSeconds(1)));
  }

  @Test
  void whatIsAnHourAndABucketOldIsForgotten() {
    String agent = "agent-" + UUID.randomUUID();
    endings().add(List.of(ending(agent, Status.FAILED, NOW, 5)));
    assertThat(counts(agent, NOW.plus(Duration.ofMinutes(54)))).hasSize(1);
    assertThat(counts(agent, NOW.plus(Endings.WINDOW)))
        .as("its bucket is still partly within the hour")
        .hasSize(1);
    assertThat(counts(agent, NOW.plus(Endings.WINDOW).plus(Endings.BUCKET))).isEmpty();
    assertThat(counts(agent, NOW.minus(Endings.BUCKET))).as("what is to come").isEmpty();
  }

  @Test
  void nothingIsLostWhenManyCount() {
    String agent = "agent-" + UUID.randomUUID();
    Race.of(
        16,
        _ -> {
          endings().add(List.of(ending(agent, Status.SUCCESS, NOW, 2)));
          return true;
        });
    assertThat(counts(agent, NOW))
        .containsExactly(new Endings.Count(agent, Status.SUCCESS, 16, Duration.ofSeconds(32)));
  }

  @Test
  void withoutEndingsThereIsNothingToCount() {
    endings().add(List.of());
    assertThat(endings().lastHour(Instant.parse("2020-01-01T00:00:00Z"))).isEmpty();
  }
}
