package dev.outpost.items;

import dev.outpost.tenant.ContextDocument;
import dev.outpost.tenant.TenantId;
import java.util.Map;

/** A tenant's standing context: {@code tenant_id, sk = CONTEXT, text, updated_at}. */
public final class ContextDocumentItem {
  /** The {@link Tables#SORT_KEY} of a tenant's document. */
  public static final String SORT_KEY = "CONTEXT";

  private ContextDocumentItem() {}

  /** The item. */
  public static Map<String, Object> toItem(TenantId id, ContextDocument document) {
    return new ItemWriter()
        .text(Tables.TENANT_ID, id.value())
        .text(Tables.SORT_KEY, SORT_KEY)
        .text("text", document.text())
        .instant("updated_at", document.updatedAt())
        .item();
  }

  /**
   * The document of an item.
   *
   * @throws IllegalArgumentException when the item is none of a document
   */
  public static ContextDocument fromItem(Map<String, ?> item) {
    ItemReader reader = new ItemReader(item);
    return new ContextDocument(reader.text("text"), reader.instant("updated_at"));
  }
}
