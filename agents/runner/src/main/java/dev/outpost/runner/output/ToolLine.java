package dev.outpost.runner.output;

import java.util.List;

/** The use of a tool in one line for people. */
final class ToolLine {
  private static final int LONGEST = 200;
  private static final List<String> TELLING =
      List.of(
          "command",
          "file_path",
          "path",
          "absolute_path",
          "pattern",
          "query",
          "url",
          "description",
          "prompt");

  private ToolLine() {}

  static String of(String tool, Event input) {
    for (String field : TELLING) {
      String value = input.text(field);
      if (!value.isEmpty()) {
        return tool + ": " + AgentOutput.cut(firstLine(value), LONGEST);
      }
    }
    return tool;
  }

  static String firstLine(String text) {
    String stripped = text.strip();
    int end = stripped.indexOf('\n');
    return end < 0 ? stripped : stripped.substring(0, end) + " …";
  }
}
