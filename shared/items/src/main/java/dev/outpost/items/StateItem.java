package dev.outpost.items;

import dev.outpost.dispatch.Claimed;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Launch;
import java.util.Map;
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

  /** What an earlier version called {@link #AT} in an end. */
  private static final String ONCE_AT = "e";

  private static final String ACCOUNT_END = ":";

  /** {@code arn:partition:service:region:account:}. */
  private static final int ACCOUNT_COLONS = 5;

  /** A string: the statuses that it has taken, as {@link PassageText} writes them. */
  static final String PASSAGES = "p";

  /** Every attribute that {@link #toItem} may write, and that vanishes when it does not. */
  static final Set<String> NAMES =
      Set.of(
          DispatchItem.VERSION,
          Tables.STATUS,
          Tables.WAITING_SHARD,
          Tables.WAITING_ORDER,
          Tables.ELIGIBLE_AT,
          Tables.DUE_SHARD,
          Tables.DUE_AT,
          STATE,
          LAUNCH,
          CLAIMED,
          RESULT,
          FAILURE,
          USAGE,
          AT,
          PASSAGES,
          "attempt",
          "progress",
          "heard_at",
          "exit_code");

  private StateItem() {}

  static Map<String, Object> toItem(Dispatch dispatch) {
    ItemWriter item =
        new ItemWriter()
            .number(DispatchItem.VERSION, dispatch.version())
            .text(Tables.STATUS, dispatch.status().wire())
            .text(PASSAGES, PassageText.of(dispatch));
    DueAt.of(dispatch)
        .ifPresent(
            at -> item.text(Tables.DUE_SHARD, Tables.DUE_DISPATCHES).text(Tables.DUE_AT, at));
    switch (dispatch.state()) {
      case DispatchState.Pending s ->
          item.text(STATE, "pending")
              .number("attempt", s.attempt())
              .nanos(Tables.ELIGIBLE_AT, s.eligibleAt())
              .text(Tables.WAITING_SHARD, Tables.waitingShard(dispatch.tenantId()))
              .text(Tables.WAITING_ORDER, Tables.waitingOrder(dispatch.tenantId(), dispatch.id()));
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
    return item.item();
  }

  static DispatchState fromItem(ItemReader item) {
    String state = item.text(STATE);
    return switch (state) {
      case "pending" ->
          new DispatchState.Pending(
              Math.toIntExact(item.number("attempt")),
              // An earlier version left out what is when it was accepted.
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
              item.maybeNanos(AT).orElseGet(() -> item.nanos(ONCE_AT)),
              item.maybeInner(FAILURE).map(RunItems::failure),
              item.maybeInt("exit_code"),
              item.maybeInner(RESULT).map(RunItems::result));
      default -> throw new IllegalArgumentException("no state is called " + state);
    };
  }

  private static Map<String, Object> launch(Launch launch) {
    String definition = launch.taskDefinition();
    return new ItemWriter()
        .number("attempt", launch.attempt())
        .nanos(AT, launch.at())
        .text("definition", definition)
        .text("task", launch.taskArn().map(task -> withoutAccount(task, definition)))
        .nanos("task_at", launch.heardOf())
        .item();
  }

  private static Launch launch(ItemReader item) {
    String definition = item.text("definition");
    return new Launch(
        Math.toIntExact(item.number("attempt")),
        item.nanos(AT),
        definition,
        item.maybeText("task").map(task -> withAccount(task, definition)),
        item.maybeNanos("task_at"));
  }

  /** What two ARNs of one service, region and account begin with; the last colon is left out. */
  private static String account(String arn) {
    int end = 0;
    for (int colons = 0; colons < ACCOUNT_COLONS && end >= 0; colons++) {
      end = arn.indexOf(ACCOUNT_END, end + 1);
    }
    return end < 0 ? "" : arn.substring(0, end);
  }

  /** A task's ARN without what its definition's begins with as well. */
  private static String withoutAccount(String task, String definition) {
    String account = account(definition);
    return account.isEmpty() || !task.startsWith(account + ACCOUNT_END)
        ? task
        : task.substring(account.length());
  }

  private static String withAccount(String task, String definition) {
    return task.startsWith(ACCOUNT_END) ? account(definition) + task : task;
  }

  private static Map<String, Object> claimed(Claimed claimed) {
    return new ItemWriter().text("by", claimed.claimant()).nanos(AT, claimed.at()).item();
  }

  private static Claimed claimed(ItemReader item) {
    return new Claimed(item.text("by"), item.nanos(AT));
  }
}
