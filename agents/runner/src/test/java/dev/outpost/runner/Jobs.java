package dev.outpost.runner;

import dev.outpost.run.Budget;
import dev.outpost.run.Context;
import dev.outpost.run.Job;
import dev.outpost.run.ModelAccess;
import dev.outpost.run.Parent;
import dev.outpost.run.Resumable;
import dev.outpost.run.Workspace;
import dev.outpost.run.WorkspaceArchive;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A job that runs its task as a shell script, to be varied. */
record Jobs(
    String task,
    Workspace workspace,
    Optional<Context> context,
    List<String> command,
    boolean taskOnStdin,
    Job.Output output,
    Map<String, String> environment,
    Map<String, String> secrets,
    Duration timeout,
    Duration grace) {
  /**
   * Another one in each process: what an agent leaves behind is searched for on the whole machine,
   * and ended, so that two suites at once would end each other's agents.
   */
  static final String DISPATCH_ID = "dsp_" + UUID.randomUUID();

  static final String REPORT_TOKEN = "report-token-of-this-test";

  static Jobs script(String task) {
    return new Jobs(
        task,
        new Workspace(Optional.empty(), Optional.empty(), Workspace.Init.FULL),
        Optional.empty(),
        List.of("sh", "{task_file}"),
        false,
        Job.Output.TEXT,
        Map.of(),
        Map.of(),
        Duration.ofSeconds(60),
        Duration.ofSeconds(1));
  }

  Jobs in(String repository, String branch) {
    return new Jobs(
        task,
        new Workspace(Optional.of(repository), Optional.ofNullable(branch), Workspace.Init.MINIMAL),
        context,
        command,
        taskOnStdin,
        output,
        environment,
        secrets,
        timeout,
        grace);
  }

  Jobs with(Map<String, String> plain, Map<String, String> secret) {
    return new Jobs(
        task, workspace, context, command, taskOnStdin, output, plain, secret, timeout, grace);
  }

  Jobs within(Duration limit) {
    return new Jobs(
        task, workspace, context, command, taskOnStdin, output, environment, secrets, limit, grace);
  }

  /**
   * With more time to end in: for an agent that uses it, on a machine that has other things to do.
   */
  Jobs patient() {
    return new Jobs(
        task,
        workspace,
        context,
        command,
        taskOnStdin,
        output,
        environment,
        secrets,
        timeout,
        Duration.ofSeconds(30));
  }

  Jobs running(boolean onStdin, String... words) {
    return new Jobs(
        task,
        workspace,
        context,
        List.of(words),
        onStdin,
        output,
        environment,
        secrets,
        timeout,
        grace);
  }

  Jobs guided(Context guides) {
    return new Jobs(
        task,
        workspace,
        Optional.of(guides),
        command,
        taskOnStdin,
        output,
        environment,
        secrets,
        timeout,
        grace);
  }

  Jobs printing(Job.Output form) {
    return new Jobs(
        task, workspace, context, command, taskOnStdin, form, environment, secrets, timeout, grace);
  }

  Job job() {
    return new Job(
        DISPATCH_ID,
        1,
        REPORT_TOKEN,
        "script",
        Optional.of("model-1"),
        task,
        workspace,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        context,
        Optional.empty(),
        command,
        Optional.empty(),
        taskOnStdin,
        output,
        environment,
        secrets,
        Map.of(),
        Optional.empty(),
        Budget.NONE,
        timeout,
        grace,
        Duration.ofMillis(50));
  }

  /** The job, wanting data back. */
  Job returning(String outputSchema) {
    Job job = job();
    return with(job, job.parent(), job.archive(), Optional.of(outputSchema), job.resumable());
  }

  /** The job, in a persistent workspace. */
  Job keeping(Optional<String> archiveUrl) {
    Job job = job();
    WorkspaceArchive archive = new WorkspaceArchive("wsp_01", "default", archiveUrl);
    return with(job, job.parent(), Optional.of(archive), job.outputSchema(), job.resumable());
  }

  /** The job, continuing an earlier dispatch. */
  Job continuing(Parent parent) {
    return resumable(job(), Optional.of(parent), Optional.empty());
  }

  /** The job, by an agent that can go on with a conversation. */
  static Job resumable(Job job, Optional<Parent> parent, Optional<Resumable> resumable) {
    return with(job, parent, job.archive(), job.outputSchema(), resumable);
  }

  private static Job with(
      Job job,
      Optional<Parent> parent,
      Optional<WorkspaceArchive> archive,
      Optional<String> outputSchema,
      Optional<Resumable> resumable) {
    return new Job(
        job.dispatchId(),
        job.attempt(),
        job.reportToken(),
        job.agent(),
        job.model(),
        job.task(),
        job.workspace(),
        parent,
        archive,
        outputSchema,
        job.context(),
        job.standingContext(),
        job.command(),
        resumable,
        job.taskOnStdin(),
        job.output(),
        job.environment(),
        job.secrets(),
        job.files(),
        job.access(),
        job.budget(),
        job.timeout(),
        job.grace(),
        job.reportEvery());
  }

  /** The same job, for an agent that calls a model. */
  Job job(ModelAccess access, Budget budget, Map<String, String> files) {
    Job plain = job();
    return new Job(
        plain.dispatchId(),
        plain.attempt(),
        plain.reportToken(),
        plain.agent(),
        plain.model(),
        plain.task(),
        plain.workspace(),
        plain.parent(),
        plain.archive(),
        plain.outputSchema(),
        plain.context(),
        plain.standingContext(),
        plain.command(),
        plain.resumable(),
        plain.taskOnStdin(),
        plain.output(),
        plain.environment(),
        plain.secrets(),
        files,
        Optional.of(access),
        budget,
        plain.timeout(),
        plain.grace(),
        plain.reportEvery());
  }
}
