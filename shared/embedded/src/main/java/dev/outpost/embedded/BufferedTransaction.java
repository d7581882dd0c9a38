package dev.outpost.embedded;

import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A transaction's writes, kept beside the maps until its body returns. */
final class BufferedTransaction implements StoreTransaction {
  private final Snapshot before;
  private final Map<String, NavigableMap<String, Optional<String>>> writes = new HashMap<>();
  private boolean over;

  BufferedTransaction(Snapshot before) {
    this.before = before;
  }

  /** What was written: by map, then key; an empty value is a removal. Ends the transaction. */
  Map<String, NavigableMap<String, Optional<String>>> end() {
    over = true;
    return writes;
  }

  @Override
  public void put(String map, String key, String value) {
    writes(map).put(Objects.requireNonNull(key, "key"), Optional.of(value));
  }

  @Override
  public void remove(String map, String key) {
    writes(map).put(Objects.requireNonNull(key, "key"), Optional.empty());
  }

  @Override
  public Optional<String> get(String map, String key) {
    Optional<String> written = written(map).get(Objects.requireNonNull(key, "key"));
    return written != null ? written : before.get(map, key);
  }

  @Override
  public Stream<Entry> ascending(String map, String prefix, String from) {
    return range(map, new KeyRange(prefix, Optional.of(from), false));
  }

  @Override
  public Stream<Entry> descending(String map, String prefix, String from) {
    return range(map, new KeyRange(prefix, Optional.of(from), true));
  }

  @Override
  public Stream<Entry> descending(String map, String prefix) {
    return range(map, new KeyRange(prefix, Optional.empty(), true));
  }

  private Stream<Entry> range(String map, KeyRange range) {
    NavigableMap<String, Optional<String>> written = written(map);
    Iterator<Entry> stored = before.iterator(map, range);
    if (written.isEmpty()) {
      return Snapshot.stream(stored);
    }
    // A copy, so that a body may write to what it walks over; its new writes are then not seen.
    NavigableMap<String, Optional<String>> own = new TreeMap<>(written);
    NavigableMap<String, Optional<String>> directed =
        range.descending() ? own.descendingMap() : own;
    if (range.start().isPresent()) {
      directed = directed.tailMap(range.start().get(), true);
    }
    return Snapshot.stream(new Merged(stored, directed.entrySet().iterator(), range));
  }

  private NavigableMap<String, Optional<String>> writes(String map) {
    checkRunning();
    return writes.computeIfAbsent(Objects.requireNonNull(map, "map"), _ -> new TreeMap<>());
  }

  private NavigableMap<String, Optional<String>> written(String map) {
    checkRunning();
    NavigableMap<String, Optional<String>> written = writes.get(map);
    return written != null ? written : Collections.emptyNavigableMap();
  }

  private void checkRunning() {
    if (over) {
      throw new IllegalStateException("the transaction is over");
    }
  }

  /** Stored entries and own writes in one order, where an own write hides the stored entry. */
  private static final class Merged implements Iterator<Entry> {
    private final Iterator<Entry> stored;
    private final Iterator<Map.Entry<String, Optional<String>>> own;
    private final KeyRange range;
    private Entry nextStored;
    private Map.Entry<String, Optional<String>> nextOwn;
    private Entry next;

    Merged(
        Iterator<Entry> stored, Iterator<Map.Entry<String, Optional<String>>> own, KeyRange range) {
      this.stored = stored;
      this.own = own;
      this.range = range;
      stepStored();
      stepOwn();
      step();
    }

    private void stepStored() {
      nextStored = stored.hasNext() ? stored.next() : null;
    }

    private void stepOwn() {
      nextOwn = null;
      while (nextOwn == null && own.hasNext()) {
        Map.Entry<String, Optional<String>> candidate = own.next();
        if (range.contains(candidate.getKey())) {
          nextOwn = candidate;
        } else if (!range.isBefore(candidate.getKey())) {
          return;
        }
      }
    }

    private void step() {
      next = null;
      while (next == null && (nextStored != null || nextOwn != null)) {
        int order = order();
        if (order < 0) {
          next = nextStored;
          stepStored();
        } else {
          if (order == 0) {
            stepStored();
          }
          String key = nextOwn.getKey();
          next = nextOwn.getValue().map(value -> new Entry(key, value)).orElse(null);
          stepOwn();
        }
      }
    }

    private int order() {
      if (nextOwn == null) {
        return -1;
      }
      if (nextStored == null) {
        return 1;
      }
      int order = nextStored.key().compareTo(nextOwn.getKey());
      return range.descending() ? -order : order;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Entry next() {
      if (next == null) {
        throw new NoSuchElementException();
      }
      Entry result = next;
      step();
      return result;
    }
  }
}
