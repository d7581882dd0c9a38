package dev.outpost.items;

import dev.outpost.tenant.SecretBox;
import dev.outpost.tenant.SecretName;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A tenant's secrets as they are kept: {@code {NAME: {value, updated_at}}}. No table ever holds
 * this; it is written where only its owner, or the installation's functions, may read.
 */
public final class SecretBoxItem {
  private SecretBoxItem() {}

  /** The form to keep. */
  public static Map<String, Object> toItem(SecretBox box) {
    Map<String, Object> item = new LinkedHashMap<>();
    new TreeMap<>(box.entries())
        .forEach(
            (name, entry) ->
                item.put(
                    name.value(),
                    new ItemWriter()
                        .text("value", entry.value())
                        .instant("updated_at", entry.updatedAt())
                        .item()));
    return item;
  }

  /**
   * The secrets of such a form.
   *
   * @throws IllegalArgumentException when it is none; its message quotes nothing of it
   */
  public static SecretBox fromItem(Map<String, ?> item) {
    ItemReader reader = new ItemReader(item);
    Map<SecretName, SecretBox.Entry> entries = new HashMap<>();
    for (String name : item.keySet()) {
      ItemReader entry = reader.inner(name);
      entries.put(
          new SecretName(name),
          new SecretBox.Entry(entry.text("value"), entry.instant("updated_at")));
    }
    return new SecretBox(entries);
  }
}
