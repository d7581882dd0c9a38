package dev.outpost.functions.api;

import dev.outpost.dispatch.Claimed;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.edge.WireTime;
import dev.outpost.run.Artifact;
import dev.outpost.run.Failure;
import dev.outpost.run.RunResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What several agents made of one task, side by side. Every key is always there; what is not known
 * yet, or never will be, is null.
 */
final class GroupView {
  private GroupView() {}

  /**
   * The comparison.
   *
   * @param members at least one
   */
  static Map<String, Object> comparison(String groupId, List<Dispatch> members) {
    Dispatch first = members.getFirst();
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("groupId", groupId);
    data.put("repo", first.spec().repo().orElse(null));
    data.put("branch", first.spec().workspace().branch().orElse(null));
    data.put("createdAt", WireTime.of(first.createdAt()));
    data.put("open", members.stream().filter(member -> !member.state().isTerminal()).count());
    List<Map<String, Object>> columns = new ArrayList<>();
    members.forEach(member -> columns.add(column(member)));
    data.put("dispatches", columns);
    return data;
  }

  private static Map<String, Object> column(Dispatch dispatch) {
    DispatchState state = dispatch.state();
    Optional<RunResult> told = state.told();
    Optional<Failure> failure =
        state instanceof DispatchState.Ended ended ? ended.failure() : Optional.empty();
    Map<String, Object> data = DispatchView.head(dispatch);
    data.put("durationMs", duration(state).map(Duration::toMillis).orElse(null));
    data.put("usage", DispatchView.usage(state));
    data.put("patchBytes", told.flatMap(GroupView::patchBytes).orElse(null));
    data.put("filesChanged", told.map(RunResult::filesChanged).orElse(null));
    data.put("files", told.map(RunResult::files).orElse(null));
    data.put("summary", told.map(RunResult::summary).orElse(null));
    data.put("cause", failure.map(why -> why.cause().wire()).orElse(null));
    data.put("errorMessage", failure.map(Failure::message).orElse(null));
    return data;
  }

  /** From the claim of the job to the end: the wait for a slot is no agent's doing. */
  private static Optional<Duration> duration(DispatchState state) {
    return state instanceof DispatchState.Ended ended
        ? ended.claimed().map(Claimed::at).map(from -> Duration.between(from, ended.at()))
        : Optional.empty();
  }

  private static Optional<Long> patchBytes(RunResult told) {
    return told.artifacts().stream()
        .filter(artifact -> artifact.type() == Artifact.Type.PATCH)
        .map(Artifact::sizeBytes)
        .findFirst();
  }
}
