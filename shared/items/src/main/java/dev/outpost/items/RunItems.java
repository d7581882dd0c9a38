package dev.outpost.items;

import dev.outpost.run.Artifact;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Progress;
import dev.outpost.run.RunResult;
import dev.outpost.run.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What a runner tells, as inner items. */
final class RunItems {
  private RunItems() {}

  static Map<String, Object> progress(Progress progress) {
    return new ItemWriter()
        .number("percent", progress.percent())
        .text("message", progress.message())
        .item();
  }

  static Progress progress(ItemReader item) {
    return new Progress(Math.toIntExact(item.number("percent")), item.text("message"));
  }

  static Map<String, Object> usage(Usage usage) {
    return new ItemWriter()
        .number("input", usage.inputTokens())
        .number("cached", usage.cachedTokens())
        .number("output", usage.outputTokens())
        .number("cost_usd", usage.costUsd())
        .text("cost_source", usage.costSource().map(Usage.CostSource::wire))
        .item();
  }

  static Usage usage(ItemReader item) {
    OptionalDouble cost = item.maybeDouble("cost_usd");
    Optional<Usage.CostSource> source = Optional.empty();
    if (item.maybeText("cost_source").isPresent()) {
      source = Optional.of(item.word("cost_source", Usage.CostSource::of));
    } else if (cost.isPresent()) {
      // Written before costs had sources, when agents' own programs were the only one.
      source = Optional.of(Usage.CostSource.AGENT);
    }
    return new Usage(
        item.number("input"), item.number("cached"), item.number("output"), cost, source);
  }

  static Map<String, Object> failure(Failure failure) {
    return new ItemWriter()
        .text("cause", failure.cause().wire())
        .text("message", failure.message())
        .item();
  }

  static Failure failure(ItemReader item) {
    return new Failure(item.word("cause", Cause::of), item.text("message"));
  }

  static Map<String, Object> result(RunResult result) {
    // One string each, for its size: "changes.patch 1234".
    List<String> artifacts = new ArrayList<>();
    for (Artifact artifact : result.artifacts()) {
      artifacts.add(artifact.type().fileName() + " " + artifact.sizeBytes());
    }
    ItemWriter item =
        new ItemWriter()
            .inner("failure", result.failure().map(RunItems::failure))
            .number("exit_code", result.exitCode())
            .text("summary", result.summary())
            .inner("usage", result.usage().map(RunItems::usage))
            .text("base_commit", result.baseCommit())
            .number("files", result.filesChanged())
            .list("artifacts", artifacts);
    result.workspaceBytes().ifPresent(bytes -> item.number("workspace_bytes", bytes));
    return item.item();
  }

  static RunResult result(ItemReader item) {
    List<Artifact> artifacts = new ArrayList<>();
    for (String text : item.texts("artifacts")) {
      artifacts.add(artifact(text));
    }
    return new RunResult(
        item.maybeInner("failure").map(RunItems::failure),
        item.maybeInt("exit_code"),
        item.text("summary"),
        item.maybeInner("usage").map(RunItems::usage),
        item.maybeText("base_commit"),
        Math.toIntExact(item.number("files")),
        artifacts,
        item.maybeLong("workspace_bytes"));
  }

  private static Artifact artifact(String text) {
    int space = text.lastIndexOf(' ');
    return Artifact.Type.of(text.substring(0, Math.max(0, space)))
        .map(type -> new Artifact(type, Long.parseLong(text.substring(space + 1))))
        .orElseThrow(() -> new IllegalArgumentException("no artifact: " + text));
  }
}
