package dev.outpost.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.StringDataType;

/**
 * A small transactional store: named sorted maps of strings in one file, or in memory. Safe for use
 * by many threads.
 *
 * <p>Transactions run one at a time, each sees all before it, and all of one's writes are applied
 * together or not at all. {@link #transact} returns when the writes have been handed to the
 * operating system, together with those of other transactions that were waiting: they survive the
 * death of this process in whatever way (kill -9), whole. They are <em>not</em> forced to the disk:
 * a loss of power may cost the last seconds, or on a file system that reorders writes the file.
 *
 * <p>Reads see one moment between two transactions, wait for no transaction and hold none up. What
 * they see may not have reached the file yet.
 */
public final class EmbeddedStore implements AutoCloseable {
  private static final MVMap.Builder<String, String> STRINGS =
      new MVMap.Builder<String, String>()
          .keyType(StringDataType.INSTANCE)
          .valueType(StringDataType.INSTANCE);

  private final MVStore mvStore;
  private final Optional<GroupCommit> commits;
  private final Map<String, MVMap<String, String>> maps = new ConcurrentHashMap<>();

  /** Held by the one running transaction, and while a version goes to the file. */
  private final ReentrantLock writer = new ReentrantLock();

  /**
   * The maps between two transactions, for readers. Set anew before a version is made in which a
   * page has been replaced: so nobody can pin a version and see pages that it does not keep.
   */
  private volatile Map<String, Snapshot.Root> published;

  private volatile boolean closed;

  private EmbeddedStore(MVStore mvStore, boolean durable) {
    this.mvStore = mvStore;
    for (String name : mvStore.getMapNames()) {
      maps.put(name, mvStore.openMap(name, STRINGS));
    }
    this.published = roots();
    this.commits =
        durable ? Optional.of(new GroupCommit(mvStore, writer, this::publish)) : Optional.empty();
  }

  /** A store that is gone with the process. */
  public static EmbeddedStore inMemory() {
    return new EmbeddedStore(new MVStore.Builder().open(), false);
  }

  /**
   * Opens the file, or makes it and its directories.
   *
   * @throws StoreInUse when another process has it open
   * @throws UncheckedIOException when it cannot be read, or is no store
   */
  public static EmbeddedStore open(Path file) {
    try {
      if (file.toAbsolutePath().getParent() != null) {
        Files.createDirectories(file.toAbsolutePath().getParent());
      }
      MVStore mvStore =
          new MVStore.Builder()
              .fileName(file.toAbsolutePath().toString())
              .autoCommitDisabled()
              // Without this MVStore commits by itself in the middle of a large transaction.
              .autoCommitBufferSize(0)
              .open();
      // Space of dead chunks is used again at once. The newest versions (MVStore's versionsToKeep)
      // are kept all the same, so a kill in the middle of a write finds the version before it.
      mvStore.setRetentionTime(0);
      return new EmbeddedStore(mvStore, true);
    } catch (MVStoreException e) {
      if (e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
        throw new StoreInUse(file, e);
      }
      throw broken("the data in " + file + " cannot be read", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs the body as one transaction. When the body throws, nothing was written. Interrupts are
   * held back until the transaction is over.
   *
   * @param body quick, without waiting; may not use the store but through what it is given
   * @return what the body returned, as soon as its writes are durable, and all that it has read
   * @throws UncheckedIOException when the writes could not be made durable; the store is then of no
   *     further use and must be opened anew, whereupon the transaction is there or is not, whole
   */
  public <T> T transact(Function<? super StoreTransaction, ? extends T> body) {
    boolean interrupted = Thread.interrupted();
    try {
      return run(body);
    } catch (MVStoreException e) {
      throw broken("the embedded store failed", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Runs the body as one transaction: {@link #transact} for a body that returns nothing. */
  public void change(Consumer<? super StoreTransaction> body) {
    Optional<Object> _ =
        transact(
            tx -> {
              body.accept(tx);
              return Optional.empty();
            });
  }

  private <T> T run(Function<? super StoreTransaction, ? extends T> body) {
    if (writer.isHeldByCurrentThread()) {
      throw new IllegalStateException("a transaction within a transaction");
    }
    Optional<GroupCommit.Group> group;
    T result;
    writer.lock();
    try {
      checkOpen();
      BufferedTransaction transaction = new BufferedTransaction(new Snapshot(published));
      Map<String, NavigableMap<String, Optional<String>>> writes;
      try {
        result = body.apply(transaction);
      } finally {
        writes = transaction.end();
      }
      if (writes.isEmpty()) {
        group = commits.map(GroupCommit::newest);
      } else {
        group = commits.map(GroupCommit::join);
        apply(writes);
      }
    } finally {
      writer.unlock();
    }
    group.ifPresent(GroupCommit.Group::await);
    return result;
  }

  private void apply(Map<String, NavigableMap<String, Optional<String>>> writes) {
    for (String name : writes.keySet()) {
      maps.computeIfAbsent(name, _ -> mvStore.openMap(name, STRINGS));
    }
    writes.forEach(
        (name, entries) -> {
          MVMap<String, String> map = maps.get(name);
          entries.forEach(
              (key, value) -> {
                if (value.isPresent()) {
                  map.put(key, value.get());
                } else {
                  map.remove(key);
                }
              });
        });
    publish();
  }

  private void publish() {
    published = roots();
  }

  /**
   * Runs the body on what the store holds at this moment. Interrupts are held back until it is
   * over.
   *
   * @param body may take its time, though space is not used again meanwhile; may not let the view
   *     escape
   * @return what the body returned, as soon as all that it can have read is durable: what nobody
   *     could be told again after a kill is told nobody
   * @throws UncheckedIOException as {@link #transact} does
   */
  public <T> T read(Function<? super StoreView, ? extends T> body) {
    boolean interrupted = Thread.interrupted();
    try {
      checkOpen();
      if (writer.isHeldByCurrentThread()) {
        throw new IllegalStateException("a read within a transaction");
      }
      T result;
      // First the pin, then the roots: so they are of the pinned version or of a later one.
      MVStore.TxCounter pin = mvStore.registerVersionUsage();
      try {
        result = body.apply(new Snapshot(published));
      } finally {
        mvStore.deregisterVersionUsage(pin);
      }
      commits.map(GroupCommit::newest).ifPresent(GroupCommit.Group::await);
      return result;
    } catch (MVStoreException e) {
      throw broken("the embedded store failed", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The value of one key. */
  public Optional<String> get(String map, String key) {
    return read(view -> view.get(map, key));
  }

  private Map<String, Snapshot.Root> roots() {
    Map<String, Snapshot.Root> roots = HashMap.newHashMap(maps.size());
    maps.forEach((name, map) -> roots.put(name, new Snapshot.Root(map, map.flushAndGetRoot())));
    return roots;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the embedded store is closed");
    }
  }

  private static UncheckedIOException broken(String message, MVStoreException e) {
    return new UncheckedIOException(message, new IOException(e));
  }

  /** Closes the store after the transactions that run or wait for the file. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    writer.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      writer.unlock();
    }
    try {
      commits.ifPresent(GroupCommit::close);
      // A version that a reader left while a commit was under way is dropped with the next one, and
      // there may be none: MVStore, which asserts that it closes with no old version, is reminded.
      mvStore.deregisterVersionUsage(mvStore.registerVersionUsage());
      mvStore.close();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
