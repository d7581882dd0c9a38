package dev.outpost.cli.client;

import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.Spans;
import dev.outpost.cli.shell.Terminal;
import java.io.PrintWriter;

/**
 * A dispatch's progress on standard error: one line that changes on a terminal, else a line per
 * change.
 */
final class ProgressLine implements AutoCloseable {
  private static final String REWIND = "\r\u001b[K";

  private final Shell shell;
  private final PrintWriter err;
  private String last = "";

  ProgressLine(Shell shell) {
    this.shell = shell;
    this.err = shell.complaints();
  }

  /** Shows how far it is. */
  void show(Seen seen) {
    StringBuilder rest = new StringBuilder();
    seen.percent().ifPresent(percent -> rest.append("  ").append(percent).append('%'));
    seen.message().ifPresent(message -> rest.append("  ").append(message));
    String state = seen.status() + rest;
    String elapsed = Spans.brief(seen.elapsed(shell.clock().instant())) + "  ";
    Terminal terminal = shell.terminal();
    if (terminal.err()) {
      // One column stays free: a full line would wrap, and a wrapped line can't be rewound.
      int room = terminal.columns() - 1 - elapsed.length() - seen.status().length();
      err.print(REWIND + elapsed + terminal.paint(seen.status()) + cut(rest.toString(), room));
      err.flush();
    } else if (!last.equals(state)) {
      err.println(elapsed + state);
    }
    last = state;
  }

  private static String cut(String text, int atMost) {
    return text.length() <= atMost ? text : text.substring(0, Math.max(0, atMost));
  }

  /** Takes the changing line away. */
  @Override
  public void close() {
    if (shell.terminal().err() && !last.isEmpty()) {
      err.print(REWIND);
      err.flush();
    }
  }
}
