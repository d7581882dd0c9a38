package dev.outpost.functions.api.request;

import dev.outpost.edge.Fields;
import java.util.Optional;

/** The task: {@value #MIN} to {@value #MAX} characters, counted as code points. */
final class TaskRule {
  private static final int MIN = 10;
  private static final int MAX = 50_000;
  private static final String NAME = "task";

  private TaskRule() {}

  static String read(Fields fields) {
    Optional<String> given = fields.text(NAME);
    if (given.isEmpty()) {
      if (!fields.has(NAME)) {
        fields.wrong(NAME, "is missing; say in " + MIN + " to " + MAX + " characters what to do");
      }
      return "";
    }
    String task = given.get();
    int length = PlainText.length(task);
    if (length < MIN || length > MAX) {
      fields.wrong(NAME, "must have " + MIN + " to " + MAX + " characters; it has " + length);
    } else if (task.isBlank()) {
      fields.wrong(NAME, "must say something; it is blank");
    }
    PlainText.flaw(task).ifPresent(flaw -> fields.wrong(NAME, flaw));
    return task;
  }
}
