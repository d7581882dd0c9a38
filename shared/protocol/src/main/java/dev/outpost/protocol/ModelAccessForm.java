package dev.outpost.protocol;

import dev.outpost.run.ModelAccess;
import dev.outpost.run.ModelProtocol;
import dev.outpost.run.Price;
import dev.outpost.run.PriceTable;
import java.net.URI;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A job's way to its model, as JSON data. */
final class ModelAccessForm {
  private ModelAccessForm() {}

  static Map<String, Object> toData(ModelAccess access) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("protocol", access.protocol().wire());
    map.put("upstream", access.upstream().toString());
    access.key().ifPresent(key -> map.put("key", key));
    access.prices().asOf().ifPresent(day -> map.put("pricesAsOf", day.toString()));
    Map<String, Object> prices = new LinkedHashMap<>();
    access
        .prices()
        .models()
        .forEach(
            (model, price) ->
                prices.put(
                    model,
                    List.of(price.input(), price.cacheWrite(), price.cached(), price.output())));
    map.put("prices", prices);
    return map;
  }

  static ModelAccess of(JsonFields fields) throws MalformedMessage {
    Map<String, Price> prices = new LinkedHashMap<>();
    try {
      if (fields.has("prices")) {
        fields
            .object("prices")
            .map()
            .forEach((model, row) -> prices.put((String) model, price(row)));
      }
      return new ModelAccess(
          ModelProtocol.of(fields.text("protocol"))
              .orElseThrow(() -> new MalformedMessage("protocol is not a known word")),
          URI.create(fields.text("upstream")),
          fields.optionalText("key"),
          new PriceTable(fields.optionalText("pricesAsOf").map(LocalDate::parse), prices));
    } catch (IllegalArgumentException | DateTimeException _) {
      // Neither may quote a key that stands in the wrong place.
      throw new MalformedMessage("access is not well formed");
    }
  }

  /** Input, cache write, cached, output. */
  private static Price price(Object row) {
    if (row instanceof List<?> parts
        && parts.size() == 4
        && parts.stream().allMatch(Number.class::isInstance)) {
      double[] dollars =
          parts.stream().mapToDouble(part -> ((Number) part).doubleValue()).toArray();
      return new Price(dollars[0], dollars[1], dollars[2], dollars[3]);
    }
    throw new IllegalArgumentException("a price has four numbers");
  }
}
