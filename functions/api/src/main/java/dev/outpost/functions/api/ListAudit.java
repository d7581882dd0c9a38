package dev.outpost.functions.api;

import dev.outpost.audit.AuditId;
import dev.outpost.audit.AuditRecord;
import dev.outpost.audit.AuditTrail;
import dev.outpost.edge.Refused;
import dev.outpost.edge.WireTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** {@code GET /audit}: who asked for what in the tenant's name, newest first, part by part. */
final class ListAudit implements Endpoint {
  private static final int MAX = 100;
  private static final int USUAL = 20;

  private final AuditTrail trail;

  ListAudit(AuditTrail trail) {
    this.trail = Objects.requireNonNull(trail, "trail");
  }

  @Override
  public Answer answer(Call call) throws Refused {
    Query query = new Query(call.request());
    int limit = (int) query.number("limit", 1, MAX, USUAL);
    Optional<AuditId> before = Cursor.read(query, AuditId::parse);
    query.done();
    List<AuditRecord> found = trail.list(call.principal().tenantId(), before, limit + 1);
    return Answer.ok(Part.of("records", found, limit, ListAudit::shown, line -> line.id().value()));
  }

  private static Map<String, Object> shown(AuditRecord line) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("auditId", line.id().value());
    shown.put("at", WireTime.of(line.at()));
    shown.put("by", line.by());
    shown.put("act", line.act());
    shown.put("about", line.about().orElse(null));
    shown.put("outcome", line.outcome().wire());
    shown.put("askedId", line.askedId().map(AuditId::value).orElse(null));
    return shown;
  }
}
