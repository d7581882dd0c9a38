package dev.outpost.workspace;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * That a dispatch is to work in a persistent workspace.
 *
 * @param workspace which one
 * @param name its name, of {@link #NAME_FORM}
 * @param whenBusy what becomes of the dispatch while another works in it
 */
public record Booking(WorkspaceId workspace, String name, WhenBusy whenBusy) {
  /** The name of a workspace that was given none. */
  public static final String DEFAULT_NAME = "default";

  /** The form of a name, as it is told to people. */
  public static final String NAME_FORM =
      "must have 1 to 64 characters of A to Z, a to z, 0 to 9, ._-";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** Refuses nulls, and what is no name. */
  public Booking {
    Objects.requireNonNull(workspace, "workspace");
    Objects.requireNonNull(whenBusy, "whenBusy");
    if (!isName(name)) {
      throw new IllegalArgumentException("a workspace's name " + NAME_FORM);
    }
  }

  /** What becomes of a dispatch whose workspace another one works in. */
  public enum WhenBusy {
    /** It waits for it, as it would for a slot. */
    WAIT,
    /** It is not accepted; and once accepted it has the workspace, waiting or not. */
    REJECT
  }

  /** Whether the text is a workspace's name. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** The same for a dispatch that nobody asks for at that moment, and that can only wait. */
  public Booking waiting() {
    return new Booking(workspace, name, WhenBusy.WAIT);
  }
}
