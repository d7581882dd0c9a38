package dev.outpost.edge;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * JSON as plain maps, lists, strings, numbers and booleans. Stateless; safe for use by many
 * threads.
 *
 * <p>Strict where leniency would hide a client's mistake: a name given twice and text after the
 * value are refused.
 */
public final class Json {
  /** Deepest nesting that is read: no message of ours comes near, and recursion stays bounded. */
  private static final int MAX_DEPTH = 50;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();
  // A null is written: clients of the API find every key, whether its value is known yet or not.
  private static final JSON MAPPER =
      JSON.builder(FACTORY).enable(JSON.Feature.WRITE_NULL_PROPERTIES).build();

  private Json() {}

  /**
   * Reads one JSON object.
   *
   * @throws MalformedJson when the text is anything else
   */
  public static Map<?, ?> object(String text) throws MalformedJson {
    try (JsonParser parser = FACTORY.createParser(text)) {
      return object(parser);
    } catch (JsonProcessingException e) {
      throw malformed(e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  /**
   * Reads one JSON object.
   *
   * @throws MalformedJson when the stream holds anything else
   * @throws IOException when the stream can't be read
   */
  public static Map<?, ?> object(InputStream stream) throws MalformedJson, IOException {
    try (JsonParser parser = FACTORY.createParser(stream)) {
      return object(parser);
    } catch (JsonProcessingException e) {
      throw malformed(e);
    }
  }

  /** The JSON of a map, list, string, number, boolean or null. */
  public static String text(Object value) {
    try {
      return MAPPER.asString(value);
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory cannot fail", e);
    }
  }

  private static Map<?, ?> object(JsonParser parser) throws IOException, MalformedJson {
    if (parser.nextToken() == null) {
      throw new MalformedJson("there is nothing in it");
    }
    Object value = MAPPER.anyFrom(parser);
    if (!(value instanceof Map<?, ?> map)) {
      throw new MalformedJson("it is not a JSON object");
    }
    if (parser.nextToken() != null) {
      throw new MalformedJson("there is something after the JSON object");
    }
    return map;
  }

  /** Names the place, but of the text itself only a name that stands twice. */
  private static MalformedJson malformed(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    String place = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    String what = e.getOriginalMessage();
    return what != null && what.startsWith("Duplicate")
        ? new MalformedJson(what + place)
        : new MalformedJson("it is not valid JSON" + place);
  }
}
