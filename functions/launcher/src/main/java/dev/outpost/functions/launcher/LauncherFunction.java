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
import dev.outpost.launch.Advance;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.lambda.powertools.logging.PowertoolsLogging;
import software.amazon.lambda.powertools.metrics.MetricsFactory;

/** Looks at the dispatches that the launch queue names, and starts or stops their tasks. */
public final class LauncherFunction implements RequestHandler<SQSEvent, SQSBatchResponse> {
  private static final Logger LOG = LoggerFactory.getLogger(LauncherFunction.class);

  private final Advance advance;

  /** For Lambda: wired from the environment. */
  public LauncherFunction() {
    this(LauncherWiring.fromEnvironment(System.getenv()));
  }

  /** On that use case. */
  public LauncherFunction(Advance advance) {
    this.advance = Objects.requireNonNull(advance, "advance");
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    return PowertoolsLogging.withLogging(context, () -> SqsBatch.each(event, this::look));
  }

  private boolean look(SQSMessage message) throws IOException {
    Object text = JSON.std.mapFrom(message.getBody()).get("dispatchId");
    Optional<DispatchId> id = DispatchId.parse(String.valueOf(text));
    if (id.isEmpty()) {
      // It can never mean anything: the queue's own count of receives takes it to the DLQ.
      throw new IOException("the message names no dispatch");
    }
    return switch (advance.advance(id.get())) {
      case Advance.Outcome.Done done -> {
        LOG.info("dispatch {}: {}", id.get(), done.what());
        yield true;
      }
      case Advance.Outcome.Again again -> {
        LOG.warn("dispatch {}: launch outcome unknown: {}", id.get(), again.why());
        MetricsFactory.getMetricsInstance()
            .flushMetrics(
                metrics -> {
                  metrics.setNamespace(RequestLine.NAMESPACE);
                  metrics.addMetric("LaunchOutcomeUnknown", 1);
                });
        yield false;
      }
    };
  }
}
