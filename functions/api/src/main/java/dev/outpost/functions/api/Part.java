package dev.outpost.functions.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** One part of a listing, and where the next one begins. */
final class Part {
  private Part() {}

  /**
   * The data of a part.
   *
   * @param name what is listed
   * @param found one more than is shown, if there are more
   * @param limit how many are shown
   * @param id the id that a next part begins after
   */
  static <T> Map<String, Object> of(
      String name,
      List<T> found,
      int limit,
      Function<T, Map<String, Object>> shown,
      Function<T, String> id) {
    List<T> part = found.subList(0, Math.min(limit, found.size()));
    boolean more = found.size() > limit;
    Map<String, Object> data = new LinkedHashMap<>();
    data.put(name, part.stream().map(shown).toList());
    data.put("nextCursor", more ? Cursor.after(id.apply(part.getLast())) : null);
    data.put("hasMore", more);
    return data;
  }
}
