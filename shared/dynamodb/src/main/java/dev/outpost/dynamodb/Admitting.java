package dev.outpost.dynamodb;

import dev.outpost.dispatch.Admission;
import dev.outpost.dispatch.Day;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.GroupId;
import dev.outpost.dispatch.IdempotencyKey;
import dev.outpost.dispatch.Intake;
import dev.outpost.items.AdmissionItems;
import dev.outpost.items.DispatchItem;
import dev.outpost.items.Tables;
import dev.outpost.tenant.TenantId;
import dev.outpost.workspace.Booking;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * Admission: one transaction of the dispatches, the tenant's day, the idempotency record, the
 * group, the long tasks, the audit's record, and the workspace that must be free, in this order;
 * the last five only where there are any.
 */
final class Admitting {
  /** How long a day's count is kept after its day, for people who look for a reason. */
  private static final Duration DAY_KEPT = Duration.ofDays(7);

  private static final String USED = "used";

  private final DispatchTable table;

  Admitting(DispatchTable table) {
    this.table = table;
  }

  Admission admit(Intake intake, int dayLimit, Optional<IdempotencyKey> key) {
    List<TransactWriteItem> writes = new ArrayList<>();
    for (Dispatch dispatch : intake.dispatches()) {
      writes.add(TransactWriteItem.builder().put(dispatch(dispatch)).build());
    }
    writes.add(TransactWriteItem.builder().update(day(intake, dayLimit)).build());
    key.ifPresent(
        word -> writes.add(TransactWriteItem.builder().put(idempotency(intake, word)).build()));
    intake
        .group()
        .ifPresent(group -> writes.add(put(table.tenants, AdmissionItems.group(intake, group))));
    for (Dispatch dispatch : intake.dispatches()) {
      DispatchItem.toTaskItem(dispatch).ifPresent(task -> writes.add(put(table.dispatches, task)));
    }
    intake
        .audited()
        .ifPresent(
            line ->
                writes.add(
                    TransactWriteItem.builder()
                        .put(DynamoAuditTrail.put(table.audit, line))
                        .build()));
    intake
        .taken()
        .ifPresent(
            booking ->
                writes.add(
                    TransactWriteItem.builder().update(taking(intake.first(), booking)).build()));
    try {
      table.patience.with(() -> table.client.transactWriteItems(tx -> tx.transactItems(writes)));
      return new Admission.Accepted(intake);
    } catch (TransactionCanceledException e) {
      return refused(e, intake, dayLimit, key);
    }
  }

  private Update taking(Dispatch dispatch, Booking booking) {
    return Update.builder()
        .tableName(table.tenants)
        .key(DispatchTable.slotsKey(dispatch.tenantId()))
        .updateExpression("SET #workspace = :one")
        .conditionExpression(DispatchTable.FREE)
        .expressionAttributeNames(Map.of("#workspace", booking.workspace().value()))
        .expressionAttributeValues(Map.of(":one", AttributeValues.of(dispatch.id().value())))
        .build();
  }

  private static TransactWriteItem put(String tableName, Map<String, Object> item) {
    return TransactWriteItem.builder()
        .put(put -> put.tableName(tableName).item(AttributeValues.of(item)))
        .build();
  }

  private Put dispatch(Dispatch dispatch) {
    return Put.builder()
        .tableName(table.dispatches)
        .item(AttributeValues.of(DispatchItem.toItem(dispatch)))
        .conditionExpression("attribute_not_exists(" + Tables.DISPATCH_ID + ")")
        .build();
  }

  private Update day(Intake intake, int dayLimit) {
    Day day = Day.of(intake.createdAt());
    int room = dayLimit - intake.size();
    return Update.builder()
        .tableName(table.tenants)
        .key(dayKey(intake))
        .updateExpression("SET #expires = :expires ADD #used :more")
        .conditionExpression(
            // Without the second half a limit of zero would accept the day's first.
            room >= 0 ? "attribute_not_exists(#used) OR #used <= :room" : "#used <= :room")
        .expressionAttributeNames(Map.of("#used", USED, "#expires", Tables.EXPIRES))
        .expressionAttributeValues(
            Map.of(
                ":more",
                AttributeValues.of(intake.size()),
                ":room",
                AttributeValues.of(room),
                ":expires",
                AttributeValues.of(day.end().plus(DAY_KEPT).getEpochSecond())))
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
        .build();
  }

  private static Map<String, AttributeValue> dayKey(Intake intake) {
    return DispatchTable.tenantKey(intake.tenantId(), "DAY#" + Day.of(intake.createdAt()).date());
  }

  /** A record whose time is over counts for nothing, though DynamoDB may remove it days later. */
  private Put idempotency(Intake intake, IdempotencyKey key) {
    return Put.builder()
        .tableName(table.tenants)
        .item(AttributeValues.of(AdmissionItems.idempotency(intake, key)))
        .conditionExpression("attribute_not_exists(#sk) OR #expires < :now")
        .expressionAttributeNames(Map.of("#sk", Tables.SORT_KEY, "#expires", Tables.EXPIRES))
        .expressionAttributeValues(
            Map.of(":now", AttributeValues.of(intake.createdAt().getEpochSecond())))
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
        .build();
  }

  private Admission refused(
      TransactionCanceledException e, Intake intake, int dayLimit, Optional<IdempotencyKey> key) {
    int day = intake.size();
    int idempotency = day + 1;
    for (int place = 0; place < day; place++) {
      if (Patience.failed(e, place)) {
        // Ids are never used twice: an earlier call for this same intake had won after all.
        return new Admission.Accepted(intake);
      }
    }
    if (key.isPresent() && Patience.failed(e, idempotency)) {
      return earlier(item(e, idempotency), intake, key.get());
    }
    if (Patience.failed(e, day)) {
      return dayUsedUp(item(e, day), intake, dayLimit, key);
    }
    if (intake.taken().isPresent() && Patience.failed(e, e.cancellationReasons().size() - 1)) {
      return repeated(intake, key)
          .orElseGet(() -> new Admission.WorkspaceBusy(intake.taken().get()));
    }
    // Whichever condition was named: what is there already was accepted.
    return repeated(intake, key).orElseThrow(() -> e);
  }

  /** The item whose condition failed, as it is. */
  private static Map<String, Object> item(TransactionCanceledException e, int place) {
    return AttributeValues.item(e.cancellationReasons().get(place).item());
  }

  /**
   * What this repeats, if it is a repetition: DynamoDB does not promise to name every condition
   * that failed, so what would make it one is looked for before a refusal.
   */
  private Optional<Admission> repeated(Intake intake, Optional<IdempotencyKey> key) {
    if (table.read(intake.first().id()).isPresent()) {
      return Optional.of(new Admission.Accepted(intake));
    }
    return key.flatMap(word -> record(intake.tenantId(), word, intake.createdAt()))
        .map(item -> earlier(item, intake, key.orElseThrow()));
  }

  /** The day is used up, unless this is a repetition. */
  private Admission dayUsedUp(
      Map<String, Object> day, Intake intake, int dayLimit, Optional<IdempotencyKey> key) {
    int used = day.get(USED) instanceof Number number ? number.intValue() : 0;
    return repeated(intake, key)
        .orElseGet(
            () ->
                new Admission.DayUsedUp(
                    dayLimit, Math.max(0, dayLimit - used), Day.of(intake.createdAt()).end()));
  }

  Optional<Intake> accepted(TenantId tenantId, IdempotencyKey key, Instant now) {
    return record(tenantId, key, now)
        .filter(item -> AdmissionItems.isSameRequest(item, key))
        .map(item -> intakeOf(tenantId, item));
  }

  /** The record of a key, unless its time is over. */
  private Optional<Map<String, Object>> record(TenantId tenantId, IdempotencyKey key, Instant now) {
    return table
        .read(table.tenants, DispatchTable.tenantKey(tenantId, AdmissionItems.sortKey(key)))
        .filter(item -> (Long) item.get(Tables.EXPIRES) >= now.getEpochSecond());
  }

  /** What an idempotency key's record made, as it is now. */
  private Intake intakeOf(TenantId tenantId, Map<String, Object> record) {
    Optional<GroupId> group = AdmissionItems.groupOf(record);
    if (group.isPresent()) {
      return new Intake(table.group(tenantId, group.get()));
    }
    DispatchId id = AdmissionItems.firstOf(record);
    Map<String, Object> item =
        table
            .read(id)
            .orElseThrow(() -> new IllegalStateException("dispatch " + id + " is missing"));
    return Intake.of(table.whole(item));
  }

  private Admission earlier(Map<String, Object> record, Intake intake, IdempotencyKey key) {
    DispatchId id = AdmissionItems.firstOf(record);
    if (id.equals(intake.first().id())) {
      return new Admission.Accepted(intake);
    }
    if (!AdmissionItems.isSameRequest(record, key)) {
      return new Admission.KeyReused();
    }
    return new Admission.Replayed(intakeOf(intake.tenantId(), record));
  }
}
