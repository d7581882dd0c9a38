package dev.outpost.smallworld;

import dev.outpost.claim.ClaimJob;
import dev.outpost.claim.HearReport;
import dev.outpost.dispatch.Cancel;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.StateChange;
import dev.outpost.launch.Advance;
import dev.outpost.run.Cause;
import dev.outpost.run.Claim;
import dev.outpost.run.ContainerContract;
import dev.outpost.run.Failure;
import dev.outpost.run.Instruction;
import dev.outpost.run.Progress;
import dev.outpost.run.Report;
import dev.outpost.run.RunResult;
import dev.outpost.smallworld.Fiber.Body;
import dev.outpost.tenant.Principal;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tier;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The processes of a small world: each a use case, and what the handler around it does. */
final class Bodies {
  private static final Report.Stage WORKING = new Report.Stage.Working();

  private Bodies() {}

  /** The launcher with a message, which it acknowledges when its work is done. */
  record Launching(World.Message message) implements Body {
    @Override
    public Optional<Body> on(Ports ports) {
      if (ports.advance().advance(message.id()) instanceof Advance.Outcome.Done) {
        Object _ = ports.aside(world -> world.acknowledge(message));
      }
      return Optional.empty();
    }

    @Override
    public World ended(World world) {
      return world.visibleAgain(message);
    }
  }

  /** The relay with the stream's first record. */
  record Relaying(StateChange change) implements Body {
    @Override
    public Optional<Body> on(Ports ports) {
      ports.relay().relay(List.of(change));
      Object _ = ports.aside(world -> world.toldStream(change));
      return Optional.empty();
    }
  }

  /** A round of the reconciler. */
  record Reconciling() implements Body {
    @Override
    public Optional<Body> on(Ports ports) {
      var _ = ports.reconciler().reconcile();
      return Optional.empty();
    }
  }

  /** A client that cancels, once, and hears what came of it or nothing. */
  record Cancelling(DispatchId id) implements Body {
    @Override
    public Optional<Body> on(Ports ports) {
      Principal client = new Principal(TenantId.INSTALLATION, "key", Set.of(), Tier.FREE);
      Cancel.Outcome outcome = ports.canceller().cancel(client, id, Optional.empty());
      Object _ = ports.aside(world -> world.answeredCancel(outcome));
      return Optional.empty();
    }
  }

  /**
   * A container, whose runner claims, works, reports and exits as the real one does.
   *
   * @param id for which dispatch
   * @param attempt for which launch of it
   * @param task in which task
   * @param stage how far its runner is
   */
  record Running(DispatchId id, int attempt, int task, Stage stage) implements Body {
    /** What a runner is about. */
    sealed interface Stage {
      record Claiming(boolean knowsItsTask) implements Stage {}

      record Beginning() implements Stage {}

      record Telling() implements Stage {}

      record Ending() implements Stage {}

      record Delivering(Optional<Failure> failure) implements Stage {}

      record Exiting(int code) implements Stage {}
    }

    @Override
    public Optional<Body> on(Ports ports) {
      return next(ports).map(next -> new Running(id, attempt, task, next));
    }

    /** A container whose process ends has ended itself. */
    @Override
    public World ended(World world) {
      return world.died(task);
    }

    private Optional<Stage> next(Ports ports) {
      try {
        return switch (stage) {
          case Stage.Claiming s -> Optional.of(claim(ports, s));
          case Stage.Beginning _ -> {
            Object _ = ports.aside(world -> world.work(task));
            yield Optional.of(new Stage.Telling());
          }
          case Stage.Telling _ -> Optional.of(afterTelling(report(ports, 50, WORKING)));
          case Stage.Ending _ -> {
            boolean well = (boolean) ports.aside(world -> world.finish(task));
            yield Optional.of(
                new Stage.Delivering(
                    well
                        ? Optional.empty()
                        : Optional.of(new Failure(Cause.AGENT_ERROR, "the agent failed"))));
          }
          case Stage.Delivering s -> Optional.of(deliver(ports, s.failure()));
          case Stage.Exiting s -> {
            ports.tell(world -> world.exit(task, s.code()));
            yield Optional.empty();
          }
        };
      } catch (Ports.Failed _) {
        // A report on the way is tried once; all else is insisted on.
        return Optional.of(stage instanceof Stage.Telling ? new Stage.Ending() : stage);
      }
    }

    private Stage claim(Ports ports, Stage.Claiming how) {
      Claim claim =
          new Claim(
              id.value(),
              attempt,
              Ports.TOKENS.claimToken(id, attempt),
              "runner of " + task,
              how.knowsItsTask() ? Optional.of("task/" + task) : Optional.empty());
      return ports.claimJob().claim(claim) instanceof ClaimJob.Outcome.Granted
          ? new Stage.Beginning()
          : new Stage.Exiting(ContainerContract.EXIT_NOT_CLAIMED);
    }

    private static Stage afterTelling(HearReport.Outcome outcome) {
      return outcome instanceof HearReport.Outcome.Taken taken
          ? taken
              .instruction()
              .stop()
              .<Stage>map(stop -> new Stage.Delivering(Optional.of(stopped(stop))))
              .orElse(new Stage.Ending())
          : new Stage.Exiting(ContainerContract.EXIT_STOPPED);
    }

    private static Failure stopped(Instruction.Stop stop) {
      return switch (stop) {
        case CANCEL -> new Failure(Cause.CANCELLED, "cancelled");
        case TIMEOUT -> new Failure(Cause.TIMEOUT, "out of time");
      };
    }

    private Stage deliver(Ports ports, Optional<Failure> failure) {
      RunResult result =
          new RunResult(
              failure,
              OptionalInt.of(failure.isEmpty() ? 0 : 1),
              "",
              Optional.empty(),
              Optional.empty(),
              0,
              List.of());
      boolean taken =
          report(ports, 100, new Report.Stage.Finished(result)) instanceof HearReport.Outcome.Taken;
      return new Stage.Exiting(taken ? code(failure) : ContainerContract.EXIT_STOPPED);
    }

    private static int code(Optional<Failure> failure) {
      return switch (failure.map(Failure::cause).orElse(null)) {
        case null -> ContainerContract.EXIT_SUCCESS;
        case CANCELLED -> ContainerContract.EXIT_STOPPED;
        case TIMEOUT -> ContainerContract.EXIT_TIMEOUT;
        case Cause _ -> ContainerContract.EXIT_FAILED;
      };
    }

    private HearReport.Outcome report(Ports ports, int percent, Report.Stage what) {
      return ports
          .hearReport()
          .hear(
              new Report(
                  id.value(),
                  attempt,
                  Ports.TOKENS.reportToken(id, attempt),
                  new Progress(percent, ""),
                  Optional.empty(),
                  what));
    }
  }
}
