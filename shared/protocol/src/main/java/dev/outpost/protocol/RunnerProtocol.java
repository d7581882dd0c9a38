package dev.outpost.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.run.Artifact;
import dev.outpost.run.Budget;
import dev.outpost.run.Cause;
import dev.outpost.run.Claim;
import dev.outpost.run.Context;
import dev.outpost.run.Failure;
import dev.outpost.run.Instruction;
import dev.outpost.run.Job;
import dev.outpost.run.Parent;
import dev.outpost.run.Progress;
import dev.outpost.run.Report;
import dev.outpost.run.RunResult;
import dev.outpost.run.Usage;
import dev.outpost.run.Workspace;
import dev.outpost.run.WorkspaceArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
 * The JSON form of every message between runner and gateway. Stateless; safe for use by many
 * threads.
 *
 * <p>Answers travel in the API's envelope: {@code {"success":true,"data":{…}}}; the methods named
 * {@code …FromAnswer} take the whole body.
 */
public final class RunnerProtocol {
  /** Path of the claim, below the gateway's base URL. */
  public static final String CLAIM_PATH = "/runner/claim";

  /** Path of reports, below the gateway's base URL. */
  public static final String REPORT_PATH = "/runner/report";

  private static final JSON JSON_FORM =
      JSON.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();

  private RunnerProtocol() {}

  /** The body of a claim. */
  public static String toJson(Claim claim) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("dispatchId", claim.dispatchId());
    map.put("attempt", claim.attempt());
    map.put("token", claim.token());
    map.put("claimant", claim.claimant());
    claim.taskArn().ifPresent(arn -> map.put("taskArn", arn));
    return write(map);
  }

  /**
   * Reads the body of a claim.
   *
   * @throws MalformedMessage when the body is no claim
   */
  public static Claim claim(String body) throws MalformedMessage {
    JsonFields fields = read(body);
    return new Claim(
        fields.text("dispatchId"),
        fields.integer("attempt"),
        fields.text("token"),
        fields.text("claimant"),
        fields.optionalText("taskArn"));
  }

  /** The data of the answer to a claim. */
  public static Map<String, Object> toData(Job job) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("dispatchId", job.dispatchId());
    map.put("attempt", job.attempt());
    map.put("reportToken", job.reportToken());
    map.put("agent", job.agent());
    job.model().ifPresent(model -> map.put("model", model));
    map.put("task", job.task());
    Map<String, Object> workspace = new LinkedHashMap<>();
    job.workspace().repository().ifPresent(url -> workspace.put("repository", url));
    job.workspace().branch().ifPresent(branch -> workspace.put("branch", branch));
    workspace.put("init", wire(job.workspace().init()));
    map.put("workspace", workspace);
    job.parent().ifPresent(parent -> map.put("parent", toData(parent)));
    job.archive().ifPresent(archive -> map.put("archive", toData(archive)));
    job.outputSchema().ifPresent(schema -> map.put("outputSchema", schema));
    job.context().ifPresent(context -> map.put("context", wire(context)));
    job.standingContext().ifPresent(text -> map.put("standingContext", text));
    map.put("command", job.command());
    map.put("taskOnStdin", job.taskOnStdin());
    map.put("output", wire(job.output()));
    map.put("environment", job.environment());
    map.put("secrets", job.secrets());
    map.put("files", job.files());
    job.access().ifPresent(access -> map.put("access", ModelAccessForm.toData(access)));
    map.put("budget", toData(job.budget()));
    map.put("timeoutSeconds", job.timeout().toSeconds());
    map.put("graceSeconds", job.grace().toSeconds());
    map.put("reportMillis", job.reportEvery().toMillis());
    return map;
  }

  private static Map<String, Object> toData(Parent parent) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("dispatchId", parent.dispatchId());
    parent.baseCommit().ifPresent(commit -> map.put("baseCommit", commit));
    map.put("patchUrl", parent.patchUrl());
    map.put("task", parent.task());
    map.put("summary", parent.summary());
    return map;
  }

  private static Map<String, Object> toData(WorkspaceArchive archive) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("workspaceId", archive.workspaceId());
    map.put("name", archive.name());
    archive.url().ifPresent(url -> map.put("url", url));
    return map;
  }

  private static Optional<WorkspaceArchive> archive(JsonFields job) throws MalformedMessage {
    if (!job.has("archive")) {
      return Optional.empty();
    }
    JsonFields fields = job.object("archive");
    return Optional.of(
        new WorkspaceArchive(
            fields.text("workspaceId"), fields.text("name"), fields.optionalText("url")));
  }

  private static Optional<Parent> parent(JsonFields job) throws MalformedMessage {
    if (!job.has("parent")) {
      return Optional.empty();
    }
    JsonFields fields = job.object("parent");
    return Optional.of(
        new Parent(
            fields.text("dispatchId"),
            fields.optionalText("baseCommit"),
            fields.text("patchUrl"),
            fields.text("task"),
            fields.text("summary")));
  }

  /**
   * Reads the answer to a claim.
   *
   * @throws MalformedMessage when the body holds no job
   */
  public static Job jobFromAnswer(String body) throws MalformedMessage {
    JsonFields fields = read(body).object("data");
    JsonFields workspace = fields.object("workspace");
    List<String> command = new ArrayList<>();
    for (Object word : fields.list("command")) {
      command.add(String.valueOf(word));
    }
    Optional<String> context = fields.optionalText("context");
    return new Job(
        fields.text("dispatchId"),
        fields.integer("attempt"),
        fields.text("reportToken"),
        fields.text("agent"),
        fields.optionalText("model"),
        fields.text("task"),
        new Workspace(
            workspace.optionalText("repository"),
            workspace.optionalText("branch"),
            constant(Workspace.Init.class, "init", workspace.text("init"))),
        parent(fields),
        archive(fields),
        fields.optionalText("outputSchema"),
        context.isEmpty()
            ? Optional.empty()
            : Optional.of(constant(Context.class, "context", context.get())),
        fields.optionalText("standingContext"),
        command,
        fields.flag("taskOnStdin"),
        constant(Job.Output.class, "output", fields.text("output")),
        fields.texts("environment"),
        fields.texts("secrets"),
        fields.texts("files"),
        fields.has("access")
            ? Optional.of(ModelAccessForm.of(fields.object("access")))
            : Optional.empty(),
        fields.has("budget") ? budget(fields.object("budget")) : Budget.NONE,
        Duration.ofSeconds(fields.number("timeoutSeconds")),
        Duration.ofSeconds(fields.number("graceSeconds")),
        Duration.ofMillis(fields.number("reportMillis")));
  }

  /** The body of a report. */
  public static String toJson(Report report) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("dispatchId", report.dispatchId());
    map.put("attempt", report.attempt());
    map.put("token", report.token());
    map.put("percent", report.progress().percent());
    map.put("message", report.progress().message());
    report.usage().ifPresent(usage -> map.put("usage", toData(usage)));
    switch (report.stage()) {
      case Report.Stage.Working() -> map.put("stage", "working");
      case Report.Stage.Uploading() -> map.put("stage", "uploading");
      case Report.Stage.Finished(RunResult result, Optional<String> output) -> {
        map.put("stage", "finished");
        map.put("result", toData(result));
        output.ifPresent(json -> map.put("output", json));
      }
    }
    return write(map);
  }

  /**
   * Reads the body of a report.
   *
   * @throws MalformedMessage when the body is no report
   */
  public static Report report(String body) throws MalformedMessage {
    JsonFields fields = read(body);
    int percent = fields.integer("percent");
    if (percent < 0 || percent > 100) {
      throw new MalformedMessage("percent must be 0 to 100");
    }
    Report.Stage stage =
        switch (fields.text("stage")) {
          case "working" -> new Report.Stage.Working();
          case "uploading" -> new Report.Stage.Uploading();
          case "finished" ->
              new Report.Stage.Finished(result(fields.object("result")), output(fields));
          default -> throw new MalformedMessage("stage must be working, uploading or finished");
        };
    return new Report(
        fields.text("dispatchId"),
        fields.integer("attempt"),
        fields.text("token"),
        new Progress(percent, fields.text("message")),
        fields.has("usage") ? Optional.of(usage(fields.object("usage"))) : Optional.empty(),
        stage);
  }

  private static Optional<String> output(JsonFields fields) throws MalformedMessage {
    Optional<String> output = fields.optionalText("output");
    if (output.isPresent()
        && output.get().getBytes(StandardCharsets.UTF_8).length > Report.MAX_OUTPUT) {
      throw new MalformedMessage("output is larger than " + Report.MAX_OUTPUT + " bytes");
    }
    return output;
  }

  /** The data of the answer to a report. */
  public static Map<String, Object> toData(Instruction instruction) {
    Map<String, Object> map = new LinkedHashMap<>();
    instruction.stop().ifPresent(stop -> map.put("stop", wire(stop)));
    if (!instruction.uploads().isEmpty()) {
      Map<String, String> uploads = new LinkedHashMap<>();
      instruction.uploads().forEach((type, url) -> uploads.put(type.fileName(), url));
      map.put("uploads", uploads);
    }
    instruction.workspaceUpload().ifPresent(url -> map.put("workspaceUpload", url));
    return map;
  }

  /**
   * Reads the answer to a report.
   *
   * @throws MalformedMessage when the body holds no instruction
   */
  public static Instruction instructionFromAnswer(String body) throws MalformedMessage {
    JsonFields fields = read(body).object("data");
    Optional<String> stop = fields.optionalText("stop");
    Map<Artifact.Type, String> uploads = new LinkedHashMap<>();
    fields
        .texts("uploads")
        .forEach((name, url) -> Artifact.Type.of(name).ifPresent(type -> uploads.put(type, url)));
    return new Instruction(
        stop.isEmpty()
            ? Optional.empty()
            : Optional.of(constant(Instruction.Stop.class, "stop", stop.get())),
        uploads,
        fields.optionalText("workspaceUpload"));
  }

  /** A result as JSON data: also the heart of {@code result.json}. */
  public static Map<String, Object> toData(RunResult result) {
    Map<String, Object> map = new LinkedHashMap<>();
    result
        .failure()
        .ifPresent(
            failure -> {
              map.put("cause", failure.cause().wire());
              map.put("message", failure.message());
            });
    result.exitCode().ifPresent(code -> map.put("exitCode", code));
    map.put("summary", result.summary());
    result.usage().ifPresent(usage -> map.put("usage", toData(usage)));
    result.baseCommit().ifPresent(commit -> map.put("baseCommit", commit));
    map.put("filesChanged", result.filesChanged());
    List<Object> artifacts = new ArrayList<>();
    for (Artifact artifact : result.artifacts()) {
      artifacts.add(Map.of("type", artifact.type().fileName(), "sizeBytes", artifact.sizeBytes()));
    }
    map.put("artifacts", artifacts);
    result.workspaceBytes().ifPresent(bytes -> map.put("workspaceBytes", bytes));
    return map;
  }

  private static RunResult result(JsonFields fields) throws MalformedMessage {
    Optional<Failure> failure = Optional.empty();
    if (fields.has("cause")) {
      String word = fields.text("cause");
      Cause cause =
          Cause.of(word).orElseThrow(() -> new MalformedMessage("cause is not a known cause"));
      failure = Optional.of(new Failure(cause, fields.text("message")));
    }
    List<Artifact> artifacts = new ArrayList<>();
    for (Object item : fields.list("artifacts")) {
      if (!(item instanceof Map<?, ?> map)) {
        throw new MalformedMessage("artifacts must be objects");
      }
      JsonFields artifact = new JsonFields(map);
      Artifact.Type type =
          Artifact.Type.of(artifact.text("type"))
              .orElseThrow(() -> new MalformedMessage("type is not a known artifact"));
      artifacts.add(new Artifact(type, notNegative(artifact, "sizeBytes")));
    }
    return new RunResult(
        failure,
        fields.has("exitCode") ? OptionalInt.of(fields.integer("exitCode")) : OptionalInt.empty(),
        fields.text("summary"),
        fields.has("usage") ? Optional.of(usage(fields.object("usage"))) : Optional.empty(),
        fields.optionalText("baseCommit"),
        (int) Math.min(Integer.MAX_VALUE, notNegative(fields, "filesChanged")),
        artifacts,
        fields.has("workspaceBytes")
            ? OptionalLong.of(notNegative(fields, "workspaceBytes"))
            : OptionalLong.empty());
  }

  /** A budget as JSON data; what is not bounded is left out. */
  private static Map<String, Object> toData(Budget budget) {
    Map<String, Object> map = new LinkedHashMap<>();
    budget.maxCostUsd().ifPresent(cost -> map.put("maxCostUsd", cost));
    budget.maxTokens().ifPresent(tokens -> map.put("maxTokens", tokens));
    return map;
  }

  private static Budget budget(JsonFields fields) throws MalformedMessage {
    try {
      return new Budget(
          fields.optionalDecimal("maxCostUsd"),
          fields.has("maxTokens")
              ? OptionalLong.of(fields.number("maxTokens"))
              : OptionalLong.empty());
    } catch (IllegalArgumentException e) {
      throw new MalformedMessage(e.getMessage());
    }
  }

  /** Usage as JSON data, as the API shows it too. */
  public static Map<String, Object> toData(Usage usage) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("inputTokens", usage.inputTokens());
    map.put("cachedTokens", usage.cachedTokens());
    map.put("outputTokens", usage.outputTokens());
    usage.costUsd().ifPresent(cost -> map.put("costUsd", cost));
    usage.costSource().ifPresent(source -> map.put("costSource", source.wire()));
    return map;
  }

  private static Usage usage(JsonFields fields) throws MalformedMessage {
    OptionalDouble cost = fields.optionalDecimal("costUsd");
    if (cost.isPresent() && !(cost.getAsDouble() >= 0 && cost.getAsDouble() <= Usage.MAX_COST)) {
      throw new MalformedMessage("costUsd must be 0 to " + Usage.MAX_COST);
    }
    Optional<Usage.CostSource> source =
        fields.has("costSource")
            ? Optional.of(constant(Usage.CostSource.class, "costSource", fields.text("costSource")))
            : Optional.empty();
    if (cost.isPresent() != source.isPresent()) {
      throw new MalformedMessage("costUsd and costSource belong together");
    }
    return new Usage(
        notNegative(fields, "inputTokens"),
        notNegative(fields, "cachedTokens"),
        notNegative(fields, "outputTokens"),
        cost,
        source);
  }

  private static long notNegative(JsonFields fields, String field) throws MalformedMessage {
    long value = fields.number(field);
    if (value < 0) {
      throw new MalformedMessage(field + " is negative");
    }
    return value;
  }

  private static String wire(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String field, String word)
      throws MalformedMessage {
    for (E constant : type.getEnumConstants()) {
      if (wire(constant).equals(word)) {
        return constant;
      }
    }
    throw new MalformedMessage(field + " is not a known word");
  }

  private static JsonFields read(String body) throws MalformedMessage {
    try {
      Map<String, Object> map = JSON_FORM.mapFrom(body);
      if (map == null) {
        throw new MalformedMessage("the body is not a JSON object");
      }
      return new JsonFields(map);
    } catch (IOException _) {
      throw new MalformedMessage("the body is not a JSON object");
    }
  }

  private static String write(Map<String, Object> map) {
    try {
      return JSON_FORM.asString(map);
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory cannot fail", e);
    }
  }
}
