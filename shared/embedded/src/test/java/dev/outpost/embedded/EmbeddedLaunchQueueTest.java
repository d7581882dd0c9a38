package dev.outpost.embedded;

import dev.outpost.dispatch.DispatchId;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.launch.LaunchQueueContract;
import dev.outpost.tenant.TenantId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

class EmbeddedLaunchQueueTest extends LaunchQueueContract {
  private final EmbeddedQueue queue =
      new EmbeddedQueue(EmbeddedStore.inMemory(), "launch", 5, InstantSource.system());

  @Override
  protected LaunchQueue queue() {
    return new EmbeddedLaunchQueue(queue);
  }

  @Override
  protected List<Received> receive(Duration within) {
    List<Received> received = new ArrayList<>();
    try {
      for (QueueMessage message : queue.receive(10, Duration.ofMinutes(1), within)) {
        String id = String.valueOf(ItemJson.read(message.body()).get("dispatchId"));
        received.add(
            new Received(
                DispatchId.parse(id).orElseThrow(),
                TenantId.parse(message.groupId().orElseThrow()).orElseThrow()));
        queue.delete(message.receiptHandle());
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return received;
  }
}
