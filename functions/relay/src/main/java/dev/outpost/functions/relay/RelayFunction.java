package dev.outpost.functions.relay;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamRecord;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.StateChange;
import dev.outpost.dispatch.Status;
import dev.outpost.edge.start.LambdaEvents;
import dev.outpost.edge.start.Primed;
import dev.outpost.items.DispatchItem;
import dev.outpost.relay.Relay;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.lambda.powertools.logging.PowertoolsLogging;

/**
 * Enacts what follows from the changes that the dispatches table's stream tells.
 *
 * <p>A batch is relayed as a whole: every consequence may happen twice, so a failure names the
 * first record and all come again (AWS Lambda Developer Guide, "Configuring partial batch response
 * with DynamoDB and Lambda").
 */
public final class RelayFunction
    implements RequestHandler<DynamodbEvent, StreamsEventResponse>, Primed {
  private static final Logger LOG = LoggerFactory.getLogger(RelayFunction.class);

  /** A task's own item, which is no dispatch. */
  private static final String REHEARSED =
      """
      {"Records":[{"eventID":"rehearsal","eventName":"MODIFY","eventSource":"aws:dynamodb",
       "dynamodb":{"ApproximateCreationDateTime":1795341696,"SequenceNumber":"1","SizeBytes":1,
         "Keys":{"dispatch_id":{"S":"dsp_00000000000000000000000000#task"}},
         "NewImage":{"dispatch_id":{"S":"dsp_00000000000000000000000000#task"},
           "version":{"N":"1"},"tags":{"M":{"a":{"S":"b"}}}},
         "StreamViewType":"NEW_AND_OLD_IMAGES"}}]}""";

  /** Memory that it is given, in MB: it waits for others, and nobody waits for it. */
  public static final int MEMORY_MB = 256;

  private final Relay relay;
  private final Optional<RelayWiring> wiring;

  /** For Lambda: wired from the environment. */
  public RelayFunction() {
    this(RelayWiring.fromEnvironment(System.getenv()));
    Primed.register(this);
  }

  /** On that use case. */
  public RelayFunction(Relay relay) {
    this.relay = Objects.requireNonNull(relay, "relay");
    this.wiring = Optional.empty();
  }

  private RelayFunction(RelayWiring wiring) {
    this.relay = wiring.relay();
    this.wiring = Optional.of(wiring);
  }

  /**
   * Whether the filter before the function lets a record through.
   *
   * @param published which statuses the bus is told of
   */
  public static boolean concerns(DynamodbStreamRecord told, Set<Status> published) {
    return read(told.getDynamodb()).filter(change -> Relay.concerns(change, published)).isPresent();
  }

  @Override
  public StreamsEventResponse handleRequest(DynamodbEvent event, Context context) {
    return PowertoolsLogging.withLogging(context, () -> relay(event.getRecords()));
  }

  /**
   * A batch in which nothing changed, a look at the store, and an end with all that follows where
   * there is nothing.
   */
  @Override
  public Round rehearsal() {
    Rehearsal end = new Rehearsal(InstantSource.system().instant());
    Optional<RelayFunction> nowhere = wiring.map(w -> new RelayFunction(w.nowhere(end)));
    String ended = end.event();
    return context -> {
      play(this, REHEARSED, context);
      wiring.ifPresent(RelayWiring::look);
      nowhere.ifPresent(function -> play(function, ended, context));
    };
  }

  private static void play(RelayFunction function, String event, Context context) {
    LambdaEvents.write(
        StreamsEventResponse.class,
        function.handleRequest(LambdaEvents.read(DynamodbEvent.class, event), context));
  }

  private StreamsEventResponse relay(List<DynamodbStreamRecord> records) {
    List<StateChange> changes = new ArrayList<>();
    for (DynamodbStreamRecord streamRecord : records) {
      try {
        read(streamRecord.getDynamodb()).ifPresent(changes::add);
      } catch (IllegalArgumentException e) {
        // It will never be readable, and everybody's later changes stand behind it.
        LOG.error("stream record {} is skipped", streamRecord.getEventID(), e);
      }
    }
    // What it throws is not told as the batch's first failure: only a batch that failed as a whole
    // is halved (Lambda Developer Guide, "Configuring partial batch response with DynamoDB").
    relay.relay(changes);
    changes.forEach(RelayFunction::log);
    return new StreamsEventResponse(List.of());
  }

  private static Optional<StateChange> read(StreamRecord streamRecord) {
    return DispatchItem.change(
        Optional.ofNullable(streamRecord.getOldImage()).map(StreamImage::item),
        Optional.ofNullable(streamRecord.getNewImage()).map(StreamImage::item));
  }

  /** The one line of a transition: whoever made it, it is told here, once. */
  private static void log(StateChange change) {
    Dispatch after = change.after();
    String from = change.before().map(before -> before.status().wire()).orElse("(new)");
    if (!from.equals(after.status().wire())) {
      LOG.info("dispatch {} {} -> {}", after.id(), from, after.status().wire());
    }
  }
}
