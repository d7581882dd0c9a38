package dev.outpost.runner.agent;

import dev.outpost.run.Job;
import dev.outpost.runner.log.Level;
import dev.outpost.runner.log.LogStream;
import dev.outpost.runner.output.AgentOutput;
import dev.outpost.runner.stop.StopSignal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs an agent from its start to the end of its last process. */
public final class AgentRun {
  private static final Duration LAST_RESULT = Duration.ofSeconds(3);

  private final Job job;
  private final AgentOutput output;
  private final LogStream outputLog;
  private final LogStream errorLog;
  private final StopSignal stop;

  /**
   * A run.
   *
   * @param output reads the agent's standard output
   * @param outputLog takes what of it is too long to be read
   * @param errorLog takes the agent's standard error, at level error
   */
  public AgentRun(
      Job job, AgentOutput output, LogStream outputLog, LogStream errorLog, StopSignal stop) {
    this.job = job;
    this.output = output;
    this.outputLog = outputLog;
    this.errorLog = errorLog;
    this.stop = stop;
  }

  /**
   * Runs the command until it ends, its time is up, or the run is to stop. In the latter cases the
   * group gets SIGTERM, its grace, and SIGKILL (an agent that tells its result on SIGINT gets that
   * first, within its grace); what is left of it is killed in any case.
   *
   * @throws CannotStart when there is no such program here
   */
  public AgentEnd run(AgentCommand command) throws CannotStart, InterruptedException {
    AgentProcess agent =
        AgentProcess.start(command, job.dispatchId(), new OutputLines(), new ErrorLines());
    await(CompletableFuture.anyOf(agent.ended(), stop.raised()), job.timeout());
    if (!agent.isAlive()) {
      return new AgentEnd.Exited(agent.finish());
    }
    end(agent);
    int code = agent.finish();
    return stop.isRaised() ? new AgentEnd.Stopped(code) : new AgentEnd.TimedOut(code);
  }

  /** Asks it to end, in the way that makes it tell most. */
  private void end(AgentProcess agent) throws InterruptedException {
    long until = System.nanoTime() + job.grace().toNanos();
    if (job.output() == Job.Output.CLAUDE_STREAM_JSON) {
      // claude tells its result and its usage on SIGINT alone; on SIGTERM it is gone without a
      // word.
      agent.interrupt();
      Duration half = job.grace().dividedBy(2);
      await(agent.ended(), half.compareTo(LAST_RESULT) < 0 ? half : LAST_RESULT);
    }
    if (agent.isAlive()) {
      agent.terminate();
      await(agent.ended(), Duration.ofNanos(Math.max(1, until - System.nanoTime())));
    }
  }

  private static void await(CompletableFuture<?> event, Duration atMost)
      throws InterruptedException {
    try {
      event.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      // The caller looks at what is true now.
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for the agent failed", e);
    }
  }

  private final class OutputLines implements LineReader.Lines {
    @Override
    public void line(String line) {
      output.line(line);
    }

    @Override
    public void part(String part, boolean last) {
      outputLog.part(Level.INFO, part, last);
    }
  }

  private final class ErrorLines implements LineReader.Lines {
    @Override
    public void line(String line) {
      output.complaint(line);
      errorLog.error(line);
    }

    @Override
    public void part(String part, boolean last) {
      errorLog.part(Level.ERROR, part, last);
    }
  }
}
