package dev.outpost.runner.gateway;

import dev.outpost.run.Job;

/** How a claim ended. */
public sealed interface ClaimAnswer {
  /** The dispatch is this runner's. */
  record Granted(Job job) implements ClaimAnswer {}

  /** The dispatch is another's, or none: nothing may be touched. */
  record Refused(int status) implements ClaimAnswer {}

  /** Nobody answered, or nothing that can be understood. */
  record Unanswered(String why) implements ClaimAnswer {}
}
