package dev.outpost.functions.reconciler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import dev.outpost.edge.RequestLine;
import dev.outpost.edge.start.LambdaEvents;
import dev.outpost.edge.start.Primed;
import dev.outpost.reconcile.Reconcile;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.lambda.powertools.logging.PowertoolsLogging;
import software.amazon.lambda.powertools.metrics.MetricsFactory;

/** Does one round of reconciling on each tick of its schedule. */
public final class ReconcilerFunction
    implements RequestHandler<ScheduledEvent, Reconcile.Round>, Primed {
  private static final Logger LOG = LoggerFactory.getLogger(ReconcilerFunction.class);

  /** A minute in which orphans are not looked for, long before the first dispatch. */
  private static final Instant BEFORE_ALL = Instant.ofEpochSecond(60);

  private static final String TICK =
      """
      {"version":"0","id":"rehearsal","detail-type":"Scheduled Event","source":"aws.events",
       "account":"","time":"2026-01-01T00:00:00Z","region":"","resources":[],"detail":{}}""";

  /** Memory that it is given, in MB: it comes once a minute and waits for others. */
  public static final int MEMORY_MB = 256;

  private final Reconcile reconcile;
  private final Reconcile rehearsed;

  /** For Lambda: wired from the environment. */
  public ReconcilerFunction() {
    this(ReconcilerWiring.read(System.getenv()));
    Primed.register(this);
  }

  private ReconcilerFunction(ReconcilerWiring wiring) {
    this.reconcile = wiring.at(InstantSource.system());
    this.rehearsed = wiring.at(() -> BEFORE_ALL);
  }

  /** On that use case. */
  public ReconcilerFunction(Reconcile reconcile) {
    this.reconcile = Objects.requireNonNull(reconcile, "reconcile");
    this.rehearsed = reconcile;
  }

  @Override
  public Reconcile.Round handleRequest(ScheduledEvent event, Context context) {
    return PowertoolsLogging.withLogging(context, () -> round(reconcile));
  }

  /** A round at a time when nothing was due yet. */
  @Override
  public void rehearse(Context context) {
    ScheduledEvent tick = LambdaEvents.read(ScheduledEvent.class, TICK);
    Reconcile.Round round = new ReconcilerFunction(rehearsed).handleRequest(tick, context);
    LambdaEvents.write(Reconcile.Round.class, round);
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
