package dev.outpost.cdk;

import dev.outpost.dispatch.Status;
import dev.outpost.items.DispatchItem;
import dev.outpost.items.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.services.lambda.FilterCriteria;

/**
 * Which changes of the dispatches' table are told to the relay: those that {@code Relay.concerns},
 * in the terms of items. What is filtered out invokes nothing and costs nothing.
 *
 * <p>Lambda filters such records by what stands under {@code dynamodb} alone (AWS Lambda Developer
 * Guide, "Using event filtering with a DynamoDB event source"), and takes five patterns, of which
 * one must match. Removed items have no new image, and tasks' own items no state, so they never do.
 */
final class TellingChanges {
  private static final List<Map<String, Boolean>> PRESENT = List.of(Map.of("exists", true));

  private TellingChanges() {}

  /** The filters, for a bus that is told of these statuses. */
  static List<Map<String, Object>> filters(List<String> published) {
    return patterns(published).stream()
        .<Map<String, Object>>map(pattern -> Map.copyOf(FilterCriteria.filter(pattern)))
        .toList();
  }

  /** Their patterns. */
  static List<Map<String, Object>> patterns(List<String> published) {
    List<Map<String, Object>> patterns = new ArrayList<>();
    // An end is told once; that it was told is one more write of its item.
    patterns.add(
        pattern(
            image(DispatchItem.STATE, List.of("stopping", "ended")),
            image(DispatchItem.STATE, List.of(Map.of("anything-but", List.of("ended"))))));
    String pending = Status.PENDING.wire();
    // One that is pending again has freed a slot; a new one is only to be published.
    patterns.add(
        pattern(
            image(Tables.STATUS, List.of(pending)),
            published.contains(pending) ? Map.of() : image(Tables.STATUS, PRESENT)));
    for (Status status : List.of(Status.PROVISIONING, Status.RUNNING, Status.COMPLETING)) {
      String name = status.wire();
      if (published.contains(name)) {
        patterns.add(
            pattern(
                image(Tables.STATUS, List.of(name)),
                image(Tables.STATUS, List.of(Map.of("anything-but", List.of(name))))));
      }
    }
    return patterns;
  }

  private static Map<String, Object> image(String attribute, List<?> texts) {
    return Map.of(attribute, Map.of("S", texts));
  }

  /** Sorted, so that a template does not change by itself. */
  private static Map<String, Object> pattern(
      Map<String, Object> after, Map<String, Object> before) {
    Map<String, Object> images = new TreeMap<>();
    images.put("NewImage", after);
    if (!before.isEmpty()) {
      images.put("OldImage", before);
    }
    return Map.of("dynamodb", images);
  }
}
