package dev.outpost.cli.client;

import dev.outpost.cli.shell.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a listing of the API has, as it gives it: newest first.
 *
 * @param found as many as were wanted, or all there are
 * @param more whether there are more
 */
record Listing(List<Map<String, Object>> found, boolean more) {
  /** The API gives no more at once. */
  private static final int LARGEST_PAGE = 100;

  /**
   * Reads it, page by page.
   *
   * @param name what is listed, as the answer calls it
   * @param limit how many are wanted
   * @throws Refusal when that is less than one
   */
  static Listing read(Api api, String path, Map<String, String> filters, String name, int limit) {
    if (limit < 1) {
      throw Refusal.usage("--limit must be at least 1");
    }
    List<Map<String, Object>> found = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      Map<String, String> query = new LinkedHashMap<>(filters);
      query.put("limit", Integer.toString(Math.min(LARGEST_PAGE, limit - found.size())));
      cursor.ifPresent(from -> query.put("cursor", from));
      Map<String, Object> page = api.get(path, query);
      found.addAll(Json.maps(page.get(name)));
      cursor = Json.text(page, "nextCursor");
    } while (cursor.isPresent() && found.size() < limit);
    return new Listing(List.copyOf(found), cursor.isPresent());
  }
}
