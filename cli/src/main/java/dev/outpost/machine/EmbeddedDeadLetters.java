package dev.outpost.machine;

import dev.outpost.cli.admin.DeadLetter;
import dev.outpost.cli.admin.DeadLetters;
import dev.outpost.embedded.EmbeddedQueue;
import java.util.List;
import java.util.Objects;

/**
 * The dead letters of a queue of this machine.
 *
 * @param queue the queue whose they are
 */
record EmbeddedDeadLetters(EmbeddedQueue queue) implements DeadLetters {
  EmbeddedDeadLetters {
    Objects.requireNonNull(queue, "queue");
  }

  @Override
  public int count() {
    return queue.depth().dead();
  }

  @Override
  public List<DeadLetter> look(int most) {
    return queue.deadLetters().stream()
        .limit(most)
        .map(
            letter ->
                new DeadLetter(letter.id(), letter.sentAt(), letter.receiveCount(), letter.body()))
        .toList();
  }

  @Override
  public int redrive() {
    return queue.redrive();
  }
}
