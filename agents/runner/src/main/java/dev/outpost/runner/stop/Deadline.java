package dev.outpost.runner.stop;

import java.io.IOException;
import java.time.Duration;

/**
 * How long something may still take at the end of a run: less once the run is being stopped, for
 * then the platform kills it before long. Thread-safe.
 */
public final class Deadline {
  private final StopSignal stop;
  private final long ends;
  private final Duration onceStopped;
  private long endsOnceStopped;
  private boolean stopped;

  /**
   * From now on.
   *
   * @param usual how long it may take
   * @param onceStopped how long from the moment at which the run is seen to be stopped
   */
  public Deadline(Duration usual, Duration onceStopped, StopSignal stop) {
    this.stop = stop;
    this.onceStopped = onceStopped;
    ends = System.nanoTime() + usual.toNanos();
  }

  /** The time is up. */
  public static final class TimeUp extends IOException {
    private static final long serialVersionUID = 1;

    TimeUp() {
      super("it takes too long");
    }
  }

  /**
   * To be asked often by whoever may take long.
   *
   * @throws TimeUp when the time is up
   */
  public synchronized void check() throws TimeUp {
    long now = System.nanoTime();
    if (!stopped && stop.isRaised()) {
      stopped = true;
      endsOnceStopped = now + onceStopped.toNanos();
    }
    if (now - ends > 0 || (stopped && now - endsOnceStopped > 0)) {
      throw new TimeUp();
    }
  }
}
