package dev.outpost.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.run.Artifact;
import dev.outpost.run.Instruction;
import dev.outpost.run.Report;
import dev.outpost.runner.gateway.Gateway;
import dev.outpost.runner.gateway.ReportAnswer;
import dev.outpost.runner.log.LogSink;
import dev.outpost.runner.log.LogStream;
import dev.outpost.runner.scrub.Scrubber;
import dev.outpost.runner.stop.Deadline;
import dev.outpost.runner.stop.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Brings a run's artifacts to the object store and its result to the control plane. */
final class Delivery {
  /** After the patch and the workspace; the log last, so that it tells what became of the rest. */
  private static final List<Artifact.Type> LAST =
      List.of(
          Artifact.Type.SESSION, Artifact.Type.RESULT, Artifact.Type.METADATA, Artifact.Type.LOG);

  private static final Duration LONGEST_UPLOAD = Duration.ofMinutes(10);

  private final Gateway gateway;
  private final Reporter reporter;
  private final Scrubber scrubber;
  private final LogSink sink;
  private final LogStream log;
  private final Deadline deadline;

  Delivery(
      Gateway gateway,
      Reporter reporter,
      Scrubber scrubber,
      LogSink sink,
      LogStream log,
      StopSignal stop) {
    this.gateway = gateway;
    this.reporter = reporter;
    this.scrubber = scrubber;
    this.sink = sink;
    this.log = log;
    this.deadline = new Deadline(LONGEST_UPLOAD, LONGEST_UPLOAD, stop);
  }

  /** Saves the persistent workspace at a URL; answers the archive's size, if it could be saved. */
  interface Saving {
    OptionalLong at(String url);
  }

  /** Uploads what there is and reports the end; answers how that was taken. */
  ReportAnswer deliver(RunFacts known, Optional<RunDirectory> directory, Saving saving) {
    RunFacts facts = known;
    List<Artifact> artifacts = new ArrayList<>();
    if (directory.isPresent()) {
      reporter.at(90, "uploading");
      switch (gateway.insist(reporter.report(new Report.Stage.Uploading()))) {
        case ReportAnswer.Taken(Instruction instruction) -> {
          upload(Artifact.Type.PATCH, directory.get(), instruction.uploads())
              .ifPresent(artifacts::add);
          if (instruction.workspaceUpload().isPresent()) {
            facts = known.saved(saving.at(instruction.workspaceUpload().get()));
          }
          write(facts, directory.get());
          for (Artifact.Type type : LAST) {
            upload(type, directory.get(), instruction.uploads())
                .filter(artifact -> artifact.type().isShown())
                .ifPresent(artifacts::add);
          }
        }
        case ReportAnswer.Disowned disowned -> {
          return disowned;
        }
        case ReportAnswer.Refused(int status) ->
            log.error("no artifact is kept: asking where to put them was refused (" + status + ")");
        case ReportAnswer.Unanswered(String why) ->
            log.error("no artifact is kept: nobody said where to put them: " + why);
      }
    }
    // Until now the run was told as alive, however slow the store is; the end is told alone.
    reporter.close();
    reporter.at(100, "done");
    return gateway.insist(
        reporter.report(
            new Report.Stage.Finished(
                facts.result(artifacts),
                facts.outcome().output().map(StructuredOutput.Found.Valid::json))));
  }

  private void write(RunFacts facts, RunDirectory directory) {
    try {
      write(facts.resultFile(), directory.artifact(Artifact.Type.RESULT));
      write(facts.metadataFile(), directory.artifact(Artifact.Type.METADATA));
    } catch (IOException e) {
      log.error("the result cannot be written: " + e.getMessage());
    }
  }

  private void write(Map<String, Object> content, Path file) throws IOException {
    try {
      Files.writeString(
          file, JSON.std.asString(scrubbed(content)) + "\n", UTF_8, StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      // Half of it would be no JSON.
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private Map<String, Object> scrubbed(Map<?, ?> content) {
    Map<String, Object> scrubbed = new LinkedHashMap<>();
    content.forEach((name, value) -> scrubbed.put(String.valueOf(name), scrubbedValue(value)));
    return scrubbed;
  }

  private Object scrubbedValue(Object value) {
    return switch (value) {
      case String text -> scrubber.scrub(text);
      case Map<?, ?> map -> scrubbed(map);
      case List<?> list -> {
        List<Object> elements = new ArrayList<>();
        list.forEach(element -> elements.add(scrubbedValue(element)));
        yield elements;
      }
      case null, default -> value;
    };
  }

  /** What of the log is on a full disk is worth more than nothing. */
  private void flushLog() {
    try {
      sink.flush();
    } catch (IOException e) {
      log.error("the end of the log is not kept: " + e.getMessage());
    }
  }

  private Optional<Artifact> upload(
      Artifact.Type type, RunDirectory directory, Map<Artifact.Type, String> targets) {
    Path file = directory.artifact(type);
    String url = targets.get(type);
    try {
      if (type == Artifact.Type.LOG) {
        flushLog();
      }
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      if (url == null) {
        log.error(type.fileName() + " is not kept: there is no target for it");
        return Optional.empty();
      }
      long size = Files.size(file);
      Optional<String> why = gateway.upload(url, type.contentType(), file, size, deadline);
      if (why.isPresent()) {
        log.error(type.fileName() + " is not kept: " + why.get());
        return Optional.empty();
      }
      return Optional.of(new Artifact(type, size));
    } catch (IOException e) {
      log.error(type.fileName() + " is not kept: " + e.getMessage());
      return Optional.empty();
    }
  }
}
