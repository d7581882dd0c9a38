package dev.outpost.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.h2.mvstore.MVStore;

/**
 * Writes to the file what transactions have applied: while one write is under way the next group
 * gathers, and shares the next write. A thread of its own does it, because a thread that is
 * interrupted while it writes would close the file's channel under everybody.
 */
final class GroupCommit implements AutoCloseable {
  /** After how many bytes of changed pages the file is looked over for mostly dead chunks. */
  private static final long COMPACT_EVERY_BYTES = 8 << 20;

  /** Chunks are rewritten when less than this percentage of the file's chunks is alive. */
  private static final int LEAST_FILL_PERCENT = 50;

  /** How much is rewritten at a time; bounds the pause, in bytes. */
  private static final int COMPACT_BYTES = 1 << 20;

  private final MVStore mvStore;
  private final ReentrantLock writer;
  private final Runnable compacted;
  private final Semaphore work = new Semaphore(0);
  private final Thread thread;
  private Group gathering = new Group();
  private volatile Group newest = Group.ofNothing();
  private long changedBytes;
  private volatile boolean closing;

  /**
   * Starts.
   *
   * @param writer held by whoever changes the maps: what it covers is never half on disk
   * @param compacted called when pages have moved, with that lock held
   */
  GroupCommit(MVStore mvStore, ReentrantLock writer, Runnable compacted) {
    this.mvStore = mvStore;
    this.writer = writer;
    this.compacted = compacted;
    this.thread = Thread.ofPlatform().daemon().name("embedded-store-commit").start(this::run);
  }

  /**
   * The group whose write will hold what is applied next. Called with the writer lock held, and
   * before anybody can read what is applied.
   */
  Group join() {
    Group group = gathering;
    newest = group;
    if (!group.called) {
      group.called = true;
      work.release();
    }
    return group;
  }

  /**
   * The last group that anything was applied for, written or not: with it all is durable that
   * anybody can have read before this call.
   */
  Group newest() {
    return newest;
  }

  private void run() {
    while (true) {
      work.acquireUninterruptibly();
      if (closing) {
        return;
      }
      Group group;
      writer.lock();
      try {
        group = gathering;
        gathering = new Group();
        write(group);
      } finally {
        writer.unlock();
      }
      group.done.countDown();
    }
  }

  private void write(Group group) {
    try {
      changedBytes += mvStore.getUnsavedMemory();
      mvStore.commit();
      if (changedBytes >= COMPACT_EVERY_BYTES) {
        changedBytes = 0;
        if (mvStore.compact(LEAST_FILL_PERCENT, COMPACT_BYTES)) {
          // Before the commit: whoever pins the version it makes must not see the pages of before,
          // for that version does not keep them.
          compacted.run();
          mvStore.commit();
        }
      }
    } catch (RuntimeException | Error e) {
      group.failure = e;
    }
  }

  /** Ends after the writes that were asked for; nothing may be applied any more. */
  @Override
  public void close() {
    Group last;
    writer.lock();
    try {
      last = join();
    } finally {
      writer.unlock();
    }
    last.await();
    closing = true;
    work.release();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Transactions that become durable together. */
  static final class Group {
    private final CountDownLatch done = new CountDownLatch(1);
    private boolean called;
    private Throwable failure;

    /** One that is written, for there is nothing in it. */
    static Group ofNothing() {
      Group group = new Group();
      group.done.countDown();
      return group;
    }

    /** Waits for the write. Interrupts are held back. */
    void await() {
      boolean interrupted = false;
      while (true) {
        try {
          done.await();
          break;
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (failure != null) {
        throw new UncheckedIOException(
            "the embedded store could not write its file", new IOException(failure));
      }
    }
  }
}
