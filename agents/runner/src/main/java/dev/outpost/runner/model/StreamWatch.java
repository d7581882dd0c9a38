package dev.outpost.runner.model;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Closes a stream that has said nothing for too long, which ends a read of it. Thread-safe. */
final class StreamWatch implements Closeable {
  private final InputStream watched;
  private final Duration patience;
  private final Thread thread;
  private volatile long heardAt = System.nanoTime();
  private volatile boolean silent;

  StreamWatch(InputStream watched, Duration patience) {
    this.watched = watched;
    this.patience = patience;
    thread = Thread.ofVirtual().name("stream-watch").start(this::watch);
  }

  /** Something came. */
  void heard() {
    heardAt = System.nanoTime();
  }

  /** Whether the stream was closed for its silence. */
  boolean isSilent() {
    return silent;
  }

  private void watch() {
    try {
      while (true) {
        long left = heardAt + patience.toNanos() - System.nanoTime();
        if (left <= 0) {
          silent = true;
          watched.close();
          return;
        }
        Thread.sleep(Duration.ofNanos(left));
      }
    } catch (InterruptedException _) {
      // Closed.
    } catch (IOException _) {
      // It is gone already.
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
