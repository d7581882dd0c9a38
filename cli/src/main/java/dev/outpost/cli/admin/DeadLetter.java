package dev.outpost.cli.admin;

import java.time.Instant;
import java.util.Objects;

/**
 * A message that was given up.
 *
 * @param id the message's id
 * @param sentAt when it was sent
 * @param receives how often it has been received, looks at the dead letters included
 * @param body what was sent
 */
public record DeadLetter(String id, Instant sentAt, int receives, String body) {
  /** Refuses nulls. */
  public DeadLetter {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(sentAt, "sentAt");
    Objects.requireNonNull(body, "body");
  }

  /** Leaves the body out: an event of ECS has a claim token in it. */
  @Override
  public String toString() {
    return "DeadLetter[" + id + "]";
  }
}
