package dev.outpost.embedded;

import java.nio.file.Path;

/** A process that writes transactions until it is killed, and prints each acknowledged one's id. */
final class StoreWriter {
  private static final int THREADS = 8;

  private StoreWriter() {}

  public static void main(String[] args) {
    EmbeddedStore store = EmbeddedStore.open(Path.of(args[0]));
    for (int i = 0; i < THREADS; i++) {
      int writer = i;
      Thread.ofPlatform().start(() -> write(store, writer));
    }
  }

  private static void write(EmbeddedStore store, int writer) {
    for (int i = 0; ; i++) {
      String id = writer + "-" + i;
      store.change(
          tx -> {
            tx.put("left", id, "l" + id);
            tx.put("right", id, "r" + id);
            tx.put(
                "count",
                "all",
                String.valueOf(tx.get("count", "all").map(Integer::parseInt).orElse(0) + 1));
          });
      synchronized (System.out) {
        System.out.println(id);
        System.out.flush();
      }
    }
  }
}
