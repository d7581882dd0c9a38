package dev.outpost.embedded;

import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.RootReference;

/**
 * All maps as they were between two transactions. MVStore's trees are copied on write, so their
 * roots are all that is kept; the store sees to it that their pages stay readable.
 */
final class Snapshot implements StoreView {
  private final Map<String, Root> roots;

  Snapshot(Map<String, Root> roots) {
    this.roots = roots;
  }

  record Root(MVMap<String, String> map, RootReference<String, String> reference) {}

  @Override
  public Optional<String> get(String map, String key) {
    Root root = roots.get(map);
    return root == null
        ? Optional.empty()
        : Optional.ofNullable(root.map().get(root.reference().root, key));
  }

  @Override
  public Stream<Entry> ascending(String map, String prefix, String from) {
    return stream(iterator(map, new KeyRange(prefix, Optional.of(from), false)));
  }

  @Override
  public Stream<Entry> descending(String map, String prefix, String from) {
    return stream(iterator(map, new KeyRange(prefix, Optional.of(from), true)));
  }

  @Override
  public Stream<Entry> descending(String map, String prefix) {
    return stream(iterator(map, new KeyRange(prefix, Optional.empty(), true)));
  }

  Iterator<Entry> iterator(String map, KeyRange range) {
    Root root = roots.get(map);
    if (root == null) {
      return java.util.Collections.emptyIterator();
    }
    Cursor<String, String> cursor =
        root.map().cursor(root.reference(), range.start().orElse(null), null, range.descending());
    return new Iterator<>() {
      private Entry next = advance();

      private Entry advance() {
        while (cursor.hasNext()) {
          String key = cursor.next();
          if (range.contains(key)) {
            return new Entry(key, cursor.getValue());
          }
          if (!range.isBefore(key)) {
            return null;
          }
        }
        return null;
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
        next = advance();
        return result;
      }
    };
  }

  static Stream<Entry> stream(Iterator<Entry> entries) {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(entries, Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }
}
