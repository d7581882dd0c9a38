package dev.outpost.machine;

import dev.outpost.embedded.EmbeddedStore;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * A process that runs one task of a script in a directory, prints its ARN and waits to be killed.
 */
final class EcsHost {
  private EcsHost() {}

  public static void main(String[] args) throws InterruptedException {
    Path directory = Path.of(args[0]);
    EmbeddedStore store = EmbeddedStore.open(directory.resolve("store"));
    EventSink refusing =
        _ -> {
          throw new IllegalStateException("not now");
        };
    ProcessEcs ecs =
        new ProcessEcs(
            store, LocalEcs.settings(directory, args[1]), refusing, InstantSource.system());
    System.out.println(ecs.runTask(LocalEcs.request(1)).tasks().getFirst().taskArn());
    System.out.flush();
    Thread.currentThread().join();
  }
}
