package dev.outpost.functions.taskevents;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.dispatch.Change;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dynamodb.rehearsal.NobodysDispatch;
import dev.outpost.ecs.event.TaskEvents;
import dev.outpost.ecs.event.TaskSeen;
import dev.outpost.edge.sqs.SqsBatch;
import dev.outpost.edge.start.LambdaEvents;
import dev.outpost.edge.start.Primed;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.lambda.powertools.logging.PowertoolsLogging;

/**
 * Folds ECS task-state events into the dispatches' records.
 *
 * <p>EventBridge delivers at least once and in no order; {@code Lifecycle} answers any of that
 * alike.
 */
public final class TaskEventsFunction
    implements RequestHandler<SQSEvent, SQSBatchResponse>, Primed {
  private static final Logger LOG = LoggerFactory.getLogger(TaskEventsFunction.class);

  private static final String REHEARSED =
      """
      {"Records":[{"messageId":"rehearsal","receiptHandle":"","eventSource":"aws:sqs","body":"",
       "attributes":{"ApproximateReceiveCount":"1"},"messageAttributes":{}}]}""";

  private static final String TASK =
      """
      {"time":"2026-01-01T00:00:00Z","detail":{"lastStatus":"STOPPED","desiredStatus":"STOPPED",
       "startedBy":"dsp_00000000000000000000000000",
       "taskArn":"%s",
       "containers":[{"name":"agent","exitCode":1}],"stopCode":"EssentialContainerExited",
       "stoppedReason":"Essential container in task exited","version":1,
       "createdAt":"2026-01-01T00:00:00Z","stoppedAt":"2026-01-01T00:00:00Z",
       "overrides":{"containerOverrides":[{"name":"agent",
         "environment":[{"name":"OUTPOST_ATTEMPT","value":"1"}]}]}}}"""
          .formatted(NobodysDispatch.TASK);

  /** Memory that it is given, in MB: nobody waits for it. */
  public static final int MEMORY_MB = 256;

  private final Dispatches dispatches;
  private final Optional<TaskEventsWiring> wiring;

  /** For Lambda: wired from the environment. */
  public TaskEventsFunction() {
    this(TaskEventsWiring.read(System.getenv()));
    Primed.register(this);
  }

  /** On that port. */
  public TaskEventsFunction(Dispatches dispatches) {
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.wiring = Optional.empty();
  }

  private TaskEventsFunction(TaskEventsWiring wiring) {
    this.dispatches = wiring.dispatches();
    this.wiring = Optional.of(wiring);
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    return PowertoolsLogging.withLogging(context, () -> SqsBatch.each(event, this::fold));
  }

  /**
   * The end of a task of a dispatch that can't be, for ids begin with their time; and the same
   * where there is no store.
   */
  @Override
  public Round rehearsal() {
    Optional<TaskEventsFunction> nowhere = wiring.map(w -> new TaskEventsFunction(w.nowhere()));
    return context -> {
      SQSEvent event = LambdaEvents.read(SQSEvent.class, REHEARSED);
      event.getRecords().getFirst().setBody(TASK);
      LambdaEvents.write(SQSBatchResponse.class, handleRequest(event, context));
      nowhere.ifPresent(
          function ->
              LambdaEvents.write(SQSBatchResponse.class, function.handleRequest(event, context)));
    };
  }

  private boolean fold(SQSMessage message) throws IOException {
    Map<String, Object> event = JSON.std.mapFrom(message.getBody());
    if (!(event.get("detail") instanceof Map<?, ?> detail)
        || !(event.get("time") instanceof String time)) {
      throw new IOException("the message is no EventBridge event");
    }
    @SuppressWarnings("unchecked")
    Optional<TaskSeen> seen = TaskEvents.of((Map<String, ?>) detail, Instant.parse(time));
    if (seen.isEmpty()) {
      // A task that is none of ours, or a state on the way that says nothing new.
      return true;
    }
    Change change = dispatches.change(seen.get().id(), seen.get().event());
    switch (change) {
      case Change.Changed c ->
          LOG.info("dispatch {}: {}", c.after().id(), detail.get("lastStatus"));
      case Change.Unchanged c -> LOG.debug("dispatch {}: {}", c.dispatch().id(), c.why());
      case Change.Refused c -> LOG.warn("dispatch {}: unexpected: {}", c.dispatch().id(), c.why());
      case Change.NoSlot c -> LOG.warn("dispatch {}: unexpected slot", c.dispatch().id());
      case Change.Unknown _ -> LOG.warn("dispatch {} is unknown", seen.get().id());
    }
    return true;
  }
}
