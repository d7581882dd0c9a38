package dev.outpost.simulation;

import dev.outpost.protocol.MalformedMessage;
import dev.outpost.protocol.RunnerProtocol;
import dev.outpost.run.Cause;
import dev.outpost.run.Claim;
import dev.outpost.run.ContainerContract;
import dev.outpost.run.Failure;
import dev.outpost.run.Instruction;
import dev.outpost.run.Job;
import dev.outpost.run.Progress;
import dev.outpost.run.Report;
import dev.outpost.run.RunResult;
import dev.outpost.runner.log.LogSink;
import dev.outpost.runner.log.LogStream;
import dev.outpost.runner.scrub.Scrubber;
import dev.outpost.simulation.aws.MemoryEcs;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.IntConsumer;

/**
 * A container with a runner in it, which speaks the protocol as the real one does: it claims,
 * reports while its agent works, heeds what it is told and SIGTERM, delivers and exits.
 */
final class Container {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration FOR_EVER = Duration.ofDays(30);
  private static final Duration LONGEST_SAVING = Duration.ofSeconds(20);

  /** The share of archives that can't be brought away. */
  private static final double UNSAVED = 0.1;

  private static final Scrubber NO_SECRETS = new Scrubber(List.of());

  private final World world;
  private final Chance chance;
  private final MemoryEcs.TaskView task;
  private final String arn;
  private final String stream;
  private final LogStream log;
  private Strand strand;
  private int lines;
  private boolean terminated;
  private boolean stubborn;
  private Optional<Failure> stop = Optional.empty();
  private Promise<Boolean> woken = new Promise<>();
  private Job job;

  /** The container must end with that code. */
  private static final class Exit extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int code;

    Exit(int code) {
      super(null, null, false, false);
      this.code = code;
    }
  }

  Container(World world, MemoryEcs.TaskView task) {
    this.world = world;
    this.chance = world.chance();
    this.task = task;
    this.arn = task.arn();
    this.stream = stream(task);
    this.log = LogStream.ofRunner(new LogSink(lines(), world.timeline()), NO_SECRETS);
  }

  /** The name of a task's stream, as the deployment's task definitions have the driver make it. */
  private static String stream(MemoryEcs.TaskView task) {
    String agent =
        Functions.AGENTS.stream()
            .filter(id -> task.family().equals(Functions.family(id)))
            .findFirst()
            .orElseThrow();
    return agent
        + "/"
        + ContainerContract.CONTAINER
        + "/"
        + task.arn().substring(task.arn().lastIndexOf('/') + 1);
  }

  /** Its standard output, as the driver carries it. */
  private OutputStream lines() {
    return new OutputStream() {
      @Override
      public void write(int one) {
        throw new UnsupportedOperationException("a runner writes whole lines");
      }

      @Override
      public void write(byte[] bytes, int from, int length) {
        world.logs().put(stream, new String(bytes, from, length, StandardCharsets.UTF_8).strip());
      }
    };
  }

  /** Logs a line that names its dispatch and its task. */
  private void print(String what) {
    String dispatch = task.environment().get(ContainerContract.DISPATCH_ID);
    String line = lines++ + " " + what + " for " + dispatch + " in " + arn;
    log.info(line);
    world.ledger().readings().printed(arn, line);
  }

  void start(IntConsumer atExit) {
    stubborn = world.weather().has(Fault.CONTAINER_STUBBORN);
    strand =
        world
            .timeline()
            .start(
                "container " + arn,
                () -> {
                  int code;
                  try {
                    code = run();
                  } catch (Exit exit) {
                    code = exit.code;
                  }
                  world.trace("exit", code);
                  atExit.accept(code);
                });
  }

  /** SIGTERM. */
  void terminate() {
    if (!stubborn) {
      terminated = true;
      woken.keep(true);
    }
  }

  /** SIGKILL. */
  void kill() {
    world.timeline().stop(strand);
  }

  private int run() {
    if (chance.hit(0.2)) {
      world.logs().put(stream, "the container's own words");
    }
    print("claims");
    if (world.weather().has(Fault.CONTAINER_HANGS)) {
      doze(FOR_EVER);
      throw new Exit(ContainerContract.EXIT_STOPPED);
    }
    job = claim();
    world.ledger().works(job.dispatchId(), arn);
    Optional<Failure> failure = work();
    world.ledger().workedTo(arn, failure);
    print("uploads");
    OptionalLong saved =
        report(new Report.Stage.Uploading(), 90)
            .flatMap(Instruction::workspaceUpload)
            .map(this::save)
            .orElse(OptionalLong.empty());
    int exitCode = failure.isEmpty() ? 0 : 1;
    RunResult result =
        new RunResult(
            failure,
            OptionalInt.of(exitCode),
            "done",
            Optional.empty(),
            Optional.empty(),
            0,
            List.of(),
            List.of(),
            saved);
    print("ends");
    Optional<Instruction> taken = report(new Report.Stage.Finished(result), 100);
    if (taken.isEmpty()) {
      return ContainerContract.EXIT_FAILED;
    }
    world.ledger().told(arn, failure);
    return switch (failure.map(Failure::cause).orElse(null)) {
      case null -> ContainerContract.EXIT_SUCCESS;
      case TIMEOUT -> ContainerContract.EXIT_TIMEOUT;
      case CANCELLED, TASK_TERMINATED -> ContainerContract.EXIT_STOPPED;
      case Cause _ -> ContainerContract.EXIT_FAILED;
    };
  }

  /** Puts the workspace's archive where the URL says; its size, if that could be done. */
  private OptionalLong save(String url) {
    world.timeline().sleep(chance.between(Duration.ofMillis(50), LONGEST_SAVING));
    if (chance.hit(UNSAVED)) {
      return OptionalLong.empty();
    }
    world.objects().put(url.substring(Functions.OBJECTS.length()));
    world.timeline().sleep(chance.between(Duration.ofMillis(5), LONGEST_PAUSE));
    return OptionalLong.of(1 + chance.below(1 << 20));
  }

  private Job claim() {
    String claimant = chance.hex(32);
    Claim claim =
        new Claim(
            task.environment().get(ContainerContract.DISPATCH_ID),
            Integer.parseInt(task.environment().get(ContainerContract.ATTEMPT)),
            task.environment().get(ContainerContract.CLAIM_TOKEN),
            claimant,
            Optional.of(arn));
    Reply reply =
        insist(RunnerProtocol.CLAIM_PATH, RunnerProtocol.toJson(claim))
            .orElseThrow(() -> new Exit(ContainerContract.EXIT_FAILED));
    if (!reply.succeeded()) {
      throw new Exit(ContainerContract.EXIT_NOT_CLAIMED);
    }
    try {
      return RunnerProtocol.jobFromAnswer(reply.body());
    } catch (MalformedMessage e) {
      throw new IllegalStateException(e);
    }
  }

  /** Prepares, runs the agent; what became of it. */
  private Optional<Failure> work() {
    Weather weather = world.weather();
    Duration prepared = chance.between(Duration.ofSeconds(1), Duration.ofSeconds(40));
    Duration agent =
        weather.has(Fault.AGENT_TIMED_OUT)
            ? job.timeout().plusSeconds(60)
            : chance.between(Duration.ofSeconds(5), job.timeout());
    boolean fails = weather.has(Fault.AGENT_FAILED);
    boolean crashes = weather.has(Fault.CONTAINER_CRASHED);
    boolean outOfMemory = !crashes && weather.has(Fault.CONTAINER_OUT_OF_MEMORY);
    boolean silent = !crashes && !outOfMemory && weather.has(Fault.CONTAINER_SILENT);
    Instant from = world.timeline().instant();
    Instant deadline = from.plus(prepared).plus(job.timeout());
    Instant end = from.plus(prepared).plus(agent);
    while (world.timeline().instant().isBefore(end)) {
      if (stop.isPresent()) {
        return stop;
      }
      if (terminated) {
        // Whoever sent SIGTERM has told the control plane why.
        report(new Report.Stage.Working(), 50);
        return stop.isPresent()
            ? stop
            : Optional.of(new Failure(Cause.TASK_TERMINATED, "the platform ended the task"));
      }
      if (!world.timeline().instant().isBefore(deadline)) {
        return Optional.of(new Failure(Cause.TIMEOUT, "the agent took too long"));
      }
      if (silent) {
        doze(FOR_EVER);
        throw new Exit(ContainerContract.EXIT_STOPPED);
      }
      doze(shorter(shorter(job.reportEvery(), until(end)), until(deadline)));
      if (crashes) {
        throw new Exit(ContainerContract.EXIT_FAILED);
      }
      if (outOfMemory) {
        world.ledger().outOfMemory(arn);
        throw new Exit(ContainerContract.EXIT_KILLED);
      }
      print("works");
      report(new Report.Stage.Working(), chance.between(5, 80));
    }
    if (!agent.minus(job.timeout()).isNegative()) {
      return Optional.of(new Failure(Cause.TIMEOUT, "the agent took too long"));
    }
    return fails
        ? Optional.of(
            new Failure(
                chance.hit(0.5) ? Cause.AGENT_ERROR : Cause.MODEL_OVERLOADED, "the agent failed"))
        : Optional.empty();
  }

  private Duration until(Instant instant) {
    Duration left = Duration.between(world.timeline().instant(), instant);
    return left.isPositive() ? left : Duration.ofMillis(1);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Sleeps, unless SIGTERM comes. */
  private void doze(Duration time) {
    woken = new Promise<>();
    if (!terminated) {
      world.timeline().await(woken, time);
    }
  }

  /**
   * Reports, and heeds the answer. A report on the way is tried once, for the next follows; the
   * result is insisted on.
   */
  private Optional<Instruction> report(Report.Stage stage, int percent) {
    Report report =
        new Report(
            job.dispatchId(),
            job.attempt(),
            job.reportToken(),
            new Progress(percent, "working"),
            Optional.empty(),
            stage);
    String body = RunnerProtocol.toJson(report);
    Optional<Reply> reply =
        stage instanceof Report.Stage.Working
            ? call(RunnerProtocol.REPORT_PATH, body)
            : insist(RunnerProtocol.REPORT_PATH, body);
    if (reply.isEmpty() || reply.get().mayPass()) {
      return Optional.empty();
    }
    if (!reply.get().succeeded()) {
      // It is no longer this runner's.
      throw new Exit(ContainerContract.EXIT_STOPPED);
    }
    try {
      Instruction instruction = RunnerProtocol.instructionFromAnswer(reply.get().body());
      instruction
          .stop()
          .ifPresent(
              why ->
                  stop =
                      Optional.of(
                          why == Instruction.Stop.CANCEL
                              ? new Failure(Cause.CANCELLED, "the dispatch was cancelled")
                              : new Failure(Cause.TIMEOUT, "the dispatch's time was up")));
      return Optional.of(instruction);
    } catch (MalformedMessage e) {
      throw new IllegalStateException(e);
    }
  }

  private Optional<Reply> insist(String path, String body) {
    Instant giveUp = world.timeline().instant().plus(PATIENCE);
    Optional<Reply> reply = call(path, body);
    while ((reply.isEmpty() || reply.get().mayPass())
        && world.timeline().instant().isBefore(giveUp)) {
      world.timeline().sleep(chance.between(Duration.ofMillis(100), LONGEST_PAUSE));
      reply = call(path, body);
    }
    return reply.filter(answer -> !answer.mayPass());
  }

  private Optional<Reply> call(String path, String body) {
    return world.gateway().call(new Request("POST", path, Optional.empty(), Optional.of(body)));
  }
}
