package dev.outpost.cli.shell;

/** What a command's end tells the shell. The help text of {@code outpost} lists the same. */
public enum ExitCode {
  /** Done; a dispatch that was waited for succeeded. */
  OK(0),
  /** The dispatch that was waited for failed. */
  FAILED(1),
  /** The command line makes no sense. */
  USAGE(2),
  /** The API refused the request. */
  REFUSED(3),
  /** Nothing answers there. */
  UNREACHABLE(4),
  /** The API or this machine failed. */
  BROKEN(5),
  /** The dispatch that was waited for ran out of time; as timeout(1) has it. */
  TIMEOUT(124),
  /** The dispatch that was waited for was cancelled; as a shell has it for Ctrl-C. */
  CANCELLED(130);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** The number that the process ends with. */
  public int number() {
    return number;
  }
}
