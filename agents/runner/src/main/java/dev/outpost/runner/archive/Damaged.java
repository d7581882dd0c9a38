package dev.outpost.runner.archive;

import java.io.IOException;

/** An archive that no runner can have written. */
public final class Damaged extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * An archive with that flaw.
   *
   * @param why the end of a sentence; names nothing that is in the archive
   */
  Damaged(String why) {
    super(why);
  }
}
