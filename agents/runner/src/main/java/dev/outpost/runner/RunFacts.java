package dev.outpost.runner;

import dev.outpost.protocol.RunnerProtocol;
import dev.outpost.run.Artifact;
import dev.outpost.run.Failure;
import dev.outpost.run.Job;
import dev.outpost.run.Parent;
import dev.outpost.run.RunResult;
import dev.outpost.run.WorkspaceArchive;
import dev.outpost.runner.agent.TaskText;
import dev.outpost.runner.git.RepositoryUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * All that is told about a run at its end, in the report and in the artifacts.
 *
 * @param job what was to be run
 * @param outcome what came of it
 * @param baseCommit the commit that the patch applies to
 * @param filesChanged number of files in the patch
 * @param task the task as the agent got it
 * @param gitVersion what {@code git --version} says, empty when it was not asked
 * @param startedAt when the job was claimed
 * @param endedAt when all but the uploads was done
 * @param workspaceBytes the size of the archive that the workspace was saved in, if it was
 */
record RunFacts(
    Job job,
    Outcome outcome,
    Optional<String> baseCommit,
    int filesChanged,
    TaskText task,
    String gitVersion,
    Instant startedAt,
    Instant endedAt,
    OptionalLong workspaceBytes) {
  /** The same once the workspace is saved, or could not be. */
  RunFacts saved(OptionalLong bytes) {
    return new RunFacts(
        job, outcome, baseCommit, filesChanged, task, gitVersion, startedAt, endedAt, bytes);
  }

  /** What is reported. */
  RunResult result(List<Artifact> artifacts) {
    return new RunResult(
        outcome.failure(),
        outcome.exitCode(),
        outcome.summary(),
        outcome.usage(),
        baseCommit,
        filesChanged,
        artifacts,
        workspaceBytes);
  }

  /** The content of {@code result.json}. */
  Map<String, Object> resultFile() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("dispatchId", job.dispatchId());
    map.put("attempt", job.attempt());
    map.put("agent", job.agent());
    map.put("model", job.model().orElse(null));
    map.put("outcome", outcome.word());
    map.put("cause", outcome.failure().map(failure -> failure.cause().wire()).orElse(null));
    map.put("message", outcome.failure().map(Failure::message).orElse(null));
    map.put(
        "exitCode",
        outcome.exitCode().isPresent() ? (Integer) outcome.exitCode().getAsInt() : null);
    map.put("summary", outcome.summary());
    outcome.output().ifPresent(data -> map.put("output", data.value().orElse(null)));
    map.put("usage", outcome.usage().map(RunnerProtocol::toData).orElse(null));
    map.put("baseCommit", baseCommit.orElse(null));
    map.put("filesChanged", filesChanged);
    map.put("workspace", job.archive().map(this::workspace).orElse(null));
    map.put("startedAt", startedAt.toString());
    map.put("endedAt", endedAt.toString());
    map.put("durationMs", Duration.between(startedAt, endedAt).toMillis());
    return map;
  }

  private Map<String, Object> workspace(WorkspaceArchive archive) {
    Map<String, Object> workspace = new LinkedHashMap<>();
    workspace.put("id", archive.workspaceId());
    workspace.put("name", archive.name());
    workspace.put("saved", workspaceBytes.isPresent());
    workspace.put(
        "sizeBytes", workspaceBytes.isPresent() ? (Long) workspaceBytes.getAsLong() : null);
    return workspace;
  }

  /** The content of {@code metadata.json}. */
  Map<String, Object> metadataFile() {
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("requested", job.context().map(RunFacts::word).orElse(null));
    context.put("standingCharacters", task.standingCharacters());
    context.put("files", task.guides());
    context.put("characters", task.guideCharacters());
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("dispatchId", job.dispatchId());
    map.put("attempt", job.attempt());
    map.put("agent", job.agent());
    map.put("model", job.model().orElse(null));
    map.put(
        "repository",
        job.workspace().repository().map(url -> RepositoryUrl.of(url).address()).orElse(null));
    map.put("branch", job.workspace().branch().orElse(null));
    map.put("baseCommit", baseCommit.orElse(null));
    map.put("parentId", job.parent().map(Parent::dispatchId).orElse(null));
    map.put("workspaceInit", word(job.workspace().init()));
    map.put("context", context);
    map.put("timeoutSeconds", job.timeout().toSeconds());
    map.put("runnerVersion", runnerVersion());
    map.put("gitVersion", gitVersion);
    map.put("startedAt", startedAt.toString());
    map.put("endedAt", endedAt.toString());
    return map;
  }

  private static String runnerVersion() {
    String version = RunFacts.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
