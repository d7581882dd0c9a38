package dev.outpost.items;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The size of an item as DynamoDB bills it (DynamoDB Developer Guide, "DynamoDB item sizes and
 * formats").
 */
final class ItemSize {
  private ItemSize() {}

  static int of(Map<?, ?> item) {
    int size = 0;
    for (Map.Entry<?, ?> attribute : item.entrySet()) {
      size += utf8((String) attribute.getKey()) + of(attribute.getValue());
    }
    return size;
  }

  private static int of(Object value) {
    return switch (value) {
      case String text -> utf8(text);
      case Number number ->
          1 + (new BigDecimal(number.toString()).stripTrailingZeros().precision() + 1) / 2;
      case Boolean _ -> 1;
      case Map<?, ?> map -> 3 + map.size() + of(map);
      case List<?> list -> 3 + list.size() + list.stream().mapToInt(ItemSize::of).sum();
      default -> throw new IllegalArgumentException("no attribute: " + value.getClass());
    };
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
