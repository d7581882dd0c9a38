package dev.outpost.run;

import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * List prices of models, for providers and agents that tell no cost.
 *
 * @param asOf the day on which they were looked up; empty for an empty table
 * @param models the price of each model, by the name that the provider calls it
 */
public record PriceTable(Optional<LocalDate> asOf, Map<String, Price> models) {
  /** No model's price is known. */
  public static final PriceTable EMPTY = new PriceTable(Optional.empty(), Map.of());

  /** Copies the map; refuses prices without a day. */
  public PriceTable {
    Objects.requireNonNull(asOf, "asOf");
    models = Map.copyOf(models);
    if (asOf.isEmpty() && !models.isEmpty()) {
      throw new IllegalArgumentException("a table of prices needs its day");
    }
  }

  /**
   * A model's price: by its name; without the part up to a slash, which says where it is called
   * ({@code deepseek/deepseek-chat}); or by the longest name that it only adds a version to ({@code
   * gpt-5.2-2026-01-15}).
   */
  public Optional<Price> of(String model) {
    String name = model.substring(model.lastIndexOf('/') + 1);
    Price exact = models.getOrDefault(model, models.get(name));
    if (exact != null) {
      return Optional.of(exact);
    }
    return models.keySet().stream()
        .filter(known -> name.startsWith(known + "-") || name.startsWith(known + "@"))
        .max((one, other) -> Integer.compare(one.length(), other.length()))
        .map(models::get);
  }

  /**
   * What a model may cost at most that the table lacks: the dearest of all in each part. Empty for
   * an empty table.
   */
  public Optional<Price> dearest() {
    return models.values().stream().reduce(Price::orDearer);
  }
}
