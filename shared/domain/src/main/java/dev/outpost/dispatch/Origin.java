package dev.outpost.dispatch;

import java.util.Objects;
import java.util.Optional;

/** How a dispatch came about. */
public sealed interface Origin {
  /** A client asked for it alone. */
  record Asked() implements Origin {}

  /**
   * A client asked for the same task of several agents.
   *
   * @param group what they are together
   */
  record InGroup(GroupId group) implements Origin {
    /** Refuses null. */
    public InGroup {
      Objects.requireNonNull(group, "group");
    }
  }

  /**
   * An earlier one failed in a way that another agent may not, and its client had named that agent.
   *
   * @param failed the earlier one
   */
  record RetryOf(DispatchId failed) implements Origin {
    /** Refuses null. */
    public RetryOf {
      Objects.requireNonNull(failed, "failed");
    }
  }

  /** The dispatch that failed before, for one that another agent was given then. */
  default Optional<DispatchId> retryOf() {
    return this instanceof RetryOf retry ? Optional.of(retry.failed()) : Optional.empty();
  }

  /** The group, for a dispatch of one. */
  default Optional<GroupId> inGroup() {
    return this instanceof InGroup grouped ? Optional.of(grouped.group()) : Optional.empty();
  }
}
