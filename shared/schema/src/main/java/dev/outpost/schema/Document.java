package dev.outpost.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** A JSON document of any kind that somebody else wrote, read with bounds. Stateless. */
public final class Document {
  private static final int MAX_DEPTH = 50;

  /** Beyond the range of a double; larger powers of ten are meant to exhaust, not to count. */
  private static final int MAX_SCALE = 400;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();
  private static final JSON MAPPER =
      JSON.builder(FACTORY)
          .enable(JSON.Feature.WRITE_NULL_PROPERTIES)
          .enable(JSON.Feature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private Document() {}

  /**
   * Reads one JSON value: a map, list, string, number, boolean or null.
   *
   * @throws IOException when the text is anything else, a name stands twice, it nests deeper than
   *     50, or a number is out of all range
   */
  public static Object read(String text) throws IOException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new IOException("there is nothing in it");
      }
      Object value = MAPPER.anyFrom(parser);
      if (parser.nextToken() != null) {
        throw new IOException("there is something after the JSON value");
      }
      refuseEndless(value);
      return value;
    }
  }

  /** The JSON of such a value. */
  public static String write(Object value) throws IOException {
    return MAPPER.asString(value);
  }

  private static void refuseEndless(Object value) throws IOException {
    switch (value) {
      case BigDecimal number when Math.abs((long) number.scale()) > MAX_SCALE ->
          throw new IOException("a number is out of range");
      case List<?> list -> {
        for (Object element : list) {
          refuseEndless(element);
        }
      }
      case Map<?, ?> map -> {
        for (Object field : map.values()) {
          refuseEndless(field);
        }
      }
      case null, default -> {}
    }
  }
}
