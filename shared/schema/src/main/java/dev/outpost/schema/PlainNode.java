package dev.outpost.schema;

import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.JsonNodeFactory;
import dev.harrel.jsonschema.SimpleType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** JSON as plain maps, lists, strings, numbers and booleans, as the validator wants to see it. */
final class PlainNode implements JsonNode {
  static final JsonNodeFactory FACTORY =
      new JsonNodeFactory() {
        @Override
        public JsonNode wrap(Object node) {
          return node instanceof JsonNode wrapped ? wrapped : new PlainNode(node, "");
        }

        @Override
        public JsonNode create(String rawJson) {
          try {
            return new PlainNode(Document.read(rawJson), "");
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  private final Object value;
  private final String pointer;
  private final SimpleType type;

  private PlainNode(Object value, String pointer) {
    this.value = value;
    this.pointer = pointer;
    this.type =
        switch (value) {
          case null -> SimpleType.NULL;
          case Boolean _ -> SimpleType.BOOLEAN;
          case String _ -> SimpleType.STRING;
          case Number number -> isWhole(number) ? SimpleType.INTEGER : SimpleType.NUMBER;
          case List<?> _ -> SimpleType.ARRAY;
          case Map<?, ?> _ -> SimpleType.OBJECT;
          default -> throw new IllegalArgumentException("no JSON: " + value.getClass());
        };
  }

  /**
   * A number is an integer by its value, not by its spelling (JSON Schema 2020-12, section 4.2).
   */
  private static boolean isWhole(Number number) {
    return decimal(number).stripTrailingZeros().scale() <= 0;
  }

  private static BigDecimal decimal(Number number) {
    return switch (number) {
      case BigDecimal decimal -> decimal;
      case BigInteger integer -> new BigDecimal(integer);
      case Double fraction -> BigDecimal.valueOf(fraction);
      case Float fraction -> BigDecimal.valueOf(fraction);
      default -> BigDecimal.valueOf(number.longValue());
    };
  }

  @Override
  public String getJsonPointer() {
    return pointer;
  }

  @Override
  public SimpleType getNodeType() {
    return type;
  }

  @Override
  public boolean asBoolean() {
    return (Boolean) value;
  }

  @Override
  public String asString() {
    return Objects.toString(value);
  }

  @Override
  public BigInteger asInteger() {
    return decimal((Number) value).toBigInteger();
  }

  @Override
  public BigDecimal asNumber() {
    return decimal((Number) value);
  }

  @Override
  public List<JsonNode> asArray() {
    List<JsonNode> elements = new ArrayList<>();
    for (Object element : (List<?>) value) {
      elements.add(new PlainNode(element, pointer + "/" + elements.size()));
    }
    return elements;
  }

  @Override
  public Map<String, JsonNode> asObject() {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    ((Map<?, ?>) value)
        .forEach(
            (name, field) -> {
              String text = String.valueOf(name);
              fields.put(
                  text, new PlainNode(field, pointer + "/" + JsonNode.encodeJsonPointer(text)));
            });
    return fields;
  }

  /** Equal are equal values: 1 and 1.0 too. */
  @Override
  public boolean equals(Object other) {
    return other instanceof PlainNode node && sameValue(value, node.value);
  }

  @Override
  public int hashCode() {
    return type == SimpleType.INTEGER || type == SimpleType.NUMBER
        ? decimal((Number) value).stripTrailingZeros().hashCode()
        : type.hashCode();
  }

  private static boolean sameValue(Object one, Object other) {
    return switch (one) {
      case Number number ->
          other instanceof Number second && decimal(number).compareTo(decimal(second)) == 0;
      case List<?> list -> other instanceof List<?> second && sameElements(list, second);
      case Map<?, ?> map -> other instanceof Map<?, ?> second && sameFields(map, second);
      case null, default -> Objects.equals(one, other);
    };
  }

  private static boolean sameElements(List<?> one, List<?> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      if (!sameValue(one.get(i), other.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameFields(Map<?, ?> one, Map<?, ?> other) {
    return one.size() == other.size()
        && one.entrySet().stream()
            .allMatch(
                field ->
                    other.containsKey(field.getKey())
                        && sameValue(field.getValue(), other.get(field.getKey())));
  }
}
