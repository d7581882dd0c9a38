package dev.outpost.functions.reconciler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import dev.outpost.edge.RequestLine;
import dev.outpost.reconcile.Reconcile;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.lambda.powertools.logging.PowertoolsLogging;
import software.amazon.lambda.powertools.metrics.MetricsFactory;

/** Does one round of reconciling on each tick of its schedule. */
public final class ReconcilerFunction implements RequestHandler<ScheduledEvent, Reconcile.Round> {
  private static final Logger LOG = LoggerFactory.getLogger(ReconcilerFunction.class);

  private final Reconcile reconcile;

  /** For Lambda: wired from the environment. */
  public ReconcilerFunction() {
    this(ReconcilerWiring.fromEnvironment(System.getenv()));
  }

  /** On that use case. */
  public ReconcilerFunction(Reconcile reconcile) {
    this.reconcile = Objects.requireNonNull(reconcile, "reconcile");
  }

  @Override
  public Reconcile.Round handleRequest(ScheduledEvent event, Context context) {
    return PowertoolsLogging.withLogging(context, this::round);
  }

  private Reconcile.Round round() {
    Reconcile.Round round = reconcile.reconcile();
    if (round.looked() > 0) {
      LOG.info(
          "reconciled: looked {}, healed {}, failed {}",
          round.looked(),
          round.healed(),
          round.failed());
    }
    MetricsFactory.getMetricsInstance()
        .flushMetrics(
            metrics -> {
              metrics.setNamespace(RequestLine.NAMESPACE);
              metrics.addMetric("Healed", round.healed());
              metrics.addMetric("ReconcileFailed", round.failed());
            });
    return round;
  }
}
