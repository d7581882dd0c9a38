package dev.outpost.functions.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Ulids;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Filter;
import dev.outpost.dispatch.Origin;
import dev.outpost.dispatch.Spec;
import dev.outpost.dispatch.StateChange;
import dev.outpost.edge.CatalogueFile;
import dev.outpost.embedded.Installation;
import dev.outpost.launch.WakeWaiting;
import dev.outpost.relay.FallBack;
import dev.outpost.relay.Relay;
import dev.outpost.relay.Tell;
import dev.outpost.run.Budget;
import dev.outpost.run.Cause;
import dev.outpost.run.Context;
import dev.outpost.run.Failure;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.Tier;
import dev.outpost.workspace.Booking;
import dev.outpost.workspace.WorkspaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What follows on a failure while another agent stands by. */
class FallBackTest {
  private static final String LONG_TASK = "A task long enough to be kept apart. ".repeat(100);

  private final Installation installation = new Installation(Tier.FREE);
  private final Ulids ulids = new Ulids(installation);
  private final FallBack fallBack =
      new FallBack(
          installation.dispatches(),
          installation.tenants(),
          CatalogueFile.packaged(),
          installation.launchQueue());
  private final Relay relay =
      new Relay(
          installation.launchQueue(),
          new WakeWaiting(
              installation.dispatches(),
              installation.tenants(),
              installation.launchQueue(),
              installation),
          tell(installation),
          installation.endings());

  private Tell tell(Installation at) {
    return new Tell(at.dispatches(), at.announce(), _ -> {}, fallBack, Relay.USUALLY_PUBLISHED, at);
  }

  private static Spec spec(Optional<Instant> expiresAt, String... standby) {
    return new Spec(
        "script",
        Optional.empty(),
        LONG_TASK,
        Optional.of("owner/name"),
        new Workspace(
            Optional.of("https://github.com/owner/name.git"),
            Optional.of("main"),
            Workspace.Init.MINIMAL),
        Optional.empty(),
        Duration.ofMinutes(4),
        Optional.empty(),
        Map.of("team", "web"),
        expiresAt,
        Budget.NONE,
        Optional.empty(),
        List.of(standby),
        Optional.of("{\"type\":\"object\"}"),
        List.of("NPM_TOKEN"),
        Optional.of(booking(UUID.randomUUID().toString())));
  }

  /** One that no other dispatch has. */
  private static Booking booking(String name) {
    return new Booking(
        WorkspaceId.of(Installation.SAMPLE_TENANT, "https://github.com/owner/name.git", name),
        name,
        Booking.WhenBusy.REJECT);
  }

  private Dispatch accepted(Spec spec) {
    Dispatch dispatch =
        Dispatch.accepted(
            DispatchId.next(ulids), Installation.SAMPLE_TENANT, spec, installation.instant());
    installation.dispatches().admit(dispatch, 1000, Optional.empty());
    return dispatch;
  }

  private Dispatch failed(Dispatch dispatch, Cause cause) {
    installation.pass(Duration.ofSeconds(30));
    return installation.happen(
        dispatch.id(),
        new DispatchEvent.StopAsked(installation.instant(), new Failure(cause, "It failed.")));
  }

  private int stored() {
    return installation
        .dispatches()
        .list(Installation.SAMPLE_TENANT, Filter.ALL, Optional.empty(), 100)
        .dispatches()
        .size();
  }

  @Test
  void aRetryableFailureIsHandedToTheNextAgentWithTheWholeTask() {
    Dispatch first = failed(accepted(spec(Optional.empty(), "claude", "codex")), Cause.NO_CAPACITY);
    DispatchId id = fallBack.from(first).orElseThrow();
    assertThat(first.fallbackId()).contains(id);
    Dispatch next = installation.dispatch(id);
    assertThat(next.origin()).isEqualTo(new Origin.RetryOf(first.id()));
    assertThat(next.state()).isInstanceOf(DispatchState.Pending.class);
    assertThat(next.createdAt()).isEqualTo(installation.instant());
    assertThat(next.spec().agent()).isEqualTo("claude");
    assertThat(next.spec().model()).contains("claude-opus-4-5-20251101");
    assertThat(next.spec().context()).contains(Context.STANDARD);
    assertThat(next.spec().fallback()).containsExactly("codex");
    assertThat(next.spec().task()).isEqualTo(LONG_TASK);
    assertThat(next.spec().workspace()).isEqualTo(first.spec().workspace());
    assertThat(next.spec().booking()).isEqualTo(first.spec().booking().map(Booking::waiting));
    assertThat(next.spec().tags()).isEqualTo(first.spec().tags());
    assertThat(next.spec().outputSchema()).contains("{\"type\":\"object\"}");
    assertThat(next.spec().timeout()).isEqualTo(first.spec().timeout());
    assertThat(installation.enqueued()).containsExactly(id);

    Dispatch last =
        installation.dispatch(fallBack.from(failed(next, Cause.MODEL_OVERLOADED)).orElseThrow());
    assertThat(last.spec().agent()).isEqualTo("codex");
    assertThat(last.origin().retryOf()).contains(next.id());
    assertThat(fallBack.from(failed(last, Cause.MODEL_OVERLOADED))).as("nobody is left").isEmpty();
  }

  @Test
  void theStreamMayTellTheEndAsOftenAsItLikes() {
    Dispatch before = accepted(spec(Optional.empty(), "claude"));
    Dispatch ended = failed(before, Cause.RATE_LIMITED);
    for (int i = 0; i < 3; i++) {
      relay.relay(List.of(new StateChange(Optional.of(before), ended)));
      installation.pass(Duration.ofHours(20));
    }
    assertThat(stored()).isEqualTo(2);
    DispatchId id = ended.fallbackId().orElseThrow();
    failed(installation.dispatch(id), Cause.CANCELLED);
    Dispatch cancelled = installation.dispatch(id);
    relay.relay(List.of(new StateChange(Optional.of(before), ended)));
    assertThat(installation.dispatch(id)).as("nothing begins anew").isEqualTo(cancelled);
  }

  @ParameterizedTest
  @EnumSource(Cause.class)
  void onlyWhatIsRetryableIsRetried(Cause cause) {
    Dispatch ended = failed(accepted(spec(Optional.empty(), "claude")), cause);
    assertThat(fallBack.from(ended).isPresent())
        .isEqualTo(cause.retryable() && cause != Cause.EXPIRED);
    assertThat(stored()).isEqualTo(ended.fallbackId().isPresent() ? 2 : 1);
  }

  @Test
  void withoutAnAgentThatStandsByNothingFollows() {
    assertThat(fallBack.from(failed(accepted(spec(Optional.empty())), Cause.NO_CAPACITY)))
        .isEmpty();
    assertThat(stored()).isEqualTo(1);
  }

  @Test
  void whatNobodyWantsStartedAnyMoreIsNotRetried() {
    Optional<Instant> soon = Optional.of(installation.instant().plusSeconds(10));
    assertThat(fallBack.from(failed(accepted(spec(soon, "claude")), Cause.NO_CAPACITY))).isEmpty();
  }

  @Test
  void aDayThatIsUsedUpEndsTheChain() {
    Dispatch first = accepted(spec(Optional.empty(), "claude"));
    for (int i = 1; i < Tier.FREE.perDay(); i++) {
      accepted(spec(Optional.empty()));
    }
    Dispatch ended = failed(first, Cause.NO_CAPACITY);
    assertThat(fallBack.from(ended)).isEmpty();
    assertThat(stored()).isEqualTo(Tier.FREE.perDay());
    assertThat(installation.enqueued()).isEmpty();
  }

  @Test
  void aFallbackCountsAgainstTheDay() {
    Dispatch ended = failed(accepted(spec(Optional.empty(), "claude")), Cause.NO_CAPACITY);
    fallBack.from(ended);
    fallBack.from(ended);
    int left = Tier.FREE.perDay() - 2;
    for (int i = 0; i < left + 1; i++) {
      installation
          .dispatches()
          .admit(
              Dispatch.accepted(
                  DispatchId.next(ulids),
                  Installation.SAMPLE_TENANT,
                  spec(Optional.empty()),
                  installation.instant()),
              Tier.FREE.perDay(),
              Optional.empty());
    }
    assertThat(stored()).isEqualTo(Tier.FREE.perDay());
  }

  @Test
  void aSuspendedTenantAndAnAgentThatIsGoneEndTheChain() {
    Dispatch unknown = failed(accepted(spec(Optional.empty(), "nobody")), Cause.NO_CAPACITY);
    assertThat(fallBack.from(unknown)).isEmpty();
    installation.tenants().update(Installation.SAMPLE_TENANT, tenant -> tenant.withSuspended(true));
    Dispatch ended = failed(accepted(spec(Optional.empty(), "claude")), Cause.NO_CAPACITY);
    assertThat(fallBack.from(ended)).isEmpty();
    assertThat(stored()).isEqualTo(2);
  }

  @Test
  void whoLeavesTheLineForAWorkspaceLetsTheNextOneStart() {
    Installation three = new Installation(Tier.STARTER);
    DispatchId first = three.accept("nightly", Booking.WhenBusy.REJECT);
    DispatchId second = three.accept("nightly", Booking.WhenBusy.WAIT);
    DispatchId third = three.accept("nightly", Booking.WhenBusy.WAIT);
    Relay waking =
        new Relay(
            three.launchQueue(),
            new WakeWaiting(three.dispatches(), three.tenants(), three.launchQueue(), three),
            tell(three),
            three.endings());
    for (DispatchId leaves : List.of(first, second)) {
      Dispatch before = three.dispatch(leaves);
      Dispatch after =
          three.happen(
              leaves,
              new DispatchEvent.StopAsked(
                  three.instant(), new Failure(Cause.CANCELLED, "Cancelled.")));
      waking.relay(List.of(new StateChange(Optional.of(before), after)));
      assertThat(three.enqueued()).containsExactly(leaves.equals(first) ? second : third);
    }
  }
}
