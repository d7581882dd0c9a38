package dev.outpost.dispatch;

import java.util.Objects;

/** A state's answer to an event. */
public sealed interface Transition {
  /** The dispatch takes that state. */
  record To(DispatchState next) implements Transition {
    /** Refuses null. */
    public To {
      Objects.requireNonNull(next, "next");
    }
  }

  /** The event says nothing new: a duplicate, or one about something that is over. */
  record Ignored(String why) implements Transition {
    /** Refuses null. */
    public Ignored {
      Objects.requireNonNull(why, "why");
    }
  }

  /** What was asked for is not possible any more; whoever asked must hear that. */
  record Refused(String why) implements Transition {
    /** Refuses null. */
    public Refused {
      Objects.requireNonNull(why, "why");
    }
  }
}
