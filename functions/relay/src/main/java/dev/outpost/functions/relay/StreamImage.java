package dev.outpost.functions.relay;

import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An image of a stream record as a plain item. */
final class StreamImage {
  private StreamImage() {}

  /** The item of that image; an attribute without a value is left out. */
  static Map<String, Object> item(Map<String, AttributeValue> image) {
    Map<String, Object> item = new LinkedHashMap<>();
    image.forEach((name, value) -> plain(value).ifPresent(plain -> item.put(name, plain)));
    return item;
  }

  private static Optional<Object> plain(AttributeValue value) {
    if (value.getS() != null) {
      return Optional.of(value.getS());
    }
    if (value.getN() != null) {
      return Optional.of(number(value.getN()));
    }
    if (value.getBOOL() != null) {
      return Optional.of(value.getBOOL());
    }
    if (value.getM() != null) {
      return Optional.of(item(value.getM()));
    }
    if (value.getL() != null) {
      List<Object> list = new ArrayList<>();
      value.getL().forEach(element -> plain(element).ifPresent(list::add));
      return Optional.of(list);
    }
    return Optional.ofNullable(value.getSS()).map(LinkedHashSet::new);
  }

  /** DynamoDB has one type of number; whole ones are written as longs. */
  private static Object number(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException _) {
      return Double.valueOf(text);
    }
  }
}
