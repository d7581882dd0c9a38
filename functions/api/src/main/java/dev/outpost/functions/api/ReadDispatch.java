package dev.outpost.functions.api;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.LogLine;
import dev.outpost.dispatch.Logs;
import dev.outpost.dispatch.Status;
import dev.outpost.dispatch.Watch;
import dev.outpost.edge.Refused;
import dev.outpost.schema.Document;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** {@code GET /dispatch/{id}}: one dispatch with its logs, at once or when its status changes. */
final class ReadDispatch implements Endpoint {
  private static final Logger LOG = System.getLogger(ReadDispatch.class.getName());
  private static final int MAX_WAIT_SECONDS = 20;
  private static final int MAX_LINES = 1000;
  private static final int USUAL_LINES = 100;

  /** How long the relay may take to hand a failure on, before it is looked for. */
  private static final Duration HANDING_ON = Duration.ofMinutes(1);

  private final Watch watch;
  private final Dispatches dispatches;
  private final Logs logs;
  private final InstantSource clock;

  ReadDispatch(Watch watch, Dispatches dispatches, Logs logs, InstantSource clock) {
    this.watch = Objects.requireNonNull(watch, "watch");
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.logs = Objects.requireNonNull(logs, "logs");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  @Override
  public Answer answer(Call call) throws Refused {
    Query query = new Query(call.request());
    long offset = query.number("logOffset", 0, Long.MAX_VALUE, 0);
    int limit = (int) query.number("logLimit", 1, MAX_LINES, USUAL_LINES);
    boolean skip = query.flag("skipLogs");
    Duration wait = Duration.ofSeconds(query.number("waitSeconds", 0, MAX_WAIT_SECONDS, 0));
    query.done();
    Dispatch dispatch =
        watch.await(call.principal(), call.dispatchId(), wait).orElseThrow(Call::noSuchDispatch);
    List<LogLine> lines = skip ? List.of() : lines(dispatch, offset, limit);
    return Answer.ok(
        DispatchView.whole(
            dispatch, lines, offset + lines.size(), fallback(dispatch), output(dispatch)));
  }

  /** The data of a success that was to bring any. */
  private Optional<Object> output(Dispatch dispatch) {
    if (dispatch.status() != Status.SUCCESS || dispatch.spec().outputSchema().isEmpty()) {
      return Optional.empty();
    }
    return dispatches
        .output(dispatch.id())
        .flatMap(
            json -> {
              try {
                return Optional.ofNullable(Document.read(json));
              } catch (IOException e) {
                throw new UncheckedIOException("the output that was kept is no JSON", e);
              }
            });
  }

  /**
   * The dispatch that this one's failure is handed on to. Its id is known at once, so whoever waits
   * for the end can go on with it; a moment later it is told only if it came about, for the day may
   * have been used up.
   */
  private Optional<DispatchId> fallback(Dispatch dispatch) {
    Optional<DispatchId> next = dispatch.fallbackId();
    boolean fresh =
        dispatch.state() instanceof DispatchState.Ended end
            && clock.instant().isBefore(end.at().plus(HANDING_ON));
    return next.filter(id -> fresh || dispatches.find(id).isPresent());
  }

  /**
   * What the log has to offer. When it can't be read the state is answered all the same, and the
   * offset stays where it is, so that the next look finds every line.
   */
  private List<LogLine> lines(Dispatch dispatch, long offset, int limit) {
    Optional<Launch> launch = dispatch.state().launched();
    if (launch.isEmpty()) {
      return List.of();
    }
    try {
      return logs.read(dispatch.id(), launch.get(), offset, limit);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "the log of " + dispatch.id() + " can't be read now", e);
      return List.of();
    }
  }
}
