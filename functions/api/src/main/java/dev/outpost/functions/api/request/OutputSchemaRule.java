package dev.outpost.functions.api.request;

import dev.outpost.edge.Fields;
import dev.outpost.edge.Json;
import dev.outpost.schema.OutputSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The data that is to come back: a JSON Schema that a document can be checked against. */
final class OutputSchemaRule {
  private static final String NAME = "outputSchema";

  private OutputSchemaRule() {}

  /** The schema's JSON. */
  static Optional<String> read(Fields fields) {
    Optional<Map<?, ?>> given = fields.map(NAME);
    if (given.isEmpty()) {
      return Optional.empty();
    }
    String json = Json.text(given.get());
    int size = json.getBytes(StandardCharsets.UTF_8).length;
    if (size > OutputSchema.MAX_SCHEMA) {
      fields.wrong(
          NAME, "must have at most " + OutputSchema.MAX_SCHEMA + " bytes as JSON; it has " + size);
      return Optional.empty();
    }
    List<OutputSchema.Flaw> flaws = OutputSchema.flaws(given.get());
    flaws.forEach(flaw -> fields.wrong(NAME + flaw.place(), flaw.what()));
    return flaws.isEmpty() ? Optional.of(json) : Optional.empty();
  }
}
