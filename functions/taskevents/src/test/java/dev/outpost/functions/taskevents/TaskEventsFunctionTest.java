package dev.outpost.functions.taskevents;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import dev.outpost.dispatch.Claimed;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Status;
import dev.outpost.embedded.Installation;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.RunResult;
import dev.outpost.tenant.Tier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TaskEventsFunctionTest {
  private static final DispatchId ID = Installation.SAMPLE_ID;

  private final Installation installation = new Installation(Tier.PRO);
  private final TaskEventsFunction function = new TaskEventsFunction(installation.dispatches());

  private static SQSEvent sample() throws IOException {
    Path file = Path.of(System.getProperty("outpost.root"), "events", "taskevents.json");
    try (InputStream in = Files.newInputStream(file)) {
      return LambdaEventSerializers.serializerFor(
              SQSEvent.class, TaskEventsFunctionTest.class.getClassLoader())
          .fromJson(in);
    }
  }

  private void runThatFails() {
    installation.accept(ID);
    installation.launching(ID);
    installation.happen(
        ID,
        new DispatchEvent.Claiming(1, new Claimed("c", installation.instant())),
        new DispatchEvent.Finished(
            1,
            installation.instant(),
            new RunResult(
                Optional.of(new Failure(Cause.AGENT_ERROR, "The agent failed.")),
                OptionalInt.of(3),
                "",
                Optional.empty(),
                Optional.empty(),
                0,
                List.of())));
  }

  @Test
  void theSampleEventEndsItsDispatch() throws IOException {
    runThatFails();
    assertThat(function.handleRequest(sample(), null).getBatchItemFailures()).isEmpty();
    Dispatch dispatch = installation.dispatch(ID);
    assertThat(dispatch.status()).isEqualTo(Status.FAILED);
    DispatchState.Ended end = (DispatchState.Ended) dispatch.state();
    assertThat(end.at()).isEqualTo(Instant.parse("2026-11-22T10:01:35Z"));
    assertThat(end.launch().orElseThrow().taskArn()).contains(Installation.SAMPLE_TASK);
    assertThat(installation.dispatches().slots(Installation.SAMPLE_TENANT)).isEmpty();
  }

  @Test
  void theSameEventAgainChangesNothingAtAll() throws IOException {
    runThatFails();
    function.handleRequest(sample(), null);
    Dispatch first = installation.dispatch(ID);
    function.handleRequest(sample(), null);
    assertThat(installation.dispatch(ID)).isEqualTo(first);
  }

  @Test
  void aTaskThatIsNobodysIsNoFailure() throws IOException {
    SQSEvent event = sample();
    event
        .getRecords()
        .getFirst()
        .setBody(event.getRecords().getFirst().getBody().replace(ID.value(), "somebody-else"));
    assertThat(function.handleRequest(event, null).getBatchItemFailures()).isEmpty();
    assertThat(function.handleRequest(sample(), null).getBatchItemFailures()).isEmpty();
  }

  @Test
  void whatIsNoEventComesAgainUntilItIsADeadLetter() throws IOException {
    SQSEvent event = sample();
    event.getRecords().getFirst().setBody("{}");
    assertThat(function.handleRequest(event, null).getBatchItemFailures()).hasSize(1);
  }
}
