package dev.outpost.simulation.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;

/** One table of {@link MemoryDynamoDb}: its items, and what they were a moment ago. */
final class MemoryTable {
  /** How far back eventually consistent reads may look. */
  private static final Duration HISTORY = Duration.ofSeconds(30);

  private final String name;
  private final List<String> keys;
  private final boolean hasStream;
  private final Map<String, GlobalSecondaryIndex> indexes = new HashMap<>();
  private final TreeMap<String, List<Version>> items = new TreeMap<>();
  private Instant changed = Instant.MIN;

  /** What an item was from an instant on; empty when it was not there. */
  private record Version(Instant since, Optional<Map<String, AttributeValue>> item) {}

  MemoryTable(CreateTableRequest request) {
    name = request.tableName();
    keys = attributes(request.keySchema());
    hasStream =
        request.streamSpecification() != null && request.streamSpecification().streamEnabled();
    request.globalSecondaryIndexes().forEach(index -> indexes.put(index.indexName(), index));
  }

  private static List<String> attributes(List<KeySchemaElement> schema) {
    return schema.stream().map(KeySchemaElement::attributeName).toList();
  }

  String name() {
    return name;
  }

  boolean hasStream() {
    return hasStream;
  }

  /** The attributes of the table's key, or of an index's and the table's. */
  List<String> keysOf(String index) {
    if (index == null) {
      return keys;
    }
    List<String> all = new ArrayList<>(attributes(index(index).keySchema()));
    keys.stream().filter(key -> !all.contains(key)).forEach(all::add);
    return all;
  }

  /** The attributes by which a query of the table or an index is sorted: all of a key but one. */
  List<String> sortedBy(String index) {
    List<String> all = keysOf(index);
    return all.subList(1, all.size());
  }

  private GlobalSecondaryIndex index(String index) {
    GlobalSecondaryIndex found = indexes.get(index);
    if (found == null) {
      throw new IllegalArgumentException("table " + name + " has no index " + index);
    }
    return found;
  }

  Map<String, AttributeValue> keyOf(Map<String, AttributeValue> item) {
    return only(item, keys);
  }

  static Map<String, AttributeValue> only(Map<String, AttributeValue> item, List<String> names) {
    Map<String, AttributeValue> some = new LinkedHashMap<>();
    for (String attribute : names) {
      AttributeValue value = item.get(attribute);
      if (value == null) {
        throw new IllegalArgumentException("the key lacks " + attribute + ": " + item);
      }
      some.put(attribute, value);
    }
    return some;
  }

  private String place(Map<String, AttributeValue> item) {
    StringBuilder place = new StringBuilder();
    for (String key : keys) {
      place.append(item.get(key).s()).append('\0');
    }
    return place.toString();
  }

  /** The item of that key, as it is. */
  Optional<Map<String, AttributeValue>> get(Map<String, AttributeValue> key) {
    return Optional.ofNullable(items.get(place(key)))
        .flatMap(versions -> versions.getLast().item());
  }

  /** The item of that key, as it was. */
  Optional<Map<String, AttributeValue>> get(Map<String, AttributeValue> key, Instant at) {
    return Optional.ofNullable(items.get(place(key))).flatMap(versions -> at(versions, at));
  }

  private static Optional<Map<String, AttributeValue>> at(List<Version> versions, Instant at) {
    for (int i = versions.size() - 1; i >= 0; i--) {
      if (!versions.get(i).since().isAfter(at)) {
        return versions.get(i).item();
      }
    }
    return Optional.empty();
  }

  void put(
      Map<String, AttributeValue> key, Optional<Map<String, AttributeValue>> item, Instant now) {
    List<Version> versions = items.computeIfAbsent(place(key), _ -> new ArrayList<>());
    Instant old = now.minus(HISTORY);
    while (versions.size() > 1 && versions.get(1).since().isBefore(old)) {
      versions.removeFirst();
    }
    versions.add(new Version(now, item));
    changed = now;
  }

  /** Whether any item is another than at that instant. */
  boolean hasChangedSince(Instant at) {
    return changed.isAfter(at);
  }

  /** All items as they were at that instant. */
  Collection<Map<String, AttributeValue>> all(Instant at) {
    List<Map<String, AttributeValue>> all = new ArrayList<>();
    for (List<Version> versions : items.values()) {
      at(versions, at).ifPresent(all::add);
    }
    return all;
  }

  /** What an index has of an item. */
  Map<String, AttributeValue> projected(Map<String, AttributeValue> item, String index) {
    if (index == null || index(index).projection().projectionType() == ProjectionType.ALL) {
      return item;
    }
    List<String> has = new ArrayList<>(keysOf(index));
    has.addAll(index(index).projection().nonKeyAttributes());
    Map<String, AttributeValue> some = new LinkedHashMap<>();
    has.forEach(
        attribute -> {
          if (item.containsKey(attribute)) {
            some.put(attribute, item.get(attribute));
          }
        });
    return some;
  }

  /** Whether an index has the item: only if it has all of the index's key. */
  boolean isIn(Map<String, AttributeValue> item, String index) {
    return index == null || item.keySet().containsAll(keysOf(index));
  }
}
