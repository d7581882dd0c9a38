package dev.outpost.items;

import dev.outpost.dispatch.Claimed;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Launch;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A dispatch's state as attributes of its item: all that a change of state replaces. */
final class StateItem {
  private static final String STATE = DispatchItem.STATE;
  private static final String LAUNCH = "launch";
  private static final String CLAIMED = "claimed";
  private static final String RESULT = "result";
  private static final String FAILURE = "failure";
  private static final String USAGE = "usage";
  private static final String AT = "at";

  /**
   * Every attribute that {@link #toItem} may write, and that vanishes when it does not. Not the
   * time from which a dispatch might be launched: that stays when it is, for an index has it, and
   * what does not change costs no write there.
   */
  static final Set<String> NAMES =
      Set.of(
          DispatchItem.VERSION,
          Tables.STATUS,
          Tables.OPEN_SHARD,
          Tables.OPEN_ORDER,
          STATE,
          LAUNCH,
          CLAIMED,
          RESULT,
          FAILURE,
          USAGE,
          AT,
          "attempt",
          "progress",
          "heard_at",
          "exit_code");

  private StateItem() {}

  static Map<String, Object> toItem(Dispatch dispatch) {
    ItemWriter item =
        new ItemWriter()
            .number(DispatchItem.VERSION, dispatch.version())
            .text(Tables.STATUS, dispatch.status().wire());
    switch (dispatch.state()) {
      case DispatchState.Pending s ->
          item.text(STATE, "pending")
              .number("attempt", s.attempt())
              .nanos(
                  Tables.ELIGIBLE_AT,
                  Optional.of(s.eligibleAt())
                      .filter(at -> s.attempt() > 1 || !at.equals(dispatch.createdAt())));
      case DispatchState.Provisioning s ->
          item.text(STATE, "provisioning").inner(LAUNCH, launch(s.launch()));
      case DispatchState.Running s ->
          item.text(STATE, "running")
              .inner(LAUNCH, launch(s.launch()))
              .inner(CLAIMED, claimed(s.claimed()))
              .inner("progress", RunItems.progress(s.progress()))
              .inner(USAGE, s.usage().map(RunItems::usage))
              .nanos("heard_at", s.heardAt());
      case DispatchState.Completing s ->
          item.text(STATE, "completing")
              .inner(LAUNCH, launch(s.launch()))
              .inner(CLAIMED, claimed(s.claimed()))
              .inner(RESULT, RunItems.result(s.result()))
              .nanos(AT, s.at());
      case DispatchState.Stopping s ->
          item.text(STATE, "stopping")
              .inner(LAUNCH, launch(s.launch()))
              .inner(CLAIMED, s.claimed().map(StateItem::claimed))
              .inner(FAILURE, RunItems.failure(s.why()))
              .inner(RESULT, s.result().map(RunItems::result))
              .nanos(AT, s.at());
      case DispatchState.Ended s ->
          item.text(STATE, "ended")
              .inner(LAUNCH, s.launch().map(StateItem::launch))
              .inner(CLAIMED, s.claimed().map(StateItem::claimed))
              .inner(FAILURE, s.failure().map(RunItems::failure))
              .number("exit_code", s.exitCode())
              .inner(RESULT, s.result().map(RunItems::result))
              .nanos(AT, s.at());
    }
    if (!dispatch.state().isTerminal()) {
      item.text(Tables.OPEN_SHARD, Tables.openShard(dispatch.tenantId()))
          .text(Tables.OPEN_ORDER, Tables.openOrder(dispatch.tenantId(), dispatch.id()));
    }
    return item.item();
  }

  static DispatchState fromItem(ItemReader item) {
    String state = item.text(STATE);
    return switch (state) {
      case "pending" ->
          new DispatchState.Pending(
              Math.toIntExact(item.number("attempt")),
              item.maybeNanos(Tables.ELIGIBLE_AT)
                  .orElseGet(() -> item.nanos(DispatchItem.CREATED_AT)));
      case "provisioning" -> new DispatchState.Provisioning(launch(item.inner(LAUNCH)));
      case "running" ->
          new DispatchState.Running(
              launch(item.inner(LAUNCH)),
              claimed(item.inner(CLAIMED)),
              RunItems.progress(item.inner("progress")),
              item.maybeInner(USAGE).map(RunItems::usage),
              item.nanos("heard_at"));
      case "completing" ->
          new DispatchState.Completing(
              launch(item.inner(LAUNCH)),
              claimed(item.inner(CLAIMED)),
              RunItems.result(item.inner(RESULT)),
              item.nanos(AT));
      case "stopping" ->
          new DispatchState.Stopping(
              launch(item.inner(LAUNCH)),
              item.maybeInner(CLAIMED).map(StateItem::claimed),
              RunItems.failure(item.inner(FAILURE)),
              item.maybeInner(RESULT).map(RunItems::result),
              item.nanos(AT));
      case "ended" ->
          new DispatchState.Ended(
              item.maybeInner(LAUNCH).map(StateItem::launch),
              item.maybeInner(CLAIMED).map(StateItem::claimed),
              item.nanos(AT),
              item.maybeInner(FAILURE).map(RunItems::failure),
              item.maybeInt("exit_code"),
              item.maybeInner(RESULT).map(RunItems::result));
      default -> throw new IllegalArgumentException("no state is called " + state);
    };
  }

  private static Map<String, Object> launch(Launch launch) {
    return new ItemWriter()
        .number("attempt", launch.attempt())
        .nanos(AT, launch.at())
        .text("definition", launch.taskDefinition())
        .text("task", launch.taskArn())
        .nanos("task_at", launch.heardOf())
        .item();
  }

  private static Launch launch(ItemReader item) {
    Optional<String> task = item.maybeText("task");
    return new Launch(
        Math.toIntExact(item.number("attempt")),
        item.nanos(AT),
        item.text("definition"),
        task,
        item.maybeNanos("task_at"));
  }

  private static Map<String, Object> claimed(Claimed claimed) {
    return new ItemWriter().text("by", claimed.claimant()).nanos(AT, claimed.at()).item();
  }

  private static Claimed claimed(ItemReader item) {
    return new Claimed(item.text("by"), item.nanos(AT));
  }
}
