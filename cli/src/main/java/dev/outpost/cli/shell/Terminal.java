package dev.outpost.cli.shell;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What standard output and standard error are connected to.
 *
 * @param out whether a person reads standard output
 * @param err whether a person reads standard error
 * @param color whether colours are wanted
 * @param columns the width in characters
 */
public record Terminal(boolean out, boolean err, boolean color, int columns) {
  /** No terminal: a pipe, a file, a job. */
  public static final Terminal NONE = new Terminal(false, false, false, 100);

  private static final int USUAL_COLUMNS = 100;
  private static final int FEWEST_COLUMNS = 40;

  /**
   * The terminal as the launcher script found it: Java itself can't tell the two streams apart.
   *
   * @param streams {@code out}, {@code err}, both or none, with a comma between
   * @param columns the width as {@code stty} says it, or empty
   */
  public static Terminal of(String streams, String columns, Map<String, String> environment) {
    boolean out = streams.contains("out");
    boolean err = streams.contains("err");
    boolean dumb = Objects.equals(environment.get("TERM"), "dumb");
    // https://no-color.org: any value but the empty one.
    boolean noColor = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Terminal(out && !dumb, err && !dumb, out && !dumb && !noColor, width(columns));
  }

  private static int width(String columns) {
    try {
      int width = Integer.parseInt(columns.strip());
      return width < FEWEST_COLUMNS ? USUAL_COLUMNS : width;
    } catch (NumberFormatException _) {
      return USUAL_COLUMNS;
    }
  }

  /**
   * The text without control characters, tabs apart: what an agent printed must not move the cursor
   * of whoever reads it, nor set the window's title or the clipboard.
   */
  public static String harmless(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\t' || !Character.isISOControl(c)) {
        kept.append(c);
      }
    }
    return kept.toString();
  }

  /** The first line of the text, harmless and cut to that many characters. */
  public static String oneLine(String text, int atMost) {
    String line = harmless(text.strip().lines().findFirst().orElse("")).replace('\t', ' ');
    boolean cut = line.length() > atMost || text.strip().lines().skip(1).findAny().isPresent();
    if (!cut) {
      return line;
    }
    int keep = Math.max(0, Math.min(line.length(), atMost - 1));
    if (keep > 0 && Character.isHighSurrogate(line.charAt(keep - 1))) {
      keep--;
    }
    return line.substring(0, keep) + "…";
  }

  /** A dispatch's status in its colour. */
  public String paint(String status) {
    if (!color) {
      return status;
    }
    String sgr =
        switch (status.strip().toLowerCase(Locale.ROOT)) {
          case "success" -> "32";
          case "failed", "timeout" -> "31";
          case "cancelled" -> "33";
          case "running", "completing", "provisioning" -> "36";
          default -> "2";
        };
    return "\u001b[" + sgr + "m" + status + "\u001b[0m";
  }
}
