package dev.outpost.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outpost.run.Artifact;
import dev.outpost.run.Cause;
import dev.outpost.run.ContainerContract;
import dev.outpost.run.Failure;
import dev.outpost.run.Job;
import dev.outpost.run.ModelAccess;
import dev.outpost.run.Parent;
import dev.outpost.run.Report;
import dev.outpost.run.RunResult;
import dev.outpost.run.Usage;
import dev.outpost.run.WorkspaceArchive;
import dev.outpost.runner.agent.AgentCommand;
import dev.outpost.runner.agent.AgentEnd;
import dev.outpost.runner.agent.AgentRun;
import dev.outpost.runner.agent.AgentUser;
import dev.outpost.runner.agent.CannotStart;
import dev.outpost.runner.agent.Placeholders;
import dev.outpost.runner.agent.TaskText;
import dev.outpost.runner.archive.ArchiveReader;
import dev.outpost.runner.archive.ArchiveWriter;
import dev.outpost.runner.archive.Bounds;
import dev.outpost.runner.archive.Damaged;
import dev.outpost.runner.gateway.Fetched;
import dev.outpost.runner.gateway.Gateway;
import dev.outpost.runner.gateway.ReportAnswer;
import dev.outpost.runner.git.Git;
import dev.outpost.runner.git.NotPrepared;
import dev.outpost.runner.git.Patch;
import dev.outpost.runner.git.RepositoryUrl;
import dev.outpost.runner.git.TreeSave;
import dev.outpost.runner.git.WorkTree;
import dev.outpost.runner.log.LogSink;
import dev.outpost.runner.log.LogStream;
import dev.outpost.runner.model.ModelGateway;
import dev.outpost.runner.model.Seen;
import dev.outpost.runner.output.AgentOutput;
import dev.outpost.runner.output.Verdict;
import dev.outpost.runner.scrub.Scrubber;
import dev.outpost.runner.stop.Deadline;
import dev.outpost.runner.stop.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** One claimed job, from the clone to the last report. Used once, by one thread. */
final class Run {
  private static final Duration LONGEST_CLONE = Duration.ofMinutes(10);
  private static final Duration LONGEST_SAVE = Duration.ofMinutes(8);

  /** ECS kills two minutes after its SIGTERM; the agent's grace and the artifacts are in it too. */
  private static final Duration LONGEST_SAVE_ONCE_STOPPED = Duration.ofSeconds(40);

  private static final Duration QUESTION = Duration.ofSeconds(5);

  private final RunnerConfig config;
  private final Job job;
  private final Gateway gateway;
  private final InstantSource clock;
  private final LogSink sink;
  private final StopSignal stop;
  private final Scrubber scrubber;
  private final LogStream log;
  private final Conversation conversation;
  private final Reporter reporter;
  private final Instant startedAt;
  private final Optional<AgentUser> user;
  private final String gatewayKey = ModelGateway.newKey();

  // What is known so far: a fault must not hide it.
  private Optional<RunDirectory> directory = Optional.empty();
  private Optional<WorkTree> tree = Optional.empty();
  private TaskText task;
  private AgentOutput output;
  private Optional<ModelGateway> models = Optional.empty();
  private String gitVersion = "";
  private List<String> files = List.of();
  private Optional<Git> git = Optional.empty();

  /** Whether the work tree is whole, so that what becomes of it is worth keeping. */
  private boolean worked;

  Run(
      RunnerConfig config,
      Job job,
      Gateway gateway,
      InstantSource clock,
      LogSink sink,
      StopSignal stop) {
    this.config = config;
    this.job = job;
    this.gateway = gateway;
    this.clock = clock;
    this.sink = sink;
    this.stop = stop;
    startedAt = clock.instant();
    user = AgentUser.of(config.variables());
    task = job.model().isPresent() ? TaskText.spoken(job.task()) : TaskText.plain(job.task());
    scrubber = new Scrubber(secrets(config, job, gatewayKey));
    log = LogStream.ofRunner(sink, scrubber);
    conversation = new Conversation(job, scrubber, log);
    output = newOutput();
    reporter = new Reporter(gateway, job, stop, this::usage);
  }

  private static List<String> secrets(RunnerConfig config, Job job, String gatewayKey) {
    List<String> secrets = new ArrayList<>(job.secrets().values());
    job.access().flatMap(ModelAccess::key).ifPresent(secrets::add);
    secrets.add(gatewayKey);
    secrets.add(job.reportToken());
    secrets.add(config.claimToken());
    job.workspace()
        .repository()
        .flatMap(url -> RepositoryUrl.of(url).credentials())
        .ifPresent(credentials -> secrets.addAll(credentials.secrets()));
    return secrets;
  }

  /** Runs, delivers, and answers the process's exit code. */
  int execute() {
    reporter.start();
    Outcome outcome;
    try {
      outcome = work();
    } catch (Exception | LinkageError | OutOfMemoryError | StackOverflowError e) {
      // Whatever it is, the dispatch must learn of its end.
      outcome = Outcome.failed(internal(e));
    }
    try {
      return conclude(outcome);
    } catch (RuntimeException e) {
      Failure failure = internal(e);
      log.error(sentence(failure));
      reporter.close();
      gateway.insist(reporter.report(new Report.Stage.Finished(failedBy(failure))));
      return ContainerContract.EXIT_FAILED;
    } finally {
      reporter.close();
      directory.ifPresent(RunDirectory::remove);
    }
  }

  private AgentOutput newOutput() {
    return AgentOutput.of(job.output(), LogStream.ofAgent(sink, scrubber), scrubber);
  }

  private synchronized AgentOutput output() {
    return output;
  }

  private synchronized Optional<Seen> seen() {
    return models.map(ModelGateway::seen);
  }

  private Optional<Usage> usage() {
    Optional<Usage> told = told(output().usage());
    return seen().map(seen -> seen.join(told)).orElse(told);
  }

  /** What the agent tells of its usage; one that resumes also counts what the earlier run used. */
  private Optional<Usage> told(Optional<Usage> usage) {
    return conversation.resumed().isPresent() ? Optional.empty() : usage;
  }

  /** The least that can be told. */
  private static RunResult failedBy(Failure failure) {
    return new RunResult(
        Optional.of(failure),
        OptionalInt.empty(),
        "",
        Optional.empty(),
        Optional.empty(),
        0,
        List.of());
  }

  private int conclude(Outcome outcome) {
    if (isLost()) {
      return lost();
    }
    outcome.failure().ifPresent(failure -> log.error(sentence(failure)));
    if (outcome.failure().isEmpty()) {
      log.info("done: " + files.size() + " files changed");
    }
    RunFacts facts =
        new RunFacts(
            job,
            outcome,
            tree.flatMap(WorkTree::baseCommit),
            files,
            task,
            conversation.resumed().isPresent(),
            gitVersion,
            startedAt,
            clock.instant(),
            OptionalLong.empty());
    ReportAnswer answer =
        new Delivery(gateway, reporter, scrubber, sink, log, stop)
            .deliver(facts, directory, this::saveWorkspace);
    return switch (answer) {
      case ReportAnswer.Taken(_) -> outcome.runnerExit();
      case ReportAnswer.Disowned(_) -> lost();
      case ReportAnswer.Refused(int status) -> {
        log.error("the result was refused (" + status + ")");
        yield ContainerContract.EXIT_FAILED;
      }
      case ReportAnswer.Unanswered(String why) -> {
        log.error("the result could not be reported: " + why);
        yield ContainerContract.EXIT_FAILED;
      }
    };
  }

  /**
   * Packs the work tree and brings it away. What fails here changes nothing of the dispatch's own
   * end: the workspace stays what it was before.
   */
  private OptionalLong saveWorkspace(String url) {
    if (!worked || directory.isEmpty() || tree.isEmpty() || git.isEmpty()) {
      log.info("the workspace stays as it was");
      return OptionalLong.empty();
    }
    Deadline deadline = new Deadline(LONGEST_SAVE, LONGEST_SAVE_ONCE_STOPPED, stop);
    Path file = directory.get().savedArchive();
    try {
      ArchiveWriter writer = new ArchiveWriter(Bounds.USUAL, deadline);
      TreeSave.write(tree.get(), git.get(), directory.get().scratch(), writer, file);
      writer.notes().forEach(log::error);
      long size = Files.size(file);
      Optional<String> why =
          gateway.upload(url, WorkspaceArchive.CONTENT_TYPE, file, size, deadline);
      if (why.isPresent()) {
        throw new IOException(why.get());
      }
      log.info("the workspace is saved: " + size + " bytes");
      return OptionalLong.of(size);
    } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
      log.error("the workspace is not saved and stays as it was: " + e.getMessage());
      return OptionalLong.empty();
    }
  }

  private boolean isLost() {
    return stop.reason().equals(Optional.of(StopSignal.Reason.LOST));
  }

  private int lost() {
    log.error("the dispatch is no longer this runner's: nothing of it is kept");
    return ContainerContract.EXIT_STOPPED;
  }

  private static String sentence(Failure failure) {
    return failure.cause().wire() + ": " + failure.message();
  }

  private Outcome work() throws IOException, InterruptedException {
    RunDirectory places = RunDirectory.make(config.workDirectory());
    sink.writeTo(places.artifact(Artifact.Type.LOG));
    directory = Optional.of(places);
    Git plain = Git.of(config.variables(), places.scratch(), stop);
    Git ours = user.isPresent() ? plain.through(AgentUser.powerless()) : plain;
    git = Optional.of(ours);
    if (job.access().isPresent()) {
      Thread.ofPlatform().daemon().name("warm-up").start(ModelGateway::warmUp);
    }
    try {
      gitVersion = ours.version();
      prepare(places, ours);
      worked = true;
    } catch (NotPrepared e) {
      return unprepared(places, stop.isRaised() ? stopped() : e.failure());
    } catch (IOException e) {
      // A call of git that the stop ended looks like one that failed.
      if (stop.isRaised()) {
        return unprepared(places, stopped());
      }
      throw e;
    }
    Outcome outcome = runWithModel(places);
    if (isLost()) {
      return outcome;
    }
    return takePatch(places, ours, outcome);
  }

  /** Nothing was changed, which the patch says too. */
  private static Outcome unprepared(RunDirectory places, Failure failure) throws IOException {
    Files.createFile(places.artifact(Artifact.Type.PATCH));
    return Outcome.failed(failure);
  }

  private void prepare(RunDirectory places, Git git) throws NotPrepared, IOException {
    reporter.at(5, "preparing the repository");
    log.info(
        job.workspace()
            .repository()
            .map(
                url ->
                    "preparing "
                        + RepositoryUrl.of(url).address()
                        + job.workspace().branch().map(branch -> " at " + branch).orElse(""))
            .orElse("preparing an empty work tree"));
    Duration limit = job.timeout().compareTo(LONGEST_CLONE) < 0 ? job.timeout() : LONGEST_CLONE;
    WorkTree prepared = prepared(places, git, limit);
    log.info(prepared.baseCommit().map(commit -> "the base is " + commit).orElse("no base commit"));
    conversation.bring(gateway, places);
    writeTask(places);
  }

  private void writeTask(RunDirectory places) throws IOException {
    if (job.context().isPresent()) {
      boolean resumed = conversation.resumed().isPresent();
      task = TaskText.of(job, places.tree(), resumed, scrubber);
    }
    // One of a first try may be the agent's by now.
    Files.deleteIfExists(places.task());
    Files.writeString(places.task(), task.text(), UTF_8, StandardOpenOption.CREATE_NEW);
  }

  /** The work tree, with the change of the earlier dispatch in it where this run continues one. */
  private WorkTree prepared(RunDirectory places, Git git, Duration limit)
      throws NotPrepared, IOException {
    if (job.archive().flatMap(WorkspaceArchive::url).isPresent()) {
      Optional<WorkTree> resumed = resumed(job.archive().get(), places, git, limit);
      if (resumed.isPresent()) {
        tree = resumed;
        return resumed.get();
      }
    }
    if (job.parent().isEmpty()) {
      WorkTree prepared =
          WorkTree.prepare(job.workspace(), git, places.tree(), places.objects(), limit);
      tree = Optional.of(prepared);
      return prepared;
    }
    Parent parent = job.parent().get();
    Path patch = places.parentPatch();
    switch (gateway.download(parent.patchUrl(), patch)) {
      case Fetched.Whole() -> {}
      case Fetched.Gone(int status) ->
          throw new NotPrepared(
              failure(
                  Cause.FOLLOW_UP_FAILED,
                  "the change of " + parent.dispatchId() + " is no longer kept (" + status + ")"));
      case Fetched.Unfetched(String why) ->
          throw new NotPrepared(
              failure(
                  Cause.INTERNAL,
                  "the change of " + parent.dispatchId() + " could not be fetched: " + why));
    }
    WorkTree prepared =
        WorkTree.prepare(job.workspace(), parent, git, places.tree(), places.objects(), limit);
    tree = Optional.of(prepared);
    prepared.apply(patch, git);
    log.info("continuing on the change of " + parent.dispatchId());
    return prepared;
  }

  /** The work tree with what the workspace has; empty where its archive is there no longer. */
  private Optional<WorkTree> resumed(
      WorkspaceArchive archive, RunDirectory places, Git git, Duration limit)
      throws NotPrepared, IOException {
    Path file = places.fetchedArchive();
    switch (gateway.download(archive.url().orElseThrow(), file)) {
      case Fetched.Whole() -> {}
      case Fetched.Gone(int status) -> {
        log.info("the workspace's archive is no longer there (" + status + "): it begins anew");
        return Optional.empty();
      }
      case Fetched.Unfetched(String why) ->
          throw new NotPrepared(
              failure(Cause.INTERNAL, "the workspace's archive could not be fetched: " + why));
    }
    log.info("working in the workspace " + archive.name());
    try {
      return Optional.of(
          WorkTree.prepare(
              job.workspace(),
              new ArchiveReader(file, Bounds.USUAL),
              places.scratch().resolve("workspace.patch"),
              git,
              places.tree(),
              places.objects(),
              limit,
              log::info));
    } catch (Damaged e) {
      throw new NotPrepared(
          failure(
              Cause.CLONE_FAILED,
              "the workspace's archive is not one that Outpost wrote: "
                  + e.getMessage()
                  + "; delete the workspace to begin anew"));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private Outcome runWithModel(RunDirectory places) throws IOException, InterruptedException {
    Placeholders placeholders = Placeholders.of(job, places.task());
    if (job.access().isEmpty()) {
      return runAgent(places, placeholders);
    }
    try (ModelGateway opened =
        ModelGateway.open(
            job.access().get(),
            gatewayKey,
            job.budget(),
            () -> stop.raise(StopSignal.Reason.BUDGET))) {
      synchronized (this) {
        models = Optional.of(opened);
      }
      return runAgent(places, placeholders.with(opened.url().toString(), opened.key()));
    }
  }

  private Outcome runAgent(RunDirectory places, Placeholders placeholders)
      throws IOException, InterruptedException {
    placeholders.write(job.files(), places.home());
    reporter.during(20, 80, job.timeout(), job.agent() + " is running");
    log.info(
        "running "
            + job.agent()
            + job.model().map(model -> " with " + model).orElse("")
            + ", for at most "
            + job.timeout().toSeconds()
            + " s");
    AgentEnd end;
    try {
      end = runOnce(places, placeholders);
      if (isUnableToResume(end)) {
        log.error(job.agent() + " can't resume that session: it starts anew");
        conversation.startAnew();
        synchronized (this) {
          output = newOutput();
        }
        writeTask(places);
        end = runOnce(places, placeholders);
      }
    } catch (CannotStart e) {
      return Outcome.failed(failure(Cause.INTERNAL, e.getMessage()));
    }
    if (models.isPresent()) {
      models.get().settle();
    }
    conversation.keep(output().session(), places);
    Verdict words = output().verdict(end.exitCode());
    Verdict told = new Verdict(words.failure(), words.summary(), told(words.usage()));
    Verdict verdict = scrubbed(seen().map(seen -> seen.join(told)).orElse(told));
    Optional<Failure> failure =
        switch (end) {
          case AgentEnd.Exited(_) -> verdict.failure();
          case AgentEnd.TimedOut(_) ->
              Optional.of(
                  new Failure(
                      Cause.TIMEOUT,
                      "the agent ran longer than its " + job.timeout().toSeconds() + " s"));
          case AgentEnd.Stopped(_) -> Optional.of(stopped());
        };
    return withOutput(
        places,
        new Outcome(
            failure,
            OptionalInt.of(end.exitCode()),
            verdict.summary(),
            verdict.usage(),
            Optional.empty()));
  }

  /** The program failed over the session: a model was not even asked. */
  private boolean isUnableToResume(AgentEnd end) {
    return conversation.resumed().isPresent()
        && end instanceof AgentEnd.Exited
        && end.exitCode() != 0
        && seen().filter(seen -> seen.calls() == 0).isPresent()
        && !stop.isRaised();
  }

  private AgentEnd runOnce(RunDirectory places, Placeholders placeholders)
      throws CannotStart, IOException, InterruptedException {
    if (user.isPresent()) {
      places.giveTo(user.get());
    }
    AgentCommand command =
        AgentCommand.of(
            job,
            conversation.command(),
            conversation.resumed().map(placeholders::with).orElse(placeholders),
            places.tree(),
            places.task(),
            places.home(),
            places.temporary(),
            config.variables());
    AgentRun run =
        new AgentRun(
            job,
            output(),
            LogStream.ofAgent(sink, scrubber),
            LogStream.ofAgent(sink, scrubber),
            stop);
    try {
      AgentEnd end = run.run(command);
      log.info(job.agent() + " ended with exit code " + end.exitCode());
      return end;
    } finally {
      takeBack(places);
    }
  }

  /** A success that does not bring the data that was wanted is none. */
  private Outcome withOutput(RunDirectory places, Outcome outcome) throws InterruptedException {
    if (job.outputSchema().isEmpty() || outcome.failure().isPresent()) {
      return outcome;
    }
    try {
      StructuredOutput wanted =
          new StructuredOutput(job.outputSchema().get(), scrubber, StructuredOutput.LONGEST_CHECK);
      Path file = AgentCommand.outputFile(places.temporary());
      return switch (wanted.find(file, outcome.summary())) {
        case StructuredOutput.Found.Valid valid -> outcome.with(valid);
        case StructuredOutput.Found.Invalid(String why) ->
            outcome.failedBy(failure(Cause.OUTPUT_INVALID, why));
      };
    } catch (IOException e) {
      return outcome.failedBy(
          failure(Cause.OUTPUT_INVALID, "the output can't be read: " + e.getMessage()));
    }
  }

  private void takeBack(RunDirectory places) {
    if (user.isPresent()) {
      try {
        places.takeBackFrom(user.get());
      } catch (IOException e) {
        // What cannot be read is named when the change is recorded.
        log.error(e.getMessage());
      }
    }
  }

  /** What a provider said of a fault is as little to be trusted as what the agent says. */
  private Verdict scrubbed(Verdict verdict) {
    return new Verdict(
        verdict.failure().map(why -> failure(why.cause(), why.message())),
        verdict.summary(),
        verdict.usage());
  }

  /** Why the run is stopped: whoever sent SIGTERM has told the control plane, which is asked. */
  private Failure stopped() {
    if (stop.reason().equals(Optional.of(StopSignal.Reason.TERMINATED))) {
      reporter.ask(QUESTION);
    }
    return switch (stop.reason().orElse(StopSignal.Reason.TERMINATED)) {
      case CANCELLED -> new Failure(Cause.CANCELLED, "the dispatch was cancelled");
      case TIMEOUT -> new Failure(Cause.TIMEOUT, "the dispatch's time was up");
      case BUDGET ->
          new Failure(
              Cause.BUDGET_EXCEEDED,
              models.map(ModelGateway::spent).orElse("the dispatch's budget is used up"));
      case TERMINATED, LOST -> new Failure(Cause.TASK_TERMINATED, "the platform ended the task");
    };
  }

  /** A success whose change cannot be recorded is none; a failure stays the failure it is. */
  private Outcome takePatch(RunDirectory places, Git git, Outcome outcome) {
    reporter.at(85, "recording the change");
    try {
      Patch patch =
          Patch.take(
              tree.orElseThrow(),
              git,
              scrubber,
              places.scratch(),
              places.artifact(Artifact.Type.PATCH));
      files = patch.files().stream().map(scrubber::scrub).toList();
      patch.notes().forEach(log::error);
      return outcome;
    } catch (IOException e) {
      log.error("the change could not be recorded: " + e.getMessage());
      removePart(places.artifact(Artifact.Type.PATCH));
      return outcome.failedBy(
          failure(Cause.INTERNAL, "the change could not be recorded: " + e.getMessage()));
    }
  }

  /** Half of a patch would apply to half of the files. */
  private void removePart(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.error("a part of the change cannot be removed: " + e.getMessage());
    }
  }

  private Failure failure(Cause cause, String words) {
    return new Failure(cause, scrubber.scrub(words));
  }

  private Failure internal(Throwable fault) {
    String words = fault.getMessage() == null ? "" : ": " + fault.getMessage();
    return failure(
        Cause.INTERNAL, "the runner met an unexpected " + fault.getClass().getSimpleName() + words);
  }
}
