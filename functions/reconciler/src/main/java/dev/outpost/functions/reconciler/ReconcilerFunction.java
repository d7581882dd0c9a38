package dev.outpost.functions.reconciler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import dev.outpost.edge.RequestLine;
import dev.outpost.edge.start.LambdaEvents;
import dev.outpost.edge.start.Primed;
import dev.outpost.reconcile.Reconcile;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.lambda.powertools.logging.PowertoolsLogging;
import software.amazon.lambda.powertools.metrics.MetricsFactory;

/** Does one round of reconciling on each tick of its schedule. */
public final class ReconcilerFunction
    implements RequestHandler<ScheduledEvent, Reconcile.Round>, Primed {
  private static final Logger LOG = LoggerFactory.getLogger(ReconcilerFunction.class);

  private static final String TICK =
      """
      {"version":"0","id":"rehearsal","detail-type":"Scheduled Event","source":"aws.events",
       "account":"","time":"2026-01-01T00:00:00Z","region":"","resources":[],"detail":{}}""";

  /** Memory that it is given, in MB: it comes once a minute and waits for others. */
  public static final int MEMORY_MB = 256;

  private final Reconcile reconcile;
  private final Optional<ReconcilerWiring> wiring;

  /** For Lambda: wired from the environment. */
  public ReconcilerFunction() {
    this(ReconcilerWiring.read(System.getenv()));
    Primed.register(this);
  }

  private ReconcilerFunction(ReconcilerWiring wiring) {
    this.reconcile = wiring.reconcile();
    this.wiring = Optional.of(wiring);
  }

  /** On that use case. */
  public ReconcilerFunction(Reconcile reconcile) {
    this.reconcile = Objects.requireNonNull(reconcile, "reconcile");
    this.wiring = Optional.empty();
  }

  @Override
  public Reconcile.Round handleRequest(ScheduledEvent event, Context context) {
    return PowertoolsLogging.withLogging(context, () -> round(reconcile));
  }

  /** A round at a time when nothing was due yet, and no task an orphan. */
  @Override
  public Round rehearsal() {
    ReconcilerFunction early = wiring.map(w -> new ReconcilerFunction(w.beforeAll())).orElse(this);
    return context -> {
      ScheduledEvent tick = LambdaEvents.read(ScheduledEvent.class, TICK);
      LambdaEvents.write(Reconcile.Round.class, early.handleRequest(tick, context));
    };
  }

  private static Reconcile.Round round(Reconcile reconcile) {
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
