package dev.outpost.items;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.GroupId;
import dev.outpost.dispatch.IdempotencyKey;
import dev.outpost.dispatch.Intake;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is stored of an admission beside its dispatches, and kept as long as they are. */
public final class AdmissionItems {
  private static final String PAYLOAD_HASH = "payload_hash";
  private static final String DISPATCH_IDS = "dispatch_ids";

  private AdmissionItems() {}

  /** The record of an idempotency key: which request came under it, and what it made. */
  public static Map<String, Object> idempotency(Intake intake, IdempotencyKey key) {
    return new ItemWriter()
        .text(Tables.TENANT_ID, intake.tenantId().value())
        .text(Tables.SORT_KEY, sortKey(key))
        .text(PAYLOAD_HASH, key.payloadHash())
        .text(Tables.DISPATCH_ID, intake.first().id().value())
        .text(Tables.GROUP_ID, intake.group().map(GroupId::value))
        .number(Tables.EXPIRES, DispatchItem.expires(intake.first()))
        .item();
  }

  /** The {@link Tables#SORT_KEY} of an idempotency key's record. */
  public static String sortKey(IdempotencyKey key) {
    return "IDEMPOTENCY#" + key.key();
  }

  /** Whether the record is of that very request. */
  public static boolean isSameRequest(Map<String, ?> idempotency, IdempotencyKey key) {
    return new ItemReader(idempotency).text(PAYLOAD_HASH).equals(key.payloadHash());
  }

  /** The first, or only, dispatch of an idempotency key's record. */
  public static DispatchId firstOf(Map<String, ?> idempotency) {
    return new DispatchId(new ItemReader(idempotency).text(Tables.DISPATCH_ID));
  }

  /** The group of an idempotency key's record, where it made one. */
  public static Optional<GroupId> groupOf(Map<String, ?> idempotency) {
    return new ItemReader(idempotency).maybeText(Tables.GROUP_ID).map(GroupId::new);
  }

  /** The record of a group: which dispatches it has, in the order of the request. */
  public static Map<String, Object> group(Intake intake, GroupId group) {
    return new ItemWriter()
        .text(Tables.TENANT_ID, intake.tenantId().value())
        .text(Tables.SORT_KEY, sortKey(group))
        .list(
            DISPATCH_IDS,
            intake.dispatches().stream().map(Dispatch::id).map(DispatchId::value).toList())
        .number(Tables.EXPIRES, DispatchItem.expires(intake.first()))
        .item();
  }

  /** The {@link Tables#SORT_KEY} of a group's record. */
  public static String sortKey(GroupId group) {
    return "GROUP#" + group.value();
  }

  /** The ids of a group's record. */
  public static List<String> idsOf(Map<String, ?> group) {
    return new ItemReader(group).texts(DISPATCH_IDS);
  }
}
