package dev.outpost.functions.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import dev.outpost.dispatch.Claimed;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.Status;
import dev.outpost.ecs.EcsConfig;
import dev.outpost.ecs.EcsRuns;
import dev.outpost.ecs.MemoryEcs;
import dev.outpost.edge.CatalogueFile;
import dev.outpost.embedded.Installation;
import dev.outpost.launch.Runs;
import dev.outpost.launch.WakeWaiting;
import dev.outpost.reconcile.Reconcile;
import dev.outpost.relay.FallBack;
import dev.outpost.relay.LifecycleBus;
import dev.outpost.relay.LifecycleEvent;
import dev.outpost.relay.Tell;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.tenant.Tier;
import dev.outpost.webhook.Retry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.Task;

class ReconcilerFunctionTest {
  private final Installation installation = new Installation(Tier.STARTER);
  private final MemoryEcs ecs = new MemoryEcs();
  private final List<LifecycleEvent> told = new ArrayList<>();
  private LifecycleBus bus = told::addAll;
  private final Runs runs =
      new EcsRuns(
          ecs,
          new EcsConfig(
              "prod",
              URI.create("https://api.example.com"),
              "outpost",
              List.of("subnet-1"),
              List.of("sg-1"),
              false,
              Optional.empty(),
              List.of()),
          installation);
  private final ReconcilerFunction function =
      new ReconcilerFunction(
          new Reconcile(
              installation.dispatches(),
              runs,
              installation.launchQueue(),
              new WakeWaiting(
                  installation.dispatches(),
                  installation.tenants(),
                  installation.launchQueue(),
                  installation),
              new Tell(
                  installation.dispatches(),
                  installation.announce(),
                  events -> bus.publish(events),
                  new FallBack(
                      installation.dispatches(),
                      installation.tenants(),
                      CatalogueFile.packaged(),
                      installation.launchQueue()),
                  Set.of(Status.RUNNING, Status.SUCCESS, Status.CANCELLED),
                  installation),
              new Retry(installation.deliveries(), installation.deliveryQueue()),
              installation));

  private Reconcile.Round round() {
    Path file = Path.of(System.getProperty("outpost.root"), "events", "reconciler.json");
    try (InputStream in = Files.newInputStream(file)) {
      ScheduledEvent event =
          LambdaEventSerializers.serializerFor(
                  ScheduledEvent.class, ReconcilerFunctionTest.class.getClassLoader())
              .fromJson(in);
      return function.handleRequest(event, null);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A dispatch whose task ECS has started; the launcher may or may not have noted which. */
  private DispatchId started(boolean noted) {
    DispatchId id = installation.accept();
    Launch launch = installation.launching(id);
    Runs.Start start =
        runs.start(new Runs.Order(id, 1, launch.taskDefinition(), "token", Optional.empty()));
    if (noted) {
      String arn = ((Runs.Start.Started) start).taskArn();
      installation.happen(id, new DispatchEvent.Launched(1, arn, installation.instant()));
    }
    return id;
  }

  private Task.Builder task() {
    return ecs.task(ecs.started().getLast()).toBuilder();
  }

  private void stopped(int exitCode) {
    ecs.become(
        ecs.started().getLast(),
        task()
            .lastStatus("STOPPED")
            .desiredStatus("STOPPED")
            .stoppedAt(installation.instant())
            .stopCode("EssentialContainerExited")
            .containers(Container.builder().name("agent").exitCode(exitCode).build()));
  }

  private void running(DispatchId id) {
    installation.happen(
        id, new DispatchEvent.Claiming(1, new Claimed("c", installation.instant())));
    ecs.become(ecs.started().getLast(), task().lastStatus("RUNNING"));
  }

  @Test
  void whatIsNotDueIsLeftAlone() {
    installation.accept();
    assertThat(round()).isEqualTo(new Reconcile.Round(0, 0, 0));
  }

  @Test
  void aDispatchWhoseMessageWasLostIsEnqueuedAgain() {
    DispatchId id = installation.accept();
    installation.pass(Dispatch.ENQUEUE_LATENCY);
    assertThat(round()).isEqualTo(new Reconcile.Round(1, 1, 0));
    assertThat(installation.enqueued()).containsExactly(id);
  }

  @Test
  void anEndThatNobodyWasToldOfIsToldWithAllThatWasBefore() {
    DispatchId id = started(true);
    running(id);
    installation.happen(
        id,
        new DispatchEvent.StopAsked(
            installation.instant(), new Failure(Cause.CANCELLED, "Cancelled.")),
        new DispatchEvent.TaskGone(1, installation.instant()));
    installation.pass(Dispatch.TELL_LATENCY.minusNanos(1));
    assertThat(round()).isEqualTo(new Reconcile.Round(0, 0, 0));
    installation.pass(Duration.ofNanos(1));
    assertThat(round()).isEqualTo(new Reconcile.Round(1, 1, 0));
    assertThat(told)
        .extracting(LifecycleEvent::status)
        .containsExactly(Status.RUNNING, Status.CANCELLED);
    assertThat(told.getLast()).isEqualTo(LifecycleEvent.of(installation.dispatch(id)));
    installation.pass(Duration.ofDays(1));
    assertThat(round()).isEqualTo(new Reconcile.Round(0, 0, 0));
  }

  @Test
  void aBusThatIsDownHoldsUpNothingElse() {
    installation.happen(
        installation.accept(),
        new DispatchEvent.StopAsked(installation.instant(), new Failure(Cause.CANCELLED, "")));
    DispatchId expiring = installation.accept();
    installation.pass(Dispatch.MAX_WAIT);
    List<Status> seen = new ArrayList<>();
    bus =
        _ -> {
          seen.add(installation.dispatch(expiring).status());
          throw new IllegalStateException("the bus is down");
        };
    assertThat(round().failed()).isEqualTo(1);
    assertThat(seen).containsExactly(Status.TIMEOUT);
  }

  @Test
  void whatCouldNotBeToldIsDueUntilItIs() {
    DispatchId id = installation.accept();
    installation.happen(
        id, new DispatchEvent.StopAsked(installation.instant(), new Failure(Cause.CANCELLED, "")));
    installation.pass(Dispatch.TELL_LATENCY);
    LifecycleBus well = bus;
    bus =
        _ -> {
          throw new IllegalStateException("the bus is down");
        };
    assertThat(round()).isEqualTo(new Reconcile.Round(1, 0, 1));
    bus = well;
    assertThat(round()).isEqualTo(new Reconcile.Round(1, 1, 0));
    assertThat(told).extracting(LifecycleEvent::id).containsExactly(id);
  }

  @Test
  void slotsThatNobodysDispatchesHoldAreFreeForWhoWaits() {
    for (int i = 0; i < Tier.STARTER.concurrent(); i++) {
      installation.restoreSlot(new DispatchId("dsp_01KANWJ0M8Q2Z5Y7X3C9D4E6F" + i));
    }
    DispatchId id = installation.accept();
    installation.pass(Dispatch.ENQUEUE_LATENCY);
    assertThat(round().failed()).isZero();
    assertThat(installation.enqueued()).containsExactly(id);
    assertThat(installation.dispatches().slots(Installation.SAMPLE_TENANT)).isEmpty();
  }

  @Test
  void oneThatWaitsForASlotIsLeftWaiting() {
    for (int i = 0; i < 3; i++) {
      installation.launching(installation.accept());
    }
    installation.accept();
    installation.pass(Dispatch.ENQUEUE_LATENCY);
    round();
    assertThat(installation.enqueued()).isEmpty();
  }

  @Test
  void oneThatWaitedTooLongExpires() {
    DispatchId id = installation.accept();
    installation.pass(Dispatch.MAX_WAIT);
    round();
    assertThat(installation.dispatch(id).status()).isEqualTo(Status.TIMEOUT);
  }

  @Test
  void aLaunchThatNobodyFinishedIsRepeated() {
    DispatchId id = installation.accept();
    installation.launching(id);
    installation.pass(Dispatch.LAUNCH_LOOK);
    round();
    assertThat(installation.enqueued()).containsExactly(id);
    installation.pass(Launch.LEASE);
    round();
    assertThat(((DispatchState.Ended) installation.dispatch(id).state()).failure())
        .map(Failure::cause)
        .contains(Cause.TASK_LOST);
  }

  @Test
  void aTaskThatTheLauncherNeverHeardOfIsFoundByItsDispatch() {
    DispatchId id = started(false);
    installation.pass(Dispatch.LAUNCH_LOOK);
    round();
    assertThat(installation.dispatch(id).state().launched().orElseThrow().taskArn())
        .contains(ecs.started().getFirst());
  }

  @Test
  void aStopWhoseEventWasLostIsFoldedIn() {
    DispatchId id = started(true);
    running(id);
    installation.pass(Duration.ofMinutes(8));
    stopped(137);
    assertThat(round().healed()).isEqualTo(1);
    assertThat(((DispatchState.Ended) installation.dispatch(id).state()).failure())
        .map(Failure::cause)
        .contains(Cause.TASK_TERMINATED);
  }

  @Test
  void aTaskPastItsDeadlineIsStoppedAndEndsAsATimeout() {
    DispatchId id = started(true);
    running(id);
    installation.pass(
        Dispatch.PREPARATION.plus(Duration.ofMinutes(10)).plus(Dispatch.TIMEOUT_GRACE));
    round();
    assertThat(ecs.stopped()).isEqualTo(ecs.started());
    assertThat(installation.dispatch(id).status()).isEqualTo(Status.COMPLETING);
    installation.pass(Dispatch.STOP_LATENCY);
    stopped(143);
    round();
    assertThat(installation.dispatch(id).status()).isEqualTo(Status.TIMEOUT);
  }

  @Test
  void aStubbornTaskIsAskedToStopAgain() {
    DispatchId id = started(true);
    running(id);
    installation.happen(
        id,
        new DispatchEvent.StopAsked(
            installation.instant(), new Failure(Cause.CANCELLED, "Cancelled.")));
    installation.pass(Dispatch.STOP_LATENCY);
    round();
    round();
    assertThat(ecs.stopped()).hasSize(2);
  }

  @Test
  void aTaskThatNeverStartsIsGivenUp() {
    DispatchId id = started(true);
    installation.pass(Dispatch.START_LATENCY);
    round();
    assertThat(ecs.stopped()).isEqualTo(ecs.started());
    stopped(1);
    installation.pass(Dispatch.STOP_LATENCY);
    round();
    assertThat(((DispatchState.Ended) installation.dispatch(id).state()).failure())
        .map(Failure::cause)
        .contains(Cause.TASK_FAILED_TO_START);
  }

  @Test
  void aTaskThatEcsHasForgottenIsLost() {
    DispatchId id = started(true);
    running(id);
    ecs.forget(ecs.started().getFirst());
    installation.pass(Duration.ofMinutes(8));
    round();
    assertThat(installation.dispatch(id).status()).isEqualTo(Status.FAILED);
    assertThat(installation.dispatches().slots(Installation.SAMPLE_TENANT)).isEmpty();
  }

  @Test
  void ofTwoTasksOfOneLaunchNoneIsAnOrphanUntilOneHasTheJob() {
    DispatchId id = started(true);
    String first = ecs.started().getFirst();
    ecs.become(first, task().createdAt(installation.instant()));
    ecs.runTask(
        RunTaskRequest.builder()
            .clientToken("another")
            .startedBy(id.value())
            .overrides(ecs.task(first).overrides())
            .build());
    String second = ecs.started().getLast();
    ecs.become(second, task().createdAt(installation.instant()));
    installation.pass(Reconcile.ORPHANS_EVERY);
    round();
    assertThat(ecs.stopped()).isEmpty();

    running(id);
    installation.pass(Reconcile.ORPHANS_EVERY);
    round();
    assertThat(ecs.stopped()).containsExactly(second);
  }

  @Test
  void anOrphanThatCannotBeStoppedHoldsUpNoOther() {
    for (int i = 0; i < 3; i++) {
      DispatchId id = started(true);
      ecs.become(ecs.started().getLast(), task().createdAt(installation.instant()));
      installation.happen(
          id,
          new DispatchEvent.StopAsked(installation.instant(), new Failure(Cause.CANCELLED, "")));
      installation.happen(id, new DispatchEvent.TaskGone(1, installation.instant()));
      assertThat(installation.dispatch(id).status()).isEqualTo(Status.CANCELLED);
      installation.dispatches().told(installation.dispatch(id));
    }
    ecs.failToStop(ecs.started().getFirst());
    installation.pass(Reconcile.ORPHANS_EVERY);
    Reconcile.Round round = round();
    assertThat(round).isEqualTo(new Reconcile.Round(0, 2, 1));
    assertThat(ecs.stopped()).isEqualTo(ecs.started().subList(1, 3));
  }
}
