package dev.outpost.simulation;

import dev.outpost.audit.AuditId;
import dev.outpost.audit.AuditRecord;
import dev.outpost.audit.AuditRecord.Outcome;
import dev.outpost.audit.AuditedTenants;
import dev.outpost.dispatch.Admit;
import dev.outpost.dispatch.Cancel;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.GroupId;
import dev.outpost.dispatch.Status;
import dev.outpost.dynamodb.AttributeValues;
import dev.outpost.items.ApiKeyItem;
import dev.outpost.items.AuditItem;
import dev.outpost.run.Cause;
import dev.outpost.simulation.aws.MemoryDynamoDb.Change;
import dev.outpost.tenant.ApiKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The witness of the audit: no record is ever written again or removed; what is accepted, what is
 * cancelled, and each change of a tenant or a key had been written down; and what a record says was
 * cancelled was.
 */
final class Acts {
  private final Ledger ledger;
  private final Map<AuditId, AuditRecord> records = new LinkedHashMap<>();

  /** What was written down before it was done, or with it: each act on each thing. */
  private final Set<String> known = new HashSet<>();

  /** How often each act of a tenant was. */
  private final Map<String, Integer> times = new HashMap<>();

  /** What was accepted, a dispatch alone or a group; and how often that was written down. */
  private final Set<String> accepted = new HashSet<>();

  private final Map<String, Integer> acceptances = new HashMap<>();

  /** Of those, what one or the other was told of since the last check. */
  private final Set<String> fresh = new HashSet<>();

  private final Set<AuditId> ended = new HashSet<>();

  /** How often each tenant really was made or became another. */
  private final Map<String, Integer> updated = new HashMap<>();

  Acts(Ledger ledger) {
    this.ledger = ledger;
  }

  /** A write to the audit's table. */
  void recordWritten(Change change) {
    require(change.before().isEmpty(), "a record was written again: " + change);
    require(change.after().isPresent(), "a record was removed: " + change);
    if (change.after().isEmpty()) {
      return;
    }
    AuditRecord line = AuditItem.fromItem(AttributeValues.item(change.after().get()));
    records.put(line.id(), line);
    if (line.outcome() == Outcome.ASKED || line.askedId().isEmpty()) {
      known.add(key(line.tenantId().value(), line.act(), line.about().orElse("")));
      times.merge(line.tenantId() + "/" + line.act(), 1, Integer::sum);
    }
    if (line.act().equals(Admit.ACT)) {
      String what = line.tenantId() + "/" + line.about().orElseThrow();
      acceptances.merge(what, 1, Integer::sum);
      fresh.add(what);
    }
    line.askedId().ifPresent(asked -> judge(line, records.get(asked)));
  }

  private void judge(AuditRecord line, AuditRecord asked) {
    require(asked != null, line + " ends what nobody asked for");
    require(ended.add(line.askedId().orElseThrow()), asked + " has ended twice");
    if (asked == null) {
      return;
    }
    require(
        asked.act().equals(line.act())
            && asked.by().equals(line.by())
            && asked.tenantId().equals(line.tenantId())
            && !line.at().isBefore(asked.at()),
        line + " is not what came of " + asked);
    if (line.outcome() == Outcome.DONE && line.act().equals(Cancel.ACT)) {
      Dispatch dispatch = ledger.dispatches().get(line.about().orElseThrow());
      require(dispatch != null && isCancelled(dispatch), line + " says so of " + dispatch);
    }
  }

  /** A dispatch is there that was not. */
  void created(Dispatch dispatch) {
    if (dispatch.origin().retryOf().isEmpty()) {
      String what =
          dispatch.tenantId()
              + "/"
              + dispatch.origin().inGroup().map(GroupId::value).orElse(dispatch.id().value());
      accepted.add(what);
      fresh.add(what);
    }
  }

  /** A dispatch is what it was not. */
  void changed(Dispatch before, Dispatch after) {
    if (isCancelled(after) && !isCancelled(before)) {
      String tenant = after.tenantId().value();
      Optional<GroupId> group = after.origin().inGroup();
      require(
          known.contains(key(tenant, Cancel.ACT, after.id().value()))
              || (group.isPresent()
                  && known.contains(key(tenant, "cancel_group", group.get().value()))),
          after + " is cancelled, and nobody knows by whom");
    }
  }

  private static boolean isCancelled(Dispatch dispatch) {
    return switch (dispatch.state()) {
      case DispatchState.Stopping stopping -> stopping.why().cause() == Cause.CANCELLED;
      case DispatchState.Ended _ -> dispatch.status() == Status.CANCELLED;
      case DispatchState.Pending _,
          DispatchState.Provisioning _,
          DispatchState.Running _,
          DispatchState.Completing _ ->
          false;
    };
  }

  /** A tenant is there that was not, or has another tier, or is suspended or no longer so. */
  void tenantChanged(String tenant) {
    int changes = updated.merge(tenant, 1, Integer::sum);
    int asked =
        times.getOrDefault(tenant + "/" + AuditedTenants.CREATE_TENANT, 0)
            + times.getOrDefault(tenant + "/" + AuditedTenants.UPDATE_TENANT, 0);
    require(
        changes <= asked, tenant + " was changed " + changes + " times, and asked for " + asked);
  }

  /** A write to the table of keys. */
  void keyWritten(Change change) {
    ApiKey after = ApiKeyItem.fromItem(AttributeValues.item(change.after().orElseThrow()));
    Optional<ApiKey> before = change.before().map(AttributeValues::item).map(ApiKeyItem::fromItem);
    if (before.isEmpty()) {
      require(
          knows(AuditedTenants.CREATE_KEY, after),
          after.keyId() + " was made, and nobody asked for it");
    }
    if (after.revokedAt().isPresent() && before.flatMap(ApiKey::revokedAt).isEmpty()) {
      require(
          knows(AuditedTenants.REVOKE_KEY, after),
          after.keyId() + " was revoked, and nobody asked for it");
    }
  }

  /** A workspace is gone that was there. */
  void workspaceRemoved(String tenant, String workspace) {
    require(
        known.contains(key(tenant, "delete_workspace", workspace)),
        workspace + " is gone, and nobody asked for it");
  }

  private boolean knows(String act, ApiKey about) {
    return known.contains(key(about.tenantId().value(), act, about.keyId()));
  }

  /**
   * Called when a call has taken effect: what is accepted was written down with it, and only it.
   */
  void check() {
    for (String what : fresh) {
      require(
          accepted.contains(what) && acceptances.getOrDefault(what, 0) == 1,
          what + " was accepted and written down " + acceptances.getOrDefault(what, 0) + " times");
    }
    fresh.clear();
  }

  private static String key(String tenant, String act, String about) {
    return tenant + "/" + act + "/" + about;
  }

  private void require(boolean holds, String what) {
    ledger.require(holds, 18, what);
  }
}
