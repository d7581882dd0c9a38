package dev.outpost.functions.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import dev.outpost.InstallationKey;
import dev.outpost.claim.RunTokens;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Due;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.Status;
import dev.outpost.ecs.EcsConfig;
import dev.outpost.ecs.EcsRuns;
import dev.outpost.ecs.MemoryEcs;
import dev.outpost.embedded.Installation;
import dev.outpost.launch.Advance;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.tenant.Tier;
import dev.outpost.workspace.Booking.WhenBusy;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LauncherFunctionTest {
  private static final Failure CANCELLED = new Failure(Cause.CANCELLED, "Cancelled.");

  private final Installation installation = new Installation(Tier.STARTER);
  private final MemoryEcs ecs = new MemoryEcs();
  private final LauncherFunction function =
      new LauncherFunction(
          new Advance(
              installation.dispatches(),
              installation.tenants(),
              new EcsRuns(ecs, config(), installation),
              installation.launchQueue(),
              new RunTokens(new InstallationKey(new byte[32])),
              installation));

  private static EcsConfig config() {
    return new EcsConfig(
        "prod",
        URI.create("https://api.example.com"),
        "outpost",
        List.of("subnet-1"),
        List.of("sg-1"),
        false,
        Optional.empty(),
        List.of());
  }

  private static SQSEvent sample() throws IOException {
    Path file = Path.of(System.getProperty("outpost.root"), "events", "launcher.json");
    try (InputStream in = Files.newInputStream(file)) {
      return LambdaEventSerializers.serializerFor(
              SQSEvent.class, LauncherFunctionTest.class.getClassLoader())
          .fromJson(in);
    }
  }

  private SQSBatchResponse look(DispatchId... ids) {
    List<SQSMessage> messages = new ArrayList<>();
    for (DispatchId id : ids) {
      messages.add(message("{\"dispatchId\":\"" + id + "\"}", "message-" + id));
    }
    return handle(messages);
  }

  private SQSBatchResponse handle(List<SQSMessage> messages) {
    SQSEvent event = new SQSEvent();
    event.setRecords(messages);
    return function.handleRequest(event, null);
  }

  private static SQSMessage message(String body, String id) {
    SQSMessage message = new SQSMessage();
    message.setBody(body);
    message.setMessageId(id);
    return message;
  }

  @Test
  void theSampleEventStartsItsDispatchsTask() throws IOException {
    installation.accept(Installation.SAMPLE_ID);
    assertThat(function.handleRequest(sample(), null).getBatchItemFailures()).isEmpty();
    assertThat(ecs.started()).hasSize(1);
    assertThat(installation.dispatch(Installation.SAMPLE_ID).state().launched())
        .flatMap(Launch::taskArn)
        .contains(ecs.started().getFirst());
  }

  @Test
  void aRedeliveryStartsNothingMore() {
    DispatchId id = installation.accept();
    look(id, id);
    look(id);
    assertThat(ecs.started()).hasSize(1);
  }

  @Test
  void aLostAnswerIsAskedForAgainWithTheSameToken() {
    DispatchId id = installation.accept();
    ecs.failNext(MemoryEcs.Fault.ANSWER_LOST);
    assertThat(look(id).getBatchItemFailures()).hasSize(1);
    assertThat(look(id).getBatchItemFailures()).isEmpty();
    assertThat(ecs.started()).hasSize(1);
    assertThat(installation.dispatch(id).status()).isEqualTo(Status.PROVISIONING);
  }

  @Test
  void aThrottledLaunchKeepsItsSlotAndComesAgain() {
    DispatchId id = installation.accept();
    ecs.failNext(MemoryEcs.Fault.THROTTLED);
    SQSBatchResponse response = look(id);
    assertThat(response.getBatchItemFailures())
        .extracting(SQSBatchResponse.BatchItemFailure::getItemIdentifier)
        .containsExactly("message-" + id);
    assertThat(installation.dispatches().slots(Installation.SAMPLE_TENANT)).containsExactly(id);
  }

  @Test
  void aWantOfCapacityFreesTheSlotAndTriesTheNextAttemptLater() {
    DispatchId id = installation.accept();
    ecs.failNext(MemoryEcs.Fault.NO_CAPACITY);
    assertThat(look(id).getBatchItemFailures()).isEmpty();
    assertThat(installation.dispatches().slots(Installation.SAMPLE_TENANT)).isEmpty();
    assertThat(installation.enqueued()).isEmpty();
    installation.pass(Advance.FIRST_BACKOFF);
    assertThat(installation.enqueued()).containsExactly(id);
    look(id);
    assertThat(installation.dispatch(id).state().launched().orElseThrow().attempt()).isEqualTo(2);
  }

  @Test
  void aRefusedLaunchFailsAtOnceWithItsCause() {
    DispatchId id = installation.accept();
    ecs.failNext(MemoryEcs.Fault.INVALID);
    assertThat(look(id).getBatchItemFailures()).isEmpty();
    DispatchState.Ended end = (DispatchState.Ended) installation.dispatch(id).state();
    assertThat(end.failure().orElseThrow().cause()).isEqualTo(Cause.LAUNCH_FAILED);
  }

  @Test
  void noMoreThanTheTiersSlotsAreEverTaken() {
    List<DispatchId> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(installation.accept());
    }
    look(ids.toArray(new DispatchId[0]));
    assertThat(installation.dispatches().slots(Installation.SAMPLE_TENANT))
        .containsExactlyInAnyOrderElementsOf(ids.subList(0, 3));
  }

  @Test
  void aNewcomerGivesWayToOlderOnesThatWait() {
    DispatchId older = installation.accept();
    DispatchId second = installation.accept();
    DispatchId third = installation.accept();
    installation.pass(Duration.ofMillis(5));
    DispatchId newcomer = installation.accept();
    look(newcomer);
    assertThat(ecs.started()).isEmpty();
    installation.pass(Advance.GIVE_WAY);
    assertThat(installation.enqueued()).containsExactly(newcomer);
    look(older, second, third);
    look(newcomer);
    assertThat(installation.dispatch(newcomer).status()).isEqualTo(Status.PENDING);
  }

  @Test
  void whoWaitsForAWorkspaceIsSilentUntilItIsFreeAndHoldsUpNobody() {
    DispatchId first = installation.accept("default", WhenBusy.WAIT);
    DispatchId second = installation.accept("default", WhenBusy.WAIT);
    DispatchId third = installation.accept("default", WhenBusy.WAIT);
    DispatchId plain = installation.accept();
    look(first, second, third, plain);
    assertThat(installation.dispatches().slots(Installation.SAMPLE_TENANT))
        .containsExactlyInAnyOrder(first, plain);
    installation.pass(Duration.ofMinutes(1));
    assertThat(installation.enqueued()).isEmpty();

    installation.happen(first, new DispatchEvent.TaskGone(1, installation.instant()));
    look(third);
    assertThat(installation.dispatch(third).status())
        .as("an older one waits for it")
        .isEqualTo(Status.PENDING);
    look(second);
    assertThat(installation.dispatch(second).status()).isEqualTo(Status.PROVISIONING);
  }

  @Test
  void whoReservedItsWorkspaceIsLaunchedBeforeAnOlderOneThatWaitsForIt() {
    DispatchId older = installation.accept("default", WhenBusy.WAIT);
    DispatchId reserved = installation.accept("default", WhenBusy.REJECT);
    look(older, reserved);
    assertThat(installation.dispatches().slots(Installation.SAMPLE_TENANT))
        .containsExactly(reserved);
  }

  @Test
  void whatGivesWayLooksAgainSevenTimesAtMostHoweverLongTheOlderOnesAreHeldUp() {
    for (int older = 0; older < 3; older++) {
      installation.accept();
    }
    installation.pass(Duration.ofMillis(5));
    DispatchId newcomer = installation.accept();
    look(newcomer);
    int looks = 0;
    for (int second = 0; second < 3600; second++) {
      installation.pass(Duration.ofSeconds(1));
      for (DispatchId id : installation.enqueued()) {
        assertThat(id).isEqualTo(newcomer);
        looks++;
        look(id);
      }
    }
    assertThat(looks).isEqualTo(7);
    assertThat(installation.dispatches().due(installation.instant()))
        .as("from then on it is the reconciler's")
        .extracting(Due::id)
        .contains(newcomer);
  }

  @Test
  void aSuspendedTenantsDispatchesWait() {
    DispatchId id = installation.accept();
    installation.tenants().update(Installation.SAMPLE_TENANT, t -> t.withSuspended(true));
    look(id);
    assertThat(ecs.started()).isEmpty();
    assertThat(installation.dispatch(id).status()).isEqualTo(Status.PENDING);
  }

  @Test
  void aCancelledDispatchsTaskIsStopped() {
    DispatchId id = installation.accept();
    look(id);
    installation.happen(id, new DispatchEvent.StopAsked(installation.instant(), CANCELLED));
    look(id);
    assertThat(ecs.stopped()).isEqualTo(ecs.started());
  }

  @Test
  void aMessageThatMeansNothingFailsAlone() {
    DispatchId id = installation.accept();
    SQSBatchResponse response =
        handle(
            List.of(
                message("no json", "poison"),
                message("{\"dispatchId\":\"" + id + "\"}", "good"),
                message("{\"dispatchId\":\"dsp_x\"}", "nobody")));
    assertThat(response.getBatchItemFailures())
        .extracting(SQSBatchResponse.BatchItemFailure::getItemIdentifier)
        .containsExactly("poison", "nobody");
    assertThat(ecs.started()).hasSize(1);
  }

  private SQSBatchResponse lookAtReceive(DispatchId id, int receive) {
    SQSMessage message = message("{\"dispatchId\":\"" + id + "\"}", "message-" + id);
    message.setAttributes(Map.of("ApproximateReceiveCount", String.valueOf(receive)));
    return handle(List.of(message));
  }

  @Test
  void aDispatchByWhichOurOwnCodeFailsEachTimeIsGivenUpWithItsLastMessage() {
    DispatchId id = installation.accept();
    for (int receive = 1; receive <= LaunchQueue.MAX_RECEIVES; receive++) {
      assertThat(installation.dispatch(id).state().isTerminal()).isFalse();
      ecs.failNext(MemoryEcs.Fault.OWN_FAULT);
      assertThat(lookAtReceive(id, receive).getBatchItemFailures()).hasSize(1);
    }
    // A task may have been started all the same: the reconciler ends it when there is none.
    DispatchState.Stopping stopping = (DispatchState.Stopping) installation.dispatch(id).state();
    assertThat(stopping.why().cause()).isEqualTo(Cause.INTERNAL);
  }

  @Test
  void whatAwsFindsWrongWithADispatchIsItsEndAndADeadLetter() {
    DispatchId id = installation.accept();
    ecs.findFault();
    for (int receive = 1; receive <= LaunchQueue.MAX_RECEIVES; receive++) {
      assertThat(installation.dispatch(id).state().isTerminal()).isFalse();
      assertThat(lookAtReceive(id, receive).getBatchItemFailures()).hasSize(1);
    }
    assertThat(installation.dispatch(id).status()).isEqualTo(Status.FAILED);
  }

  @Test
  void anUnknownOutcomeIsLeftToTheReconcilerRatherThanToTheDeadLetters() {
    DispatchId id = installation.accept();
    for (int receive = 1; receive < LaunchQueue.MAX_RECEIVES; receive++) {
      ecs.failNext(MemoryEcs.Fault.THROTTLED);
      assertThat(lookAtReceive(id, receive).getBatchItemFailures()).hasSize(1);
    }
    ecs.failNext(MemoryEcs.Fault.THROTTLED);
    assertThat(lookAtReceive(id, LaunchQueue.MAX_RECEIVES).getBatchItemFailures()).isEmpty();
    assertThat(installation.dispatch(id).status()).isEqualTo(Status.PROVISIONING);
  }

  @Test
  void anAgentThatIsNotDeployedFailsItsDispatchAndHoldsUpNobody() {
    DispatchId id = installation.accept();
    ecs.undeploy();
    assertThat(look(id).getBatchItemFailures()).isEmpty();
    DispatchState.Ended end = (DispatchState.Ended) installation.dispatch(id).state();
    assertThat(end.failure().orElseThrow().cause()).isEqualTo(Cause.LAUNCH_FAILED);
    assertThat(installation.dispatches().slots(Installation.SAMPLE_TENANT)).isEmpty();
  }
}
