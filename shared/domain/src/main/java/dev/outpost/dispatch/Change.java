package dev.outpost.dispatch;

import java.util.Objects;

/** What an event did to a dispatch. */
public sealed interface Change {
  /**
   * It took another state; that is stored, with the slot taken or freed that goes with it.
   *
   * @param before as it was
   * @param after as it is
   */
  record Changed(Dispatch before, Dispatch after) implements Change {
    /** Refuses nulls. */
    public Changed {
      Objects.requireNonNull(before, "before");
      Objects.requireNonNull(after, "after");
    }
  }

  /**
   * The event said nothing new.
   *
   * @param dispatch as it is
   * @param why why not
   */
  record Unchanged(Dispatch dispatch, String why) implements Change {
    /** Refuses nulls. */
    public Unchanged {
      Objects.requireNonNull(dispatch, "dispatch");
      Objects.requireNonNull(why, "why");
    }
  }

  /**
   * What was asked for is not possible in its state.
   *
   * @param dispatch as it is
   * @param why why not
   */
  record Refused(Dispatch dispatch, String why) implements Change {
    /** Refuses nulls. */
    public Refused {
      Objects.requireNonNull(dispatch, "dispatch");
      Objects.requireNonNull(why, "why");
    }
  }

  /**
   * It would need a slot, and its tenant has none free; or another has its workspace.
   *
   * @param dispatch as it is
   */
  record NoSlot(Dispatch dispatch) implements Change {
    /** Refuses null. */
    public NoSlot {
      Objects.requireNonNull(dispatch, "dispatch");
    }
  }

  /** There is no such dispatch. */
  record Unknown() implements Change {}
}
