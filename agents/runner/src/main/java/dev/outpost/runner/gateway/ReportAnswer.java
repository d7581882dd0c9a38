package dev.outpost.runner.gateway;

import dev.outpost.run.Instruction;

/** How a report ended. */
public sealed interface ReportAnswer {
  /** It was taken. */
  record Taken(Instruction instruction) implements ReportAnswer {}

  /** The dispatch is no longer this runner's (401, 403, 404, 409, 410). */
  record Disowned(int status) implements ReportAnswer {}

  /** The report itself was refused: it makes no sense to send it again. */
  record Refused(int status) implements ReportAnswer {}

  /** Nobody answered, or with an error that may pass. */
  record Unanswered(String why) implements ReportAnswer {}
}
