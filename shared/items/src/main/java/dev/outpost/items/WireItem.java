package dev.outpost.items;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A plain item as DynamoDB's JSON has it: each value under the name of its type. */
public final class WireItem {
  private WireItem() {}

  /** The attributes of that item. */
  public static Map<String, Object> attributes(Map<?, ?> item) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    item.forEach((name, value) -> attributes.put((String) name, attribute(value)));
    return attributes;
  }

  private static Map<String, Object> attribute(Object value) {
    return switch (value) {
      case String text -> Map.of("S", text);
      case Number number -> Map.of("N", number.toString());
      case Boolean truth -> Map.of("BOOL", truth);
      case Map<?, ?> map -> Map.of("M", attributes(map));
      case Set<?> words -> Map.of("SS", List.copyOf(words));
      case List<?> list -> Map.of("L", list.stream().map(WireItem::attribute).toList());
      default -> throw new IllegalArgumentException("no attribute: " + value.getClass());
    };
  }
}
