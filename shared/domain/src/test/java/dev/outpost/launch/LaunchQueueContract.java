package dev.outpost.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Ulids;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.tenant.TenantId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every implementation of {@link LaunchQueue} does. */
public abstract class LaunchQueueContract {
  private static final Ulids ULIDS = new Ulids(InstantSource.system());

  /** The port under test, with nothing in it. */
  protected abstract LaunchQueue queue();

  /** Takes what is to be received now, or within the time at most, off the queue. */
  protected abstract List<Received> receive(Duration within);

  /**
   * A message.
   *
   * @param id what it is about
   * @param group its message group
   */
  public record Received(DispatchId id, TenantId group) {}

  @Test
  void aMessageNamesItsDispatchInItsTenantsGroup() {
    DispatchId id = DispatchId.next(ULIDS);
    TenantId tenant = TenantId.random();
    LaunchQueue queue = queue();
    queue.send(id, tenant);
    assertThat(receive(Duration.ofSeconds(5))).containsExactly(new Received(id, tenant));
    assertThat(receive(Duration.ZERO)).isEmpty();
  }

  @Test
  void aDelayedMessageStaysHiddenForItsTime() {
    DispatchId id = DispatchId.next(ULIDS);
    TenantId tenant = TenantId.random();
    LaunchQueue queue = queue();
    queue.send(id, tenant, Duration.ofSeconds(2));
    assertThat(receive(Duration.ZERO)).isEmpty();
    assertThat(receive(Duration.ofSeconds(10))).containsExactly(new Received(id, tenant));
  }

  @Test
  void theSameDispatchMayBeSentAgain() {
    DispatchId id = DispatchId.next(ULIDS);
    TenantId tenant = TenantId.random();
    LaunchQueue queue = queue();
    queue.send(id, tenant);
    assertThat(receive(Duration.ofSeconds(5))).hasSize(1);
    queue.send(id, tenant);
    assertThat(receive(Duration.ofSeconds(5))).hasSize(1);
  }
}
