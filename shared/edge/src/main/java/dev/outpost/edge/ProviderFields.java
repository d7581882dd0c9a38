package dev.outpost.edge;

import dev.outpost.agent.ModelProvider;
import dev.outpost.run.ModelProtocol;
import dev.outpost.run.Price;
import dev.outpost.run.PriceTable;
import java.net.URI;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads an agent's {@code model} in the catalogue: where its models are and what they cost. */
final class ProviderFields {
  private static final String NAME = "model";
  private static final Pattern VARIABLE = Pattern.compile("[A-Z_][A-Z0-9_]*");

  private ProviderFields() {}

  /** The provider, or empty where there is none, or none that could be read. */
  static Optional<ModelProvider> read(Fields agent) {
    Optional<Fields> object = agent.object(NAME);
    if (object.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = object.get();
    final int before = fields.mistakes();
    final Optional<ModelProtocol> protocol = protocol(fields);
    final Optional<URI> upstream = upstream(fields);
    final Optional<String> credential = fields.text("credential");
    if (credential.isPresent() && !VARIABLE.matcher(credential.get()).matches()) {
      fields.wrong("credential", "must be of A-Z, 0-9 and _, as a variable's name");
    }
    final PriceTable prices =
        fields.object("prices").map(ProviderFields::prices).orElse(PriceTable.EMPTY);
    fields.refuseUnknown();
    return fields.mistakes() > before
        ? Optional.empty()
        : Optional.of(
            new ModelProvider(protocol.orElseThrow(), upstream.orElseThrow(), credential, prices));
  }

  private static Optional<ModelProtocol> protocol(Fields fields) {
    Optional<String> word = fields.text("protocol");
    Optional<ModelProtocol> protocol = word.flatMap(ModelProtocol::of);
    if (protocol.isEmpty() && (word.isPresent() || !fields.has("protocol"))) {
      List<String> known = Stream.of(ModelProtocol.values()).map(ModelProtocol::wire).toList();
      fields.wrong("protocol", "must be one of " + String.join(", ", known));
    }
    return protocol;
  }

  private static Optional<URI> upstream(Fields fields) {
    Optional<String> text = fields.text("upstream");
    if (text.isEmpty()) {
      if (!fields.has("upstream")) {
        fields.wrong("upstream", "is missing");
      }
      return Optional.empty();
    }
    try {
      return Optional.of(Upstreams.address(text.get()));
    } catch (IllegalArgumentException e) {
      fields.wrong("upstream", e.getMessage());
      return Optional.empty();
    }
  }

  private static PriceTable prices(Fields fields) {
    final int before = fields.mistakes();
    Optional<LocalDate> asOf = Optional.empty();
    try {
      asOf = fields.text("asOf").map(LocalDate::parse);
    } catch (DateTimeException _) {
      fields.wrong("asOf", "must be a day such as 2026-11-25");
    }
    if (!fields.has("asOf")) {
      fields.wrong("asOf", "is missing: the day on which the prices were looked up");
    }
    Map<String, Price> models = new HashMap<>();
    Optional<Map<?, ?>> table = fields.map("usdPerMillionTokens");
    if (table.isPresent()) {
      Fields rows = fields.at("usdPerMillionTokens", table.get());
      for (Object model : table.get().keySet()) {
        String name = String.valueOf(model);
        rows.object(name).flatMap(ProviderFields::price).ifPresent(p -> models.put(name, p));
      }
    }
    if (!fields.has("usdPerMillionTokens")) {
      fields.wrong("usdPerMillionTokens", "is missing");
    }
    fields.refuseUnknown();
    return fields.mistakes() > before ? PriceTable.EMPTY : new PriceTable(asOf, models);
  }

  /** Where a provider asks nothing special for its cache, it costs what input costs. */
  private static Optional<Price> price(Fields row) {
    final int before = row.mistakes();
    OptionalDouble input = dollars(row, "input");
    OptionalDouble output = dollars(row, "output");
    OptionalDouble cached = dollars(row, "cached");
    OptionalDouble cacheWrite = dollars(row, "cacheWrite");
    row.refuseUnknown();
    for (String needed : List.of("input", "output")) {
      if (!row.has(needed)) {
        row.wrong(needed, "is missing");
      }
    }
    if (row.mistakes() > before) {
      return Optional.empty();
    }
    double usual = input.orElseThrow();
    return Optional.of(
        new Price(usual, cacheWrite.orElse(usual), cached.orElse(usual), output.orElseThrow()));
  }

  private static OptionalDouble dollars(Fields row, String name) {
    OptionalDouble price = row.decimal(name);
    if (price.isPresent() && !(price.getAsDouble() >= 0 && price.getAsDouble() <= Price.MAX)) {
      row.wrong(name, "must be 0 to " + (long) Price.MAX + " dollars for a million tokens");
    }
    return price;
  }
}
