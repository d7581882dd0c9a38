package dev.outpost.simulation;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A process of the simulation: real, blocking code on a virtual thread of its own that runs only
 * while the {@link Timeline} waits for it, so that no two strands ever run at once.
 */
final class Strand {
  private final String name;
  private final Thread thread;
  private Thread timeline;
  private volatile boolean running;
  private volatile boolean ended;
  private boolean started;
  private boolean stopped;
  private Throwable failure;

  /** Which of its waits is the present one; a wake-up for an earlier one is void. */
  private long wait;

  Strand(String name, Runnable body, Runnable atEnd) {
    this.name = Objects.requireNonNull(name, "name");
    this.thread =
        Thread.ofVirtual()
            .unstarted(
                () -> {
                  try {
                    body.run();
                  } catch (Stopped _) {
                    stopped = true;
                  } catch (Throwable e) {
                    failure = e;
                  } finally {
                    atEnd.run();
                    ended = true;
                    running = false;
                    LockSupport.unpark(timeline);
                  }
                });
  }

  String name() {
    return name;
  }

  boolean ended() {
    return ended;
  }

  boolean stopped() {
    return stopped;
  }

  /** What it ended with, if by a throwable other than its being stopped. */
  Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  /** From its next turn on it unwinds. */
  void stop() {
    stopped = true;
    wait++;
  }

  long newWait() {
    return ++wait;
  }

  boolean waitsFor(long which) {
    return wait == which;
  }

  /** Lets it run until it waits or ends; called by the timeline. */
  void turn() {
    if (ended) {
      return;
    }
    if (stopped && !started) {
      ended = true;
      return;
    }
    timeline = Thread.currentThread();
    running = true;
    if (started) {
      LockSupport.unpark(thread);
    } else {
      started = true;
      thread.start();
    }
    while (running) {
      LockSupport.park(this);
    }
  }

  /** Hands over to the timeline until its next turn; called by itself. */
  void pause() {
    if (!stopped) {
      running = false;
      LockSupport.unpark(timeline);
      while (!running) {
        LockSupport.park(this);
      }
    }
    if (stopped) {
      throw new Stopped();
    }
  }
}
