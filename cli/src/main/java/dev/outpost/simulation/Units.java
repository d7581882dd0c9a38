package dev.outpost.simulation;

import dev.outpost.items.Tables;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * DynamoDB's units, by its rules of billing (Developer Guide, "DynamoDB item sizes and formats",
 * "Capacity unit consumption for write operations", "Global secondary indexes: provisioned
 * throughput considerations"): a write counts each KB of the larger of the item before and after,
 * in a transaction twice; an entry of an index counts likewise when it is put, changed or removed,
 * and twice when its key changes; a read counts half of each 4 KB, with strong consistency all.
 *
 * <p>Whether the entries of indexes count twice in a transaction the guide does not say. They are
 * written after it, each for itself, so they are counted once here.
 */
final class Units {
  private static final int WRITE_UNIT = 1024;
  private static final int READ_UNIT = 4096;

  private final Map<String, List<Index>> indexes;
  private double items;
  private double entries;

  /** An index of a table. */
  private record Index(List<String> key, List<String> projected) {
    Optional<Map<String, AttributeValue>> entry(Optional<Map<String, AttributeValue>> item) {
      return item.filter(all -> all.keySet().containsAll(key))
          .map(
              all -> {
                Map<String, AttributeValue> some = new HashMap<>(all);
                some.keySet().removeIf(name -> !key.contains(name) && !projected.contains(name));
                return some;
              });
    }

    double units(
        Optional<Map<String, AttributeValue>> before, Optional<Map<String, AttributeValue>> after) {
      Optional<Map<String, AttributeValue>> from = entry(before);
      Optional<Map<String, AttributeValue>> to = entry(after);
      if (from.equals(to)) {
        return 0;
      }
      boolean moved =
          from.isPresent()
              && to.isPresent()
              && !key.stream().allMatch(name -> from.get().get(name).equals(to.get().get(name)));
      return (moved ? 2 : 1) * writes(from, to);
    }
  }

  Units(Map<String, String> tables) {
    List<String> byWaiting = new ArrayList<>(Tables.BY_WAITING_PROJECTS);
    byWaiting.add(Tables.DISPATCH_ID);
    List<String> byDue = List.of(Tables.DUE_SHARD, Tables.DUE_AT);
    indexes =
        Map.of(
            tables.get(Tables.DISPATCHES),
            List.of(
                new Index(List.of(Tables.TENANT_ID, Tables.DISPATCH_ID), List.of()),
                new Index(List.of(Tables.WAITING_SHARD, Tables.WAITING_ORDER), byWaiting),
                new Index(byDue, List.of(Tables.DISPATCH_ID))),
            tables.get(Tables.TENANTS),
            List.of(new Index(byDue, List.of(Tables.TENANT_ID, Tables.SORT_KEY))));
  }

  void written(
      String table,
      Optional<Map<String, AttributeValue>> before,
      Optional<Map<String, AttributeValue>> after) {
    items += writes(before, after);
    indexes.getOrDefault(table, List.of()).forEach(index -> entries += index.units(before, after));
  }

  /** The units of what was written since the last time this was asked. */
  double taken(boolean transaction) {
    double units = (transaction ? 2 : 1) * items + entries;
    items = 0;
    entries = 0;
    return units;
  }

  private static double writes(
      Optional<Map<String, AttributeValue>> before, Optional<Map<String, AttributeValue>> after) {
    int larger = Math.max(before.map(Units::size).orElse(0), after.map(Units::size).orElse(0));
    return Math.ceilDiv(Math.max(larger, 1), WRITE_UNIT);
  }

  /** The units of one read; a query's items are added up before they are rounded. */
  static double read(List<Map<String, AttributeValue>> items, boolean consistent) {
    int size = items.stream().mapToInt(Units::size).sum();
    return Math.ceilDiv(Math.max(size, 1), READ_UNIT) * (consistent ? 1.0 : 0.5);
  }

  /** The size of an item in bytes. */
  static int size(Map<String, AttributeValue> item) {
    return item.entrySet().stream()
        .mapToInt(attribute -> utf8(attribute.getKey()) + size(attribute.getValue()))
        .sum();
  }

  private static int size(AttributeValue value) {
    return switch (value.type()) {
      case S -> utf8(value.s());
      case N -> 1 + (new BigDecimal(value.n()).stripTrailingZeros().precision() + 1) / 2;
      case BOOL -> 1;
      case SS -> value.ss().stream().mapToInt(Units::utf8).sum();
      case M -> 3 + value.m().size() + size(value.m());
      case L -> 3 + value.l().size() + value.l().stream().mapToInt(Units::size).sum();
      case B, BS, NS, NUL, UNKNOWN_TO_SDK_VERSION ->
          throw new IllegalArgumentException("no item of ours holds a " + value.type());
    };
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
