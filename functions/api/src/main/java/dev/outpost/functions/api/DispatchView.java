package dev.outpost.functions.api;

import dev.outpost.dispatch.Claimed;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.GroupId;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.LogLine;
import dev.outpost.edge.WireTime;
import dev.outpost.run.Failure;
import dev.outpost.run.Progress;
import dev.outpost.run.RunResult;
import dev.outpost.run.Usage;
import dev.outpost.workspace.Booking;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A dispatch as clients see it. Every key is always there; what is not known yet, or never will be,
 * is null.
 */
final class DispatchView {
  private static final Progress STARTING = new Progress(2, "starting");
  private static final Progress FINISHING = new Progress(95, "finishing");
  private static final Progress STOPPING = new Progress(95, "stopping");

  private DispatchView() {}

  /**
   * The whole.
   *
   * @param fallback the dispatch that its failure was handed on to
   * @param output the data that its agent returned
   */
  static Map<String, Object> whole(
      Dispatch dispatch,
      List<LogLine> logs,
      long logOffset,
      Optional<DispatchId> fallback,
      Optional<Object> output) {
    Map<String, Object> data = head(dispatch);
    data.put("task", dispatch.spec().task());
    where(data, dispatch);
    List<Map<String, String>> lines = new ArrayList<>();
    for (LogLine line : logs) {
      Map<String, String> entry = new LinkedHashMap<>();
      entry.put("timestamp", WireTime.of(line.at()));
      entry.put("message", line.message());
      entry.put("level", line.level());
      lines.add(entry);
    }
    data.put("logs", lines);
    data.put("logOffset", logOffset);
    tail(data, dispatch);
    data.put("fallbackId", fallback.map(DispatchId::value).orElse(null));
    data.put("output", output.orElse(null));
    return data;
  }

  /** Without the task and the logs, for listings. */
  static Map<String, Object> summary(Dispatch dispatch) {
    Map<String, Object> data = head(dispatch);
    where(data, dispatch);
    return tail(data, dispatch);
  }

  /** Which dispatch it is, and how it stands. */
  static Map<String, Object> head(Dispatch dispatch) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("dispatchId", dispatch.id().value());
    data.put("status", dispatch.status().wire());
    data.put("agent", dispatch.spec().agent());
    data.put("modelId", dispatch.spec().model().orElse(null));
    return data;
  }

  private static void where(Map<String, Object> data, Dispatch dispatch) {
    data.put("repo", dispatch.spec().repo().orElse(null));
    data.put("branch", dispatch.spec().workspace().branch().orElse(null));
    Optional<Booking> booking = dispatch.spec().booking();
    OptionalLong saved =
        dispatch.state().told().map(RunResult::workspaceBytes).orElse(OptionalLong.empty());
    data.put("workspaceMode", booking.isPresent() ? "persistent" : "ephemeral");
    data.put("workspaceId", booking.map(b -> b.workspace().value()).orElse(null));
    data.put("workspaceName", booking.map(Booking::name).orElse(null));
    data.put(
        "workspaceBusy",
        booking.map(b -> b.whenBusy().name().toLowerCase(Locale.ROOT)).orElse(null));
    data.put("workspaceSavedBytes", saved.isPresent() ? saved.getAsLong() : null);
    Progress progress = progress(dispatch);
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("percent", progress.percent());
    shown.put("message", progress.message());
    data.put("progress", shown);
  }

  private static Map<String, Object> tail(Map<String, Object> data, Dispatch dispatch) {
    DispatchState state = dispatch.state();
    Optional<DispatchState.Ended> end =
        state instanceof DispatchState.Ended ended ? Optional.of(ended) : Optional.empty();
    Optional<Failure> failure = end.flatMap(DispatchState.Ended::failure);
    OptionalInt exitCode = end.map(DispatchState.Ended::exitCode).orElse(OptionalInt.empty());
    data.put("createdAt", WireTime.of(dispatch.createdAt()));
    data.put("startedAt", state.claim().map(Claimed::at).map(WireTime::of).orElse(null));
    data.put("endedAt", end.map(DispatchState.Ended::at).map(WireTime::of).orElse(null));
    data.put("taskArn", state.launched().flatMap(Launch::taskArn).orElse(null));
    data.put("exitCode", exitCode.isPresent() ? exitCode.getAsInt() : null);
    data.put("errorMessage", failure.map(Failure::message).orElse(null));
    data.put("cause", failure.map(why -> why.cause().wire()).orElse(null));
    data.put("retryable", failure.map(why -> why.cause().retryable()).orElse(null));
    data.put("tags", dispatch.spec().tags());
    data.put("usage", usage(state));
    data.put("timeoutSeconds", dispatch.spec().timeout().toSeconds());
    OptionalDouble maxCost = dispatch.spec().budget().maxCostUsd();
    OptionalLong maxTokens = dispatch.spec().budget().maxTokens();
    data.put("maxCostUsd", maxCost.isPresent() ? maxCost.getAsDouble() : null);
    data.put("maxTokens", maxTokens.isPresent() ? maxTokens.getAsLong() : null);
    data.put("groupId", dispatch.origin().inGroup().map(GroupId::value).orElse(null));
    data.put("parentId", dispatch.spec().parent().map(DispatchId::value).orElse(null));
    data.put("fallback", dispatch.spec().fallback());
    data.put("retryOf", dispatch.origin().retryOf().map(DispatchId::value).orElse(null));
    return data;
  }

  private static Progress progress(Dispatch dispatch) {
    return switch (dispatch.state()) {
      case DispatchState.Pending _ -> Progress.NONE;
      case DispatchState.Provisioning _ -> STARTING;
      case DispatchState.Running running -> running.progress();
      case DispatchState.Completing _ -> FINISHING;
      case DispatchState.Stopping _ -> STOPPING;
      case DispatchState.Ended _ -> new Progress(100, dispatch.status().wire());
    };
  }

  /** What was consumed, so far or in all; null where that is not known. */
  static Map<String, Object> usage(DispatchState state) {
    Optional<Usage> known =
        state instanceof DispatchState.Running running
            ? running.usage()
            : state.told().flatMap(RunResult::usage);
    return known.map(DispatchView::shown).orElse(null);
  }

  private static Map<String, Object> shown(Usage usage) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("inputTokens", usage.inputTokens());
    shown.put("cachedTokens", usage.cachedTokens());
    shown.put("outputTokens", usage.outputTokens());
    shown.put("costUsd", usage.costUsd().isPresent() ? usage.costUsd().getAsDouble() : null);
    shown.put("costSource", usage.costSource().map(Usage.CostSource::wire).orElse(null));
    return shown;
  }
}
