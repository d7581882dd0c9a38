package dev.outpost.dynamodb.rehearsal;

import dev.outpost.dispatch.Claimed;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.Spec;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Progress;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A dispatch that can't be, in the states in which a function finds one: ids begin with their time,
 * and this one's is before the first.
 *
 * @param now when all of it happened
 */
public record NobodysDispatch(Instant now) {
  /** Its id. */
  public static final DispatchId ID = new DispatchId("dsp_00000000000000000000000000");

  /** Its task. */
  public static final String TASK =
      "arn:aws:ecs:us-east-1:000000000000:task/none/00000000000000000000000000000000";

  /** Its task's definition. */
  public static final String DEFINITION =
      "arn:aws:ecs:us-east-1:000000000000:task-definition/none:1";

  /** Refuses null. */
  public NobodysDispatch {
    Objects.requireNonNull(now, "now");
  }

  private Launch launch() {
    return new Launch(1, now, DEFINITION, Optional.empty());
  }

  private Claimed claimed() {
    return new Claimed("0".repeat(32), now);
  }

  /** It waits to be launched. */
  public Dispatch pending() {
    return in(new DispatchState.Pending(1, now));
  }

  /** Its task was started, and nobody has claimed it. */
  public Dispatch launched() {
    return in(new DispatchState.Provisioning(launch().with(TASK, now)));
  }

  /** A runner works on it. */
  public Dispatch running() {
    return in(
        new DispatchState.Running(
            launch().with(TASK, now),
            claimed(),
            new Progress(10, "rehearsal"),
            Optional.empty(),
            now));
  }

  /** It has failed. */
  public Dispatch failed() {
    return in(
        new DispatchState.Ended(
            Optional.of(launch().with(TASK, now)),
            Optional.of(claimed()),
            now,
            Optional.of(new Failure(Cause.AGENT_ERROR, "rehearsal")),
            OptionalInt.of(1),
            Optional.empty()));
  }

  private Dispatch in(DispatchState state) {
    return Dispatch.accepted(
            ID,
            TenantId.INSTALLATION,
            new Spec(
                "claude",
                Optional.empty(),
                "An instance starts.",
                Optional.of("owner/name"),
                new Workspace(
                    Optional.of("https://github.com/owner/name.git"),
                    Optional.empty(),
                    Workspace.Init.MINIMAL),
                Optional.of(dev.outpost.run.Context.FULL),
                Duration.ofMinutes(10),
                Optional.empty(),
                Map.of("a", "b"),
                Optional.empty()),
            now)
        .in(state);
  }
}
