package dev.outpost.functions.launcher;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.edge.RequestLine;
import dev.outpost.edge.sqs.SqsBatch;
import dev.outpost.edge.start.LambdaEvents;
import dev.outpost.edge.start.Primed;
import dev.outpost.launch.Advance;
import dev.outpost.launch.LaunchQueue;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.lambda.powertools.logging.PowertoolsLogging;
import software.amazon.lambda.powertools.metrics.MetricsFactory;

/** Looks at the dispatches that the launch queue names, and starts or stops their tasks. */
public final class LauncherFunction implements RequestHandler<SQSEvent, SQSBatchResponse>, Primed {
  private static final Logger LOG = LoggerFactory.getLogger(LauncherFunction.class);

  /** Codes of DynamoDB, ECS and SQS for a request that no repetition makes right. */
  private static final Set<String> WRONG =
      Set.of("ValidationException", "InvalidParameterException", "InvalidParameterValue");

  private static final String REHEARSED =
      """
      {"Records":[{"messageId":"rehearsal","receiptHandle":"","eventSource":"aws:sqs",
       "body":"{\\"dispatchId\\":\\"dsp_00000000000000000000000000\\"}",
       "attributes":{"ApproximateReceiveCount":"1"},"messageAttributes":{}}]}""";

  /** Memory that it is given, in MB: it waits for ECS most of its time. */
  public static final int MEMORY_MB = 256;

  private final Advance advance;
  private final Optional<LauncherWiring> wiring;

  /** For Lambda: wired from the environment. */
  public LauncherFunction() {
    this(LauncherWiring.read(System.getenv()));
    Primed.register(this);
  }

  /** On that use case. */
  public LauncherFunction(Advance advance) {
    this.advance = Objects.requireNonNull(advance, "advance");
    this.wiring = Optional.empty();
  }

  private LauncherFunction(LauncherWiring wiring) {
    this.advance = wiring.advance();
    this.wiring = Optional.of(wiring);
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    return PowertoolsLogging.withLogging(context, () -> SqsBatch.each(event, this::look));
  }

  /**
   * A message about a dispatch that can't be, for ids begin with their time; and a launch of the
   * same where neither a store nor a cluster is.
   */
  @Override
  public Round rehearsal() {
    Optional<LauncherFunction> nowhere = wiring.map(w -> new LauncherFunction(w.nowhere()));
    return context -> {
      SQSEvent event = LambdaEvents.read(SQSEvent.class, REHEARSED);
      LambdaEvents.write(SQSBatchResponse.class, handleRequest(event, context));
      nowhere.ifPresent(
          function ->
              LambdaEvents.write(SQSBatchResponse.class, function.handleRequest(event, context)));
    };
  }

  private boolean look(SQSMessage message) throws IOException {
    Object text = JSON.std.mapFrom(message.getBody()).get("dispatchId");
    Optional<DispatchId> id = DispatchId.parse(String.valueOf(text));
    if (id.isEmpty()) {
      // It can never mean anything: the queue's own count of receives takes it to the DLQ.
      throw new IOException("the message names no dispatch");
    }
    try {
      return switch (advance.advance(id.get())) {
        case Advance.Outcome.Done done -> {
          LOG.info("dispatch {}: {}", id.get(), done.what());
          yield true;
        }
        case Advance.Outcome.Again again -> {
          LOG.warn("dispatch {}: launch outcome unknown: {}", id.get(), again.why());
          countUnknown();
          // Not for the DLQ: the record keeps the launch, and the reconciler has the same call made
          // again as long as that is safe.
          yield isLast(message);
        }
      };
    } catch (RuntimeException e) {
      if (isLast(message) && e instanceof SdkException && !isRefusedAsWrong(e)) {
        // AWS is not well, which is no fault of the dispatch: on the last receive likewise.
        LOG.warn("dispatch {} is left to the reconciler", id.get(), e);
        return true;
      }
      if (isLast(message)) {
        LOG.error("dispatch {} is given up, its message is a dead letter", id.get(), e);
        advance.giveUp(id.get());
      }
      throw e;
    }
  }

  /** AWS says of our own request that it is wrong: so it will say for ever. */
  private static boolean isRefusedAsWrong(RuntimeException e) {
    return e instanceof AwsServiceException refusal
        && refusal.awsErrorDetails() != null
        && WRONG.contains(refusal.awsErrorDetails().errorCode());
  }

  /** Whether SQS moves the message to the dead letters unless it does its work now. */
  private static boolean isLast(SQSMessage message) {
    String receives =
        message.getAttributes() == null
            ? null
            : message.getAttributes().get("ApproximateReceiveCount");
    return receives != null && Integer.parseInt(receives) >= LaunchQueue.MAX_RECEIVES;
  }

  private static void countUnknown() {
    MetricsFactory.getMetricsInstance()
        .flushMetrics(
            metrics -> {
              metrics.setNamespace(RequestLine.NAMESPACE);
              metrics.addMetric("LaunchOutcomeUnknown", 1);
            });
  }
}
