package dev.outpost.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Ulids;
import dev.outpost.run.Progress;
import dev.outpost.tenant.TenantId;
import dev.outpost.workspace.Booking;
import dev.outpost.workspace.WorkspaceId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A fresh tenant on a store that others may use at the same time, and what becomes of its work. */
final class Tenancy {
  static final int NO_LIMIT = 10_000;

  final TenantId id = TenantId.random();
  final String agent = "agent-" + id;
  private final Dispatches dispatches;
  private final Ulids ulids;
  private final MutableClock clock = new MutableClock();

  Tenancy(Dispatches dispatches) {
    this.dispatches = dispatches;
    this.ulids = new Ulids(clock);
  }

  /** A dispatch, not yet admitted, accepted at {@link Samples#T0}. */
  Dispatch dispatch() {
    return dispatch(Samples.T0, Samples.spec());
  }

  /** A dispatch, not yet admitted, of this tenant's own agent. */
  Dispatch dispatch(Instant acceptedAt, Spec spec) {
    clock.now = acceptedAt;
    Spec own =
        new Spec(
            agent,
            spec.model(),
            spec.task(),
            spec.repo(),
            spec.workspace(),
            spec.context(),
            spec.timeout(),
            spec.size(),
            spec.tags(),
            spec.expiresAt());
    return Dispatch.accepted(DispatchId.next(ulids), id, own, acceptedAt);
  }

  Dispatch dispatch(String task) {
    return dispatch(Samples.T0, spec(task, Map.of(), Optional.of("owner/name")));
  }

  /** A dispatch, not yet admitted, whose result is wanted as data. */
  Dispatch wanting(String task, String schema) {
    Dispatch usual = dispatch(task);
    Spec spec = usual.spec();
    return Dispatch.accepted(
        usual.id(),
        id,
        new Spec(
            spec.agent(),
            spec.model(),
            spec.task(),
            spec.repo(),
            spec.workspace(),
            spec.context(),
            spec.timeout(),
            spec.size(),
            spec.tags(),
            spec.expiresAt(),
            spec.budget(),
            Optional.empty(),
            List.of("codex"),
            Optional.of(schema),
            List.of("NPM_TOKEN"),
            Optional.empty()),
        usual.createdAt());
  }

  /** A dispatch, not yet admitted, that is to work in a persistent workspace. */
  Dispatch booking(String name, Booking.WhenBusy whenBusy) {
    Dispatch usual = dispatch();
    Spec spec = usual.spec();
    return Dispatch.accepted(
        usual.id(),
        id,
        new Spec(
            spec.agent(),
            spec.model(),
            spec.task(),
            spec.repo(),
            spec.workspace(),
            spec.context(),
            spec.timeout(),
            spec.size(),
            spec.tags(),
            spec.expiresAt(),
            spec.budget(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            List.of(),
            Optional.of(new Booking(workspace(name), name, whenBusy))),
        usual.createdAt());
  }

  /** The id of this tenant's workspace of that name. */
  WorkspaceId workspace(String name) {
    return WorkspaceId.of(id, Samples.spec().workspace().repository().orElseThrow(), name);
  }

  /** A group of that many, not yet admitted, accepted at {@link Samples#T0}. */
  Intake group(int size) {
    return group(size, Samples.spec().task());
  }

  Intake group(int size, String task) {
    Origin origin = new Origin.InGroup(GroupId.next(ulids));
    return new Intake(
        IntStream.range(0, size)
            .mapToObj(_ -> dispatch(task))
            .map(d -> Dispatch.accepted(d.id(), id, d.spec(), origin, d.createdAt()))
            .toList());
  }

  static Spec spec(String task, Map<String, String> tags, Optional<String> repo) {
    Spec spec = Samples.spec();
    return new Spec(
        spec.agent(),
        spec.model(),
        task,
        repo,
        spec.workspace(),
        spec.context(),
        spec.timeout(),
        spec.size(),
        tags,
        spec.expiresAt());
  }

  Dispatch admitted() {
    return admitted(dispatch());
  }

  Dispatch admitted(Dispatch dispatch) {
    assertThat(dispatches.admit(dispatch, NO_LIMIT, Optional.empty()))
        .isEqualTo(new Admission.Accepted(dispatch));
    return dispatch;
  }

  List<Dispatch> admitted(int howMany) {
    return IntStream.range(0, howMany).mapToObj(_ -> admitted()).toList();
  }

  static DispatchEvent launching(int slots) {
    return new DispatchEvent.Launching(Samples.T0.plusSeconds(5), Samples.DEFINITION, slots);
  }

  Change launch(Dispatch dispatch, int slots) {
    return dispatches.change(dispatch.id(), launching(slots));
  }

  Dispatch launched(Dispatch dispatch) {
    return changed(dispatch, launching(NO_LIMIT));
  }

  Dispatch running(Dispatch dispatch) {
    launched(dispatch);
    return changed(dispatch, new DispatchEvent.Claiming(1, Samples.CLAIMED));
  }

  Dispatch completing(Dispatch dispatch) {
    running(dispatch);
    return changed(
        dispatch, new DispatchEvent.Finished(1, Samples.T0.plusSeconds(90), Samples.GOOD));
  }

  Dispatch succeeded(Dispatch dispatch) {
    completing(dispatch);
    return changed(dispatch, Samples.stopped(0));
  }

  Dispatch cancelled(Dispatch dispatch) {
    return changed(
        dispatch, new DispatchEvent.StopAsked(Samples.T0.plusSeconds(7), Samples.CANCELLED));
  }

  Dispatch stopping(Dispatch dispatch) {
    launched(dispatch);
    return cancelled(dispatch);
  }

  /** Ends a launched dispatch. */
  Dispatch lost(Dispatch dispatch) {
    return changed(dispatch, new DispatchEvent.TaskGone(1, Samples.T0.plusSeconds(100)));
  }

  Dispatch deferred(Dispatch dispatch, Duration by) {
    Instant now = Samples.T0.plusSeconds(6);
    return changed(
        dispatch, new DispatchEvent.LaunchDeferred(1, now, now.plus(by), Samples.NO_ROOM));
  }

  static DispatchEvent heard(int percent) {
    return new DispatchEvent.Heard(
        1, Samples.T0.plusSeconds(50), new Progress(percent, "running"), Optional.empty());
  }

  static DispatchEvent.Claiming claiming(String claimant) {
    return new DispatchEvent.Claiming(1, new Claimed(claimant, Samples.T0.plusSeconds(40)));
  }

  /** The dispatch after an event that must change it. */
  Dispatch changed(Dispatch dispatch, DispatchEvent event) {
    Change change = dispatches.change(dispatch.id(), event);
    assertThat(change).isInstanceOf(Change.Changed.class);
    return ((Change.Changed) change).after();
  }

  private static final class MutableClock implements InstantSource {
    private volatile Instant now = Samples.T0;

    @Override
    public Instant instant() {
      return now;
    }
  }
}
