package dev.outpost.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.embedded.StoreView.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreTest {
  @TempDir Path directory;

  @Test
  void aTransactionSeesItsOwnWritesInOrder() {
    try (EmbeddedStore store = EmbeddedStore.inMemory()) {
      store.change(
          tx -> {
            tx.put("fruit", "a", "1");
            tx.put("fruit", "c", "3");
            tx.put("fruit", "d", "4");
          });
      List<Entry> up =
          store.transact(
              tx -> {
                tx.put("fruit", "b", "2");
                tx.remove("fruit", "c");
                tx.put("fruit", "d", "four");
                tx.put("fruit", "e", "5");
                assertThat(tx.get("fruit", "c")).isEmpty();
                assertThat(tx.get("fruit", "b")).contains("2");
                assertThat(tx.descending("fruit", "").map(Entry::key))
                    .containsExactly("e", "d", "b", "a");
                assertThat(tx.descending("fruit", "", "c").map(Entry::key))
                    .containsExactly("b", "a");
                return tx.ascending("fruit", "", "b").toList();
              });
      assertThat(up)
          .containsExactly(new Entry("b", "2"), new Entry("d", "four"), new Entry("e", "5"));
      assertThat(store.<List<Entry>>read(view -> view.ascending("fruit", "b").toList()))
          .containsExactly(new Entry("b", "2"));
    }
  }

  @Test
  void aPrefixBoundsARangeInBothDirections() {
    try (EmbeddedStore store = EmbeddedStore.inMemory()) {
      store.change(
          tx -> {
            for (String key : List.of("a", "t1#1", "t1#2", "t1#3", "t1\uffff", "t10", "t2#1")) {
              tx.put("m", key, "");
            }
          });
      List<String> up =
          store.read(view -> view.ascending("m", "t1#", "t1#2").map(Entry::key).toList());
      List<String> down = store.read(view -> view.descending("m", "t1#").map(Entry::key).toList());
      List<String> downFrom =
          store.read(view -> view.descending("m", "t1#", "t1#2x").map(Entry::key).toList());
      List<String> belowThePrefix =
          store.read(view -> view.ascending("m", "t2", "a").map(Entry::key).toList());
      List<String> highest =
          store.read(view -> view.descending("m", "t1\uffff").map(Entry::key).toList());
      assertThat(up).containsExactly("t1#2", "t1#3");
      assertThat(down).containsExactly("t1#3", "t1#2", "t1#1");
      assertThat(downFrom).containsExactly("t1#2", "t1#1");
      assertThat(belowThePrefix).containsExactly("t2#1");
      assertThat(highest).containsExactly("t1\uffff");
      assertThat(store.<Boolean>read(view -> view.ascending("none", "").findAny().isEmpty()))
          .isTrue();
    }
  }

  @Test
  void anExceptionLeavesNothing() {
    try (EmbeddedStore store = EmbeddedStore.open(directory.resolve("store"))) {
      assertThatThrownBy(
              () ->
                  store.change(
                      tx -> {
                        tx.put("m", "a", "1");
                        throw new IllegalArgumentException("no");
                      }))
          .hasMessage("no");
      assertThat(store.get("m", "a")).isEmpty();
    }
  }

  @Test
  void aTransactionCannotBeUsedAfterItsEndNorWithinAnother() {
    try (EmbeddedStore store = EmbeddedStore.inMemory()) {
      StoreTransaction[] escaped = new StoreTransaction[1];
      store.change(tx -> escaped[0] = tx);
      assertThatThrownBy(() -> escaped[0].put("m", "a", "1"))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> store.change(_ -> store.change(_ -> {})))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void whatWasWrittenIsThereAfterACleanRestart() {
    Path file = directory.resolve("deep/er/store");
    try (EmbeddedStore store = EmbeddedStore.open(file)) {
      store.change(tx -> tx.put("m", "a", "1"));
    }
    try (EmbeddedStore store = EmbeddedStore.open(file)) {
      assertThat(store.get("m", "a")).contains("1");
    }
  }

  /** So an answer that only repeats another's is not lost with it when the process is killed. */
  @Test
  void whatATransactionHasSeenOfOthersIsDurableWhenItReturns() throws Exception {
    isDurableOnceSeen(store -> store.transact(tx -> tx.get("a", "k")));
  }

  @Test
  void whatIsReadIsDurableWhenItIsTold() throws Exception {
    isDurableOnceSeen(store -> store.get("a", "k"));
  }

  /** Copies the file as soon as a value was seen: that is what a kill would leave. */
  private void isDurableOnceSeen(Function<EmbeddedStore, Optional<String>> look) throws Exception {
    Path file = directory.resolve("store");
    try (EmbeddedStore store = EmbeddedStore.open(file)) {
      for (int round = 0; round < 50; round++) {
        String value = "round " + round;
        Thread writer =
            Thread.ofPlatform().start(() -> store.change(tx -> tx.put("a", "k", value)));
        while (!look.apply(store).equals(Optional.of(value))) {
          Thread.onSpinWait();
        }
        Path copy = Files.copy(file, directory.resolve("copy-" + round));
        writer.join();
        try (EmbeddedStore asKilled = EmbeddedStore.open(copy)) {
          assertThat(asKilled.get("a", "k")).contains(value);
        }
      }
    }
  }

  @Test
  void aFileInUseIsSaidSo() {
    Path file = directory.resolve("store");
    EmbeddedStore store = EmbeddedStore.open(file);
    assertThatThrownBy(() -> EmbeddedStore.open(file))
        .isInstanceOf(StoreInUse.class)
        .hasMessageContaining("in use");
    store.change(tx -> tx.put("m", "a", "1"));
    store.close();
    store.close();
    assertThatThrownBy(() -> store.change(tx -> tx.put("m", "a", "1")))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> store.get("m", "a")).isInstanceOf(IllegalStateException.class);
    EmbeddedStore.open(file).close();
  }

  @Test
  void anInterruptHarmsNeitherTheTransactionNorTheStore() {
    try (EmbeddedStore store = EmbeddedStore.open(directory.resolve("store"))) {
      Thread.currentThread().interrupt();
      store.change(tx -> tx.put("m", "a", "1"));
      Optional<String> read = store.get("m", "a");
      assertThat(Thread.interrupted()).isTrue();
      assertThat(read).contains("1");
      store.change(tx -> tx.put("m", "b", "2"));
      assertThat(store.get("m", "b")).contains("2");
    }
  }

  @Test
  void readersSeeWholeTransactionsOnlyWhileWritersRun() throws Exception {
    try (EmbeddedStore store = EmbeddedStore.open(directory.resolve("store"));
        // Readers that never wait would keep virtual threads' few carriers from the writers.
        ExecutorService threads = Executors.newCachedThreadPool()) {
      AtomicBoolean stop = new AtomicBoolean();
      CountDownLatch reading = new CountDownLatch(2);
      List<Future<Integer>> readers =
          IntStream.range(0, 2)
              .mapToObj(
                  _ ->
                      threads.submit(
                          () -> {
                            int seen = 0;
                            while (!stop.get()) {
                              seen += store.<Integer>read(EmbeddedStoreTest::sumIsZero);
                              reading.countDown();
                            }
                            return seen;
                          }))
              .toList();
      reading.await();
      List<Future<?>> writers =
          IntStream.range(0, 8)
              .<Future<?>>mapToObj(
                  writer ->
                      threads.submit(
                          () -> {
                            for (int i = 0; i < 150; i++) {
                              int amount = i;
                              store.change(
                                  tx -> move(tx, "left" + writer, "right" + i(amount), amount));
                            }
                          }))
              .toList();
      for (Future<?> writer : writers) {
        writer.get();
      }
      stop.set(true);
      for (Future<Integer> reader : readers) {
        assertThat(reader.get()).isZero();
      }
      assertThat(store.get("count", "moves")).contains(String.valueOf(8 * 150));
    }
  }

  private static int i(int amount) {
    return amount % 50;
  }

  private static void move(StoreTransaction tx, String from, String to, int amount) {
    tx.put("one", from, String.valueOf(number(tx, "one", from) - amount));
    tx.put("two", to, String.valueOf(number(tx, "two", to) + amount));
    tx.put("count", "moves", String.valueOf(number(tx, "count", "moves") + 1));
  }

  private static int number(StoreView view, String map, String key) {
    return view.get(map, key).map(Integer::parseInt).orElse(0);
  }

  private static int sumIsZero(StoreView view) {
    int one = view.ascending("one", "").mapToInt(e -> Integer.parseInt(e.value())).sum();
    int two = view.descending("two", "").mapToInt(e -> Integer.parseInt(e.value())).sum();
    return one + two == 0 ? 0 : 1;
  }

  @Test
  void longReadsKeepTheirMomentWhileTheFileIsCompacted() throws Exception {
    int keys = 20_000;
    String filling = "x".repeat(300);
    try (EmbeddedStore store = EmbeddedStore.open(directory.resolve("store"));
        ExecutorService threads = Executors.newCachedThreadPool()) {
      store.change(tx -> IntStream.range(0, keys).forEach(i -> tx.put("m", "k" + i, filling)));
      AtomicBoolean stop = new AtomicBoolean();
      List<Future<Integer>> readers =
          IntStream.range(0, 3)
              .mapToObj(
                  _ ->
                      threads.submit(
                          () -> {
                            int reads = 0;
                            while (!stop.get()) {
                              assertThat(store.<Long>read(EmbeddedStoreTest::slowCount))
                                  .isEqualTo(keys);
                              reads++;
                            }
                            return reads;
                          }))
              .toList();
      // Scattered writes leave chunks that are partly alive: what compaction is for.
      for (int i = 0; i < 5000; i++) {
        int from = i * 7919;
        store.change(
            tx -> {
              for (int j = 0; j < 20; j++) {
                tx.put("m", "k" + (from + j * 997) % keys, from + filling);
              }
            });
      }
      stop.set(true);
      for (Future<Integer> reader : readers) {
        assertThat(reader.get()).isPositive();
      }
    }
  }

  private static long slowCount(StoreView view) {
    return view.ascending("m", "")
        .peek(
            entry -> {
              if (entry.key().endsWith("00")) {
                LockSupport.parkNanos(100_000);
              }
            })
        .map(Entry::key)
        .distinct()
        .count();
  }

  @Test
  void theFileStaysBoundedUnderSteadyRewriting() throws IOException {
    Path file = directory.resolve("store");
    String filling = "x".repeat(300);
    try (EmbeddedStore store = EmbeddedStore.open(file)) {
      for (int round = 0; round < 200; round++) {
        for (int first = 0; first < 1000; first += 50) {
          int from = first;
          int now = round;
          store.change(
              tx -> {
                for (int i = from; i < from + 50; i++) {
                  tx.put("m", "key" + (i * 7919 % 1000), now + filling);
                }
              });
        }
      }
      // 60 MB of values went through a store that holds 0.3 MB of them.
      assertThat(Files.size(file)).isLessThan(6_000_000);
    }
    try (EmbeddedStore store = EmbeddedStore.open(file)) {
      long current =
          store.read(
              view -> view.ascending("m", "").filter(e -> e.value().startsWith("199x")).count());
      assertThat(current).isEqualTo(1000);
    }
  }
}
