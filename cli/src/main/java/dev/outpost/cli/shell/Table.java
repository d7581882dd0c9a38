package dev.outpost.cli.shell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of text under a head, in columns as wide as they need to be. */
public final class Table {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  /** An empty table under that head. */
  public Table(String... head) {
    rows.add(List.copyOf(Arrays.asList(head)));
  }

  /** Adds a row with as many cells as the head has. */
  public void add(String... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException("a row needs as many cells as the head has");
    }
    rows.add(Arrays.stream(cells).map(Terminal::harmless).toList());
  }

  /** The lines of the same table in Markdown. */
  public List<String> markdown() {
    List<String> lines = new ArrayList<>(rows.size() + 1);
    for (List<String> row : rows) {
      lines.add(
          "| "
              + String.join(" | ", row.stream().map(cell -> cell.replace("|", "\\|")).toList())
              + " |");
      if (lines.size() == 1) {
        lines.add("|" + "---|".repeat(row.size()));
      }
    }
    return lines;
  }

  /** The lines, head first, without blanks at their ends, none wider than that. */
  public List<String> lines(int atMost) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>(rows.size());
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).repeat(" ", widths[i] - row.get(i).length()).append(GAP);
      }
      lines.add(Terminal.oneLine(line.toString().stripTrailing(), atMost));
    }
    return lines;
  }
}
