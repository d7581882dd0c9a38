package dev.outpost.dynamodb;

import dev.outpost.dispatch.Change;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Lifecycle;
import dev.outpost.dispatch.Transition;
import dev.outpost.items.DispatchItem;
import dev.outpost.workspace.WorkspaceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * A change of state: a read, and one write on the condition that the version is still the one read.
 * With a slot or a workspace taken or freed the write is a transaction of two items; else it is
 * one.
 */
final class Changing {
  private static final Optional<WorkspaceId> NONE = Optional.empty();
  private static final int DISPATCH = 0;
  private static final int SLOTS = 1;

  /** How often another writer may come between before this one gives up. */
  private static final int MAX_LOST_RACES = 100;

  /**
   * A random number that marks a write. When an answer is lost the SDK sends the write again, and
   * the second finds a version that is no longer the one read; the mark tells that it is its own.
   */
  private static final String WRITE_ID = "w";

  private final DispatchTable table;

  Changing(DispatchTable table) {
    this.table = table;
  }

  /** What a write came to. */
  private sealed interface Written {
    record Done() implements Written {}

    record NoSlot() implements Written {}

    /** Another writer had been first; the item is what it left. */
    record Lost(Optional<Map<String, Object>> now) implements Written {}
  }

  Change change(DispatchId id, DispatchEvent event) {
    return change(id, table.read(id), event);
  }

  /**
   * The same for one that was just read, without another read. Only a change is made on its word:
   * that nothing is to be done is said of what is there now.
   */
  Change change(Dispatch seen, DispatchEvent event) {
    if (DispatchItem.needsTask(event)
        || !(Lifecycle.on(seen.state(), event) instanceof Transition.To to)) {
      return change(seen.id(), event);
    }
    Dispatch after = seen.in(to.next());
    return switch (write(seen, after, event)) {
      case Written.Done _ -> new Change.Changed(seen, after);
      case Written.NoSlot _ -> new Change.NoSlot(seen);
      case Written.Lost lost -> change(seen.id(), lost.now(), event);
    };
  }

  private Change change(DispatchId id, Optional<Map<String, Object>> read, DispatchEvent event) {
    Optional<Map<String, Object>> item = read;
    for (int races = 1; races <= MAX_LOST_RACES; races++) {
      if (item.isEmpty()) {
        return new Change.Unknown();
      }
      Dispatch before =
          DispatchItem.needsTask(event)
              ? table.whole(item.get())
              : DispatchItem.fromItem(item.get());
      switch (Lifecycle.on(before.state(), event)) {
        case Transition.Ignored ignored -> {
          return new Change.Unchanged(before, ignored.why());
        }
        case Transition.Refused refused -> {
          return new Change.Refused(before, refused.why());
        }
        case Transition.To to -> {
          Dispatch after = before.in(to.next());
          switch (write(before, after, event)) {
            case Written.Done _ -> {
              return new Change.Changed(before, after);
            }
            case Written.NoSlot _ -> {
              return new Change.NoSlot(before);
            }
            case Written.Lost lost -> item = lost.now();
          }
        }
      }
    }
    throw new IllegalStateException("too many writers change dispatch " + id);
  }

  private Written write(Dispatch before, Dispatch after, DispatchEvent event) {
    // A fast generator's state lies in the snapshot that SnapStart restores many instances from,
    // and they would all write the same marks; this one draws on the operating system.
    long writeId = UUID.randomUUID().getLeastSignificantBits();
    Update update = update(before, after, writeId);
    Optional<Update> slots = slots(before, after, event);
    try {
      return slots.isPresent()
          ? writeBoth(update, slots.get(), writeId)
          : writeOne(update, writeId);
    } catch (SdkException e) {
      if (isThere(after.id(), writeId, e)) {
        return new Written.Done();
      }
      throw e;
    }
  }

  /** Replaces the state and leaves whatever else the item has. */
  private Update update(Dispatch before, Dispatch after, long writeId) {
    Map<String, Object> state = new LinkedHashMap<>(DispatchItem.state(after));
    state.put(WRITE_ID, writeId);
    Map<String, String> names = new LinkedHashMap<>();
    Map<String, AttributeValue> values = new LinkedHashMap<>();
    List<String> sets = new ArrayList<>();
    AttributeValues.of(state)
        .forEach(
            (name, value) -> {
              names.put("#" + name, name);
              values.put(":" + name, value);
              sets.add("#" + name + " = :" + name);
            });
    List<String> removes = new ArrayList<>();
    for (String name : DispatchItem.STATE_ATTRIBUTES) {
      if (!state.containsKey(name)) {
        names.put("#" + name, name);
        removes.add("#" + name);
      }
    }
    names.put("#" + DispatchItem.VERSION, DispatchItem.VERSION);
    values.put(":read", AttributeValues.of(before.version()));
    return Update.builder()
        .tableName(table.dispatches)
        .key(DispatchTable.key(after.id().value()))
        .updateExpression(
            "SET " + String.join(", ", sets) + " REMOVE " + String.join(", ", removes))
        .conditionExpression("#" + DispatchItem.VERSION + " = :read")
        .expressionAttributeNames(names)
        .expressionAttributeValues(values)
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
        .build();
  }

  /** Whether the write is there although its last try failed: the answer of an earlier was lost. */
  private boolean isThere(DispatchId id, long writeId, SdkException failure) {
    try {
      return table.read(id).map(now -> isOwn(now, writeId)).orElse(false);
    } catch (SdkException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  private Written writeOne(Update update, long writeId) {
    try {
      table.patience.with(
          () ->
              table.client.updateItem(
                  request ->
                      request
                          .tableName(update.tableName())
                          .key(update.key())
                          .updateExpression(update.updateExpression())
                          .conditionExpression(update.conditionExpression())
                          .expressionAttributeNames(update.expressionAttributeNames())
                          .expressionAttributeValues(update.expressionAttributeValues())
                          .returnValuesOnConditionCheckFailure(
                              update.returnValuesOnConditionCheckFailure())));
      return new Written.Done();
    } catch (ConditionalCheckFailedException e) {
      return lost(e.hasItem() ? e.item() : Map.of(), writeId);
    }
  }

  private Written writeBoth(Update update, Update slots, long writeId) {
    List<TransactWriteItem> writes =
        List.of(
            TransactWriteItem.builder().update(update).build(),
            TransactWriteItem.builder().update(slots).build());
    try {
      table.patience.with(() -> table.client.transactWriteItems(tx -> tx.transactItems(writes)));
      return new Written.Done();
    } catch (TransactionCanceledException e) {
      if (Patience.failed(e, DISPATCH)) {
        return lost(e.cancellationReasons().get(DISPATCH).item(), writeId);
      }
      if (Patience.failed(e, SLOTS)) {
        return new Written.NoSlot();
      }
      throw e;
    }
  }

  private static Written lost(Map<String, AttributeValue> attributes, long writeId) {
    Map<String, Object> now = AttributeValues.item(attributes);
    return isOwn(now, writeId)
        ? new Written.Done()
        : new Written.Lost(Optional.of(now).filter(item -> !item.isEmpty()));
  }

  private static boolean isOwn(Map<String, Object> item, long writeId) {
    return item.get(WRITE_ID) instanceof Long mark && mark == writeId;
  }

  /**
   * What happens to the item of the tenant's slots with this change, if anything does: the slot,
   * and the workspace.
   */
  private Optional<Update> slots(Dispatch before, Dispatch after, DispatchEvent event) {
    boolean had = before.state().holdsSlot();
    boolean has = after.state().holdsSlot();
    boolean freesWorkspace =
        before.holdsWorkspace().isPresent() && after.holdsWorkspace().isEmpty();
    if (had == has && !freesWorkspace) {
      return Optional.empty();
    }
    if (!has) {
      return Optional.of(freeing(after, had, freesWorkspace ? before.holdsWorkspace() : NONE));
    }
    if (!(event instanceof DispatchEvent.Launching launching)) {
      throw new IllegalStateException("only a launch takes a slot, not " + event);
    }
    return Optional.of(taking(after, launching.slots()));
  }

  private Update freeing(Dispatch after, boolean slot, Optional<WorkspaceId> workspace) {
    Map<String, String> names = new LinkedHashMap<>();
    Map<String, AttributeValue> values = new LinkedHashMap<>();
    List<String> clauses = new ArrayList<>();
    if (slot) {
      clauses.add("DELETE #slots :id");
      names.put("#slots", DispatchTable.SLOTS);
      values.put(":id", AttributeValues.setOf(after.id().value()));
    }
    workspace.ifPresent(
        id -> {
          clauses.add("REMOVE #workspace");
          names.put("#workspace", id.value());
        });
    return Update.builder()
        .tableName(table.tenants)
        .key(DispatchTable.slotsKey(after.tenantId()))
        .updateExpression(String.join(" ", clauses))
        .expressionAttributeNames(names)
        .expressionAttributeValues(values.isEmpty() ? null : values)
        .build();
  }

  private Update taking(Dispatch after, int limit) {
    Map<String, String> names = new LinkedHashMap<>();
    Map<String, AttributeValue> values = new LinkedHashMap<>();
    names.put("#slots", DispatchTable.SLOTS);
    values.put(":id", AttributeValues.setOf(after.id().value()));
    values.put(":one", AttributeValues.of(after.id().value()));
    values.put(":limit", AttributeValues.of(limit));
    String room =
        // An empty set does not exist, so its size can't be asked for.
        limit > 0
            ? "attribute_not_exists(#slots) OR size(#slots) < :limit OR contains(#slots, :one)"
            : "size(#slots) < :limit OR contains(#slots, :one)";
    Optional<WorkspaceId> workspace = after.holdsWorkspace();
    workspace.ifPresent(id -> names.put("#workspace", id.value()));
    return Update.builder()
        .tableName(table.tenants)
        .key(DispatchTable.slotsKey(after.tenantId()))
        .updateExpression(
            workspace.isPresent() ? "ADD #slots :id SET #workspace = :one" : "ADD #slots :id")
        .conditionExpression(
            workspace.isPresent() ? "(" + room + ") AND (" + DispatchTable.FREE + ")" : room)
        .expressionAttributeNames(names)
        .expressionAttributeValues(values)
        .build();
  }
}
