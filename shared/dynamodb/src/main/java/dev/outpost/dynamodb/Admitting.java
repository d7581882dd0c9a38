package dev.outpost.dynamodb;

import dev.outpost.dispatch.Admission;
import dev.outpost.dispatch.Day;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.IdempotencyKey;
import dev.outpost.items.DispatchItem;
import dev.outpost.items.Tables;
import dev.outpost.tenant.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * Admission: one transaction of the dispatch, the tenant's day, the idempotency record and the long
 * task, in this order, the last two only where there is one.
 */
final class Admitting {
  private static final int DISPATCH = 0;
  private static final int DAY = 1;
  private static final int IDEMPOTENCY = 2;

  /** How long a day's count is kept after its day, for people who look for a reason. */
  private static final Duration DAY_KEPT = Duration.ofDays(7);

  private final DispatchTable table;

  Admitting(DispatchTable table) {
    this.table = table;
  }

  Admission admit(Dispatch dispatch, int dayLimit, Optional<IdempotencyKey> key) {
    List<TransactWriteItem> writes = new ArrayList<>();
    writes.add(TransactWriteItem.builder().put(dispatch(dispatch)).build());
    writes.add(TransactWriteItem.builder().update(day(dispatch, dayLimit)).build());
    key.ifPresent(
        word -> writes.add(TransactWriteItem.builder().put(idempotency(dispatch, word)).build()));
    DispatchItem.toTaskItem(dispatch)
        .ifPresent(
            task ->
                writes.add(
                    TransactWriteItem.builder()
                        .put(put -> put.tableName(table.dispatches).item(AttributeValues.of(task)))
                        .build()));
    try {
      table.patience.with(() -> table.client.transactWriteItems(tx -> tx.transactItems(writes)));
      return new Admission.Accepted(dispatch);
    } catch (TransactionCanceledException e) {
      return refused(e, dispatch, dayLimit, key);
    }
  }

  private Put dispatch(Dispatch dispatch) {
    return Put.builder()
        .tableName(table.dispatches)
        .item(AttributeValues.of(DispatchItem.toItem(dispatch)))
        .conditionExpression("attribute_not_exists(" + Tables.DISPATCH_ID + ")")
        .build();
  }

  private Update day(Dispatch dispatch, int dayLimit) {
    Day day = Day.of(dispatch.createdAt());
    return Update.builder()
        .tableName(table.tenants)
        .key(DispatchTable.tenantKey(dispatch.tenantId(), "DAY#" + day.date()))
        .updateExpression("SET #expires = :expires ADD #used :one")
        .conditionExpression(
            // Without the second half a limit of zero would accept the day's first.
            dayLimit > 0 ? "attribute_not_exists(#used) OR #used < :limit" : "#used < :limit")
        .expressionAttributeNames(Map.of("#used", "used", "#expires", Tables.EXPIRES))
        .expressionAttributeValues(
            Map.of(
                ":one",
                AttributeValues.of(1),
                ":limit",
                AttributeValues.of(dayLimit),
                ":expires",
                AttributeValues.of(day.end().plus(DAY_KEPT).getEpochSecond())))
        .build();
  }

  /** A record whose time is over counts for nothing, though DynamoDB may remove it days later. */
  private Put idempotency(Dispatch dispatch, IdempotencyKey key) {
    return Put.builder()
        .tableName(table.tenants)
        .item(
            AttributeValues.of(
                Map.of(
                    Tables.TENANT_ID,
                    dispatch.tenantId().value(),
                    Tables.SORT_KEY,
                    sortKey(key),
                    "payload_hash",
                    key.payloadHash(),
                    Tables.DISPATCH_ID,
                    dispatch.id().value(),
                    Tables.EXPIRES,
                    DispatchItem.expires(dispatch))))
        .conditionExpression("attribute_not_exists(#sk) OR #expires < :now")
        .expressionAttributeNames(Map.of("#sk", Tables.SORT_KEY, "#expires", Tables.EXPIRES))
        .expressionAttributeValues(
            Map.of(":now", AttributeValues.of(dispatch.createdAt().getEpochSecond())))
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
        .build();
  }

  private static String sortKey(IdempotencyKey key) {
    return "IDEMPOTENCY#" + key.key();
  }

  private Admission refused(
      TransactionCanceledException e,
      Dispatch dispatch,
      int dayLimit,
      Optional<IdempotencyKey> key) {
    if (Patience.failed(e, DISPATCH)) {
      // Ids are never used twice: an earlier call for this same dispatch had won after all.
      return new Admission.Accepted(dispatch);
    }
    if (key.isPresent() && Patience.failed(e, IDEMPOTENCY)) {
      return earlier(
          AttributeValues.item(e.cancellationReasons().get(IDEMPOTENCY).item()),
          dispatch,
          key.get());
    }
    if (Patience.failed(e, DAY)) {
      return dayUsedUp(dispatch, dayLimit, key);
    }
    throw e;
  }

  /**
   * The day is used up, unless this is a repetition: DynamoDB does not promise to name every
   * condition that failed, so what would make it one is looked for before the refusal.
   */
  private Admission dayUsedUp(Dispatch dispatch, int dayLimit, Optional<IdempotencyKey> key) {
    if (table.read(dispatch.id()).isPresent()) {
      return new Admission.Accepted(dispatch);
    }
    Optional<Map<String, Object>> record =
        key.flatMap(word -> record(dispatch.tenantId(), word))
            .filter(
                item -> (Long) item.get(Tables.EXPIRES) >= dispatch.createdAt().getEpochSecond());
    return record.isPresent()
        ? earlier(record.get(), dispatch, key.orElseThrow())
        : new Admission.DayUsedUp(dayLimit, Day.of(dispatch.createdAt()).end());
  }

  private Optional<Map<String, Object>> record(TenantId tenantId, IdempotencyKey key) {
    return table.read(table.tenants, DispatchTable.tenantKey(tenantId, sortKey(key)));
  }

  private Admission earlier(Map<String, Object> record, Dispatch dispatch, IdempotencyKey key) {
    DispatchId id = new DispatchId((String) record.get(Tables.DISPATCH_ID));
    if (id.equals(dispatch.id())) {
      return new Admission.Accepted(dispatch);
    }
    if (!key.payloadHash().equals(record.get("payload_hash"))) {
      return new Admission.KeyReused();
    }
    Map<String, Object> item =
        table
            .read(id)
            .orElseThrow(() -> new IllegalStateException("dispatch " + id + " is missing"));
    return new Admission.Replayed(table.whole(item));
  }
}
