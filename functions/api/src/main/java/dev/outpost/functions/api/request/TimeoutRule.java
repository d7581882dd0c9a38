package dev.outpost.functions.api.request;

import dev.outpost.edge.Fields;
import dev.outpost.tenant.Tier;
import java.time.Duration;
import java.util.OptionalInt;

/** How long the agent may run: {@value #MIN} seconds to the tier's maximum. */
final class TimeoutRule {
  private static final int MIN = 30;
  private static final int USUAL = 600;
  private static final String NAME = "timeoutSeconds";

  private TimeoutRule() {}

  static Duration read(Fields fields, Tier tier) {
    OptionalInt given = fields.integer(NAME);
    int max = Math.toIntExact(tier.maxTimeout().toSeconds());
    if (given.isEmpty()) {
      return Duration.ofSeconds(Math.min(USUAL, max));
    }
    if (given.getAsInt() < MIN) {
      fields.wrong(NAME, "must be at least " + MIN);
    }
    if (given.getAsInt() > max) {
      fields.wrong(NAME, "must be at most " + max + ", the maximum of the tier " + tier.wire());
    }
    return Duration.ofSeconds(given.getAsInt());
  }
}
