package dev.outpost.items;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Spec;
import dev.outpost.tenant.TenantId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DispatchItemTest {
  private static final String LONG_TASK = "Fix äöü € 𝄞 all! ".repeat(2_900);

  /** What the DynamoDB adapter adds to an item, in bytes. */
  private static final int MARK_OF_THE_WRITE = 13;

  static Stream<Dispatch> dispatches() {
    return Stream.of(
            Dispatched.bareSpec(Dispatched.SHORT_TASK),
            Dispatched.usualSpec(Dispatched.SHORT_TASK),
            Dispatched.fullSpec(Dispatched.SHORT_TASK))
        .flatMap(spec -> Dispatched.states().stream().map(state -> Dispatched.of(spec, state)));
  }

  @ParameterizedTest
  @MethodSource("dispatches")
  void whatIsStoredComesBackEqual(Dispatch dispatch) {
    assertThat(DispatchItem.fromItem(DispatchItem.toItem(dispatch))).isEqualTo(dispatch);
    assertThat(DispatchItem.toTaskItem(dispatch)).isEmpty();
  }

  @Test
  void theNextStateReplacesTheOldOneWholly() {
    Spec spec = Dispatched.fullSpec(Dispatched.SHORT_TASK);
    for (DispatchState before : Dispatched.states()) {
      for (DispatchState after : Dispatched.states()) {
        Dispatch next = Dispatched.of(spec, before).in(after);
        assertThat(DispatchItem.next(DispatchItem.toItem(Dispatched.of(spec, before)), next))
            .isEqualTo(DispatchItem.toItem(next));
      }
    }
  }

  @Test
  void theNextStateKeepsAttributesOfANewerVersionOfOutpost() {
    Dispatch dispatch = Dispatched.of(Dispatched.bareSpec("0123456789"), Dispatched.success());
    Map<String, Object> item = new HashMap<>(DispatchItem.toItem(dispatch));
    item.put("novelty", "stays");
    assertThat(DispatchItem.next(item, dispatch)).containsEntry("novelty", "stays");
  }

  @Test
  void whatWasStoredBeforePassagesWereHasItsPresentStatusAsTheLast() {
    for (DispatchState state : Dispatched.usualStates()) {
      Dispatch dispatch = Dispatched.of(Dispatched.bareSpec("0123456789"), state);
      Map<String, Object> item = new HashMap<>(DispatchItem.toItem(dispatch));
      item.remove(StateItem.PASSAGES);
      assertThat(DispatchItem.fromItem(item).passages().getLast().status())
          .isEqualTo(state.status());
    }
  }

  @Test
  void aCostFromBeforeCostsHadSourcesIsTheAgentsWord() {
    Dispatch dispatch = Dispatched.of(Dispatched.bareSpec("0123456789"), Dispatched.success());
    Map<String, Object> item = new HashMap<>(DispatchItem.toItem(dispatch));
    Map<Object, Object> result = new HashMap<>((Map<?, ?>) item.get("result"));
    Map<Object, Object> usage = new HashMap<>((Map<?, ?>) result.get("usage"));
    assertThat(usage.remove("cost_source")).isEqualTo("agent");
    result.put("usage", usage);
    item.put("result", result);
    assertThat(DispatchItem.fromItem(item)).isEqualTo(dispatch);
  }

  @Test
  void aLongTaskIsKeptApartAndNeverRewritten() {
    Dispatch dispatch =
        Dispatched.of(Dispatched.usualSpec(LONG_TASK), Dispatched.states().getFirst());
    Map<String, Object> item = DispatchItem.toItem(dispatch);
    Map<String, Object> taskItem = DispatchItem.toTaskItem(dispatch).orElseThrow();
    assertThat(DispatchItem.hasTaskApart(item)).isTrue();
    assertThat(taskItem)
        .containsEntry(Tables.DISPATCH_ID, DispatchItem.taskKey(dispatch.id()))
        .containsEntry(Tables.EXPIRES, item.get(Tables.EXPIRES));
    assertThat(DispatchItem.fromItems(item, taskItem)).isEqualTo(dispatch);

    Dispatch shortened = DispatchItem.fromItem(item);
    assertThat(LONG_TASK).startsWith(shortened.spec().task().replace("…", ""));
    Dispatch next = shortened.in(Dispatched.success());
    assertThat(DispatchItem.fromItems(DispatchItem.next(item, next), taskItem))
        .isEqualTo(dispatch.in(Dispatched.success()));
  }

  @Test
  void theHeadOfATaskIsCutBetweenCharacters() {
    String task = "x".repeat(DispatchItem.TASK_HEAD_BYTES - 2) + "𝄞".repeat(200);
    Dispatch dispatch = Dispatched.of(Dispatched.bareSpec(task), Dispatched.success());
    assertThat(DispatchItem.fromItem(DispatchItem.toItem(dispatch)).spec().task())
        .isEqualTo("x".repeat(DispatchItem.TASK_HEAD_BYTES - 2) + "…");
  }

  @Test
  void whatAnEarlierVersionWroteIsRead() {
    Spec spec = Dispatched.bareSpec("0123456789");
    Dispatch pending = Dispatched.of(spec, new DispatchState.Pending(1, Dispatched.AT));
    Map<String, Object> neverDeferred = new HashMap<>(DispatchItem.toItem(pending));
    neverDeferred.remove(Tables.ELIGIBLE_AT);
    assertThat(DispatchItem.fromItem(neverDeferred)).isEqualTo(pending);
    Dispatch ended = Dispatched.of(spec, Dispatched.success());
    Map<String, Object> marked = new HashMap<>(DispatchItem.toItem(ended));
    marked.put("e", marked.remove("at"));
    assertThat(DispatchItem.fromItem(marked)).isEqualTo(ended);
  }

  @Test
  void oneThatWaitsIsInTheLineAndAnyOtherAmongThoseThatAreDue() {
    Spec spec = Dispatched.bareSpec("0123456789");
    for (DispatchState state : Dispatched.states()) {
      boolean waits = state instanceof DispatchState.Pending;
      Map<String, Object> item = DispatchItem.toItem(Dispatched.of(spec, state));
      for (String line : List.of(Tables.WAITING_SHARD, Tables.WAITING_ORDER, Tables.ELIGIBLE_AT)) {
        assertThat(item.containsKey(line)).as(line).isEqualTo(waits);
      }
      for (String due : List.of(Tables.DUE_SHARD, Tables.DUE_AT)) {
        assertThat(item.containsKey(due)).as(due).isEqualTo(!waits);
      }
      assertThat(item).containsKeys(Tables.STATUS, Tables.AGENT, Tables.TENANT_ID, Tables.EXPIRES);
    }
  }

  @Test
  void aTenantsLineIsSortedByAgeAndHasNoOthers() {
    TenantId tenant = TenantId.random();
    DispatchId older = DispatchId.floor(Dispatched.AT);
    DispatchId younger = DispatchId.floor(Dispatched.AT.plusSeconds(1));
    assertThat(Tables.waitingOrder(tenant, older))
        .startsWith(Tables.waitingOf(tenant))
        .isLessThan(Tables.waitingOrder(tenant, younger));
    assertThat(Tables.waitingOrder(TenantId.INSTALLATION, older))
        .doesNotStartWith(Tables.waitingOf(tenant));
  }

  @Test
  void aUsualDispatchNeedsOneWriteUnitInEveryState() {
    for (String task : List.of(Dispatched.SHORT_TASK, LONG_TASK)) {
      for (DispatchState state : Dispatched.usualStates()) {
        Dispatch dispatch = Dispatched.of(Dispatched.usualSpec(task), state);
        assertThat(ItemSize.of(DispatchItem.toItem(dispatch)))
            .as(state.getClass().getSimpleName())
            .isLessThanOrEqualTo(1_024 - MARK_OF_THE_WRITE);
      }
    }
  }

  @Test
  void theStreamTellsChangesOfDispatchesAndNothingElse() {
    Dispatch accepted =
        Dispatched.of(Dispatched.usualSpec(LONG_TASK), Dispatched.states().getFirst());
    Dispatch ended = accepted.in(Dispatched.success());
    Map<String, Object> before = DispatchItem.toItem(accepted);
    Map<String, Object> after = DispatchItem.toItem(ended);

    assertThat(DispatchItem.change(Optional.empty(), Optional.of(before)).orElseThrow().before())
        .isEmpty();
    assertThat(
            DispatchItem.change(Optional.of(before), Optional.of(after))
                .orElseThrow()
                .after()
                .state())
        .isEqualTo(ended.state());
    assertThat(DispatchItem.change(Optional.empty(), DispatchItem.toTaskItem(accepted))).isEmpty();
    assertThat(DispatchItem.change(Optional.of(after), Optional.empty())).isEmpty();
  }

  @Test
  void aDamagedItemSaysWhatIsWrong() {
    Dispatch dispatch = Dispatched.of(Dispatched.bareSpec("0123456789"), Dispatched.success());
    Map<String, Object> item = new HashMap<>(DispatchItem.toItem(dispatch));
    item.put("init", "sideways");
    assertThatThrownBy(() -> DispatchItem.fromItem(item))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("init")
        .hasMessageContaining("sideways");
    item.put("init", 7L);
    assertThatThrownBy(() -> DispatchItem.fromItem(item)).hasMessageContaining("init");
    item.remove("init");
    assertThatThrownBy(() -> DispatchItem.fromItem(item)).hasMessageContaining("init is missing");
  }
}
