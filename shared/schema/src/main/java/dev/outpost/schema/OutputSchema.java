package dev.outpost.schema;

import dev.harrel.jsonschema.Dialects;
import dev.harrel.jsonschema.Error;
import dev.harrel.jsonschema.JsonSchemaException;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A client's JSON Schema for the output of a dispatch. Immutable; safe for use by many threads.
 *
 * <p>A pattern of a schema may take very long on a hostile document; who checks a document must
 * bound the time.
 */
public final class OutputSchema {
  /** Largest schema, in bytes of its JSON. */
  public static final int MAX_SCHEMA = 16 * 1024;

  /** Largest output, in bytes of its JSON. */
  public static final int MAX_OUTPUT = 64 * 1024;

  private static final URI META = URI.create("https://json-schema.org/draft/2020-12/schema");
  private static final URI OWN = URI.create("outpost:schema");
  private static final int MOST_TOLD = 3;

  private final Map<?, ?> schema;

  /** Of that schema, which has no {@link #flaws}. */
  public OutputSchema(Map<?, ?> schema) {
    this.schema = Collections.unmodifiableMap(new LinkedHashMap<>(schema));
  }

  /**
   * A mistake.
   *
   * @param place where it is, as a JSON pointer; empty for the whole
   * @param what what is wrong there
   */
  public record Flaw(String place, String what) {}

  /** What is wrong with a schema; nothing when a document can be checked against it. */
  public static List<Flaw> flaws(Map<?, ?> schema) {
    Object dialect = schema.get("$schema");
    URI meta = META;
    if (dialect != null) {
      if (!(dialect instanceof String name) || !Known.DIALECTS.containsKey(strip(name))) {
        return List.of(
            new Flaw(
                "/$schema",
                "must be left out or be one of "
                    + String.join(", ", Known.DIALECTS.keySet().stream().sorted().toList())));
      }
      meta = Known.DIALECTS.get(strip(name));
    }
    List<Flaw> flaws = new ArrayList<>(new References(schema).flaws());
    try {
      flaws.addAll(told(factory().createValidator().validate(meta, schema)));
    } catch (JsonSchemaException | NumberFormatException e) {
      flaws.add(new Flaw("", "is no usable JSON Schema: " + e.getMessage()));
    }
    return flaws.stream().limit(MOST_TOLD).toList();
  }

  /** Where and why a document is not as the schema wants it; empty when it is. */
  public Optional<Flaw> mismatch(Object document) {
    try {
      // The schema itself was validated before; the meta-schemas need not be read for it again.
      Validator validator = factory().withDisabledSchemaValidation(true).createValidator();
      URI uri = validator.registerSchema(OWN, (Object) schema);
      return told(validator.validate(uri, document)).stream().findFirst();
    } catch (JsonSchemaException e) {
      return Optional.of(new Flaw("", "the schema can't be applied: " + e.getMessage()));
    } catch (StackOverflowError _) {
      return Optional.of(new Flaw("", "the schema refers to itself without an end"));
    }
  }

  /** The deepest first: a combination of schemas fails because one of its parts does. */
  private static List<Flaw> told(Validator.Result result) {
    return result.getErrors().stream()
        .sorted(Comparator.comparingInt((Error e) -> -e.getInstanceLocation().length()))
        .map(error -> new Flaw(error.getInstanceLocation(), error.getError()))
        .distinct()
        .toList();
  }

  /** Knows the published meta-schemas and nothing else: there is no resolver that fetches. */
  private static ValidatorFactory factory() {
    return new ValidatorFactory()
        .withJsonNodeFactory(PlainNode.FACTORY)
        .withDefaultDialect(new Dialects.Draft2020Dialect());
  }

  private static String strip(String uri) {
    return uri.endsWith("#") ? uri.substring(0, uri.length() - 1) : uri;
  }

  /** The dialects that a schema may name. */
  private static final class Known {
    private static final Map<String, URI> DIALECTS =
        Map.of(
            "https://json-schema.org/draft/2020-12/schema",
            META,
            "https://json-schema.org/draft/2019-09/schema",
            URI.create("https://json-schema.org/draft/2019-09/schema"),
            "http://json-schema.org/draft-07/schema",
            URI.create("http://json-schema.org/draft-07/schema#"));
  }
}
