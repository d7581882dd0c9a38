package dev.outpost.items;

import dev.outpost.audit.AuditId;
import dev.outpost.audit.AuditRecord;
import dev.outpost.tenant.TenantId;
import java.util.Map;

/** A record of the audit: {@code tenant_id, audit_id}. */
public final class AuditItem {
  private static final String AT = "at";
  private static final String BY = "by";
  private static final String ACT = "act";
  private static final String ABOUT = "about";
  private static final String OUTCOME = "outcome";
  private static final String ASKED_ID = "asked_id";

  private AuditItem() {}

  /** The item of a record. */
  public static Map<String, Object> toItem(AuditRecord line) {
    return new ItemWriter()
        .text(Tables.TENANT_ID, line.tenantId().value())
        .text(Tables.AUDIT_ID, line.id().value())
        .instant(AT, line.at())
        .text(BY, line.by())
        .text(ACT, line.act())
        .text(ABOUT, line.about())
        .text(OUTCOME, line.outcome().wire())
        .text(ASKED_ID, line.askedId().map(AuditId::value))
        .number(Tables.EXPIRES, line.at().plus(AuditRecord.KEPT).getEpochSecond())
        .item();
  }

  /** The record of an item. */
  public static AuditRecord fromItem(Map<String, ?> item) {
    ItemReader reader = new ItemReader(item);
    return new AuditRecord(
        new AuditId(reader.text(Tables.AUDIT_ID)),
        new TenantId(reader.text(Tables.TENANT_ID)),
        reader.instant(AT),
        reader.text(BY),
        reader.text(ACT),
        reader.maybeText(ABOUT),
        reader.word(OUTCOME, AuditRecord.Outcome::of),
        reader.maybeText(ASKED_ID).map(AuditId::new));
  }
}
