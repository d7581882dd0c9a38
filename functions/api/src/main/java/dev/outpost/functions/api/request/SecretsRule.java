package dev.outpost.functions.api.request;

import dev.outpost.edge.Fields;

/** Secrets of the client's own for one run: not offered, so that none can be silently dropped. */
final class SecretsRule {
  private static final String NAME = "additionalSecrets";

  private SecretsRule() {}

  static void read(Fields fields) {
    if (fields.list(NAME).filter(list -> !list.isEmpty()).isPresent()) {
      fields.wrong(
          NAME, "must be empty: additional secrets are not available on this installation");
    }
  }
}
