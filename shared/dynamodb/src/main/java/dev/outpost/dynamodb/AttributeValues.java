package dev.outpost.dynamodb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Between items as plain maps and the SDK's attribute values. */
public final class AttributeValues {
  private AttributeValues() {}

  static Map<String, AttributeValue> of(Map<?, ?> item) {
    Map<String, AttributeValue> attributes = LinkedHashMap.newLinkedHashMap(item.size());
    item.forEach((name, value) -> attributes.put((String) name, of(value)));
    return attributes;
  }

  static AttributeValue of(String text) {
    return AttributeValue.fromS(text);
  }

  static AttributeValue of(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }

  static AttributeValue setOf(String text) {
    return AttributeValue.fromSs(List.of(text));
  }

  private static AttributeValue of(Object value) {
    return switch (value) {
      case String text -> AttributeValue.fromS(text);
      case Long number -> AttributeValue.fromN(number.toString());
      case Double number -> AttributeValue.fromN(number.toString());
      case Boolean flag -> AttributeValue.fromBool(flag);
      case Map<?, ?> map -> AttributeValue.fromM(of(map));
      case List<?> list -> {
        List<AttributeValue> elements = new ArrayList<>(list.size());
        list.forEach(element -> elements.add(of(element)));
        yield AttributeValue.fromL(elements);
      }
      case Set<?> set -> {
        List<String> texts = new ArrayList<>(set.size());
        set.forEach(text -> texts.add((String) text));
        yield AttributeValue.fromSs(texts);
      }
      default -> throw new IllegalArgumentException("no attribute: " + value.getClass());
    };
  }

  /** The item of those attributes. */
  public static Map<String, Object> item(Map<String, AttributeValue> attributes) {
    Map<String, Object> item = LinkedHashMap.newLinkedHashMap(attributes.size());
    attributes.forEach((name, value) -> item.put(name, object(name, value)));
    return item;
  }

  private static Object object(String name, AttributeValue value) {
    return switch (value.type()) {
      case S -> value.s();
      case N -> number(value.n());
      case BOOL -> value.bool();
      case M -> item(value.m());
      case L -> value.l().stream().map(element -> object(name, element)).toList();
      case SS -> Set.copyOf(value.ss());
      case B, BS, NS, NUL, UNKNOWN_TO_SDK_VERSION ->
          throw new IllegalArgumentException(
              "attribute " + name + " has type " + value.type() + ", which no item of ours has");
    };
  }

  private static Number number(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.' || c == 'e' || c == 'E') {
        return Double.valueOf(text);
      }
    }
    return Long.valueOf(text);
  }
}
