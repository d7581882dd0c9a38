package dev.outpost.runner.git;

import dev.outpost.run.Failure;

/** The work tree could not be made; the failure says why. */
public final class NotPrepared extends Exception {
  private static final long serialVersionUID = 1;
  private final transient Failure failure;

  /** For that reason. */
  public NotPrepared(Failure failure) {
    super(failure.message());
    this.failure = failure;
  }

  /** What is to be reported. */
  public Failure failure() {
    return failure;
  }
}
