package dev.outpost.items;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.GroupId;
import dev.outpost.dispatch.Origin;
import dev.outpost.dispatch.StateChange;
import dev.outpost.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A dispatch as it is stored: what was asked for (written once), its state (replaced as a whole),
 * and the attributes of the indexes, which follow from the state.
 *
 * <p>A write is billed by the kilobyte of the whole item, whatever changed in it. So a task of more
 * than {@value #INLINE_TASK_BYTES} bytes is kept in a second item of the same table, written once,
 * at admission; the dispatch's own item has only its head. Instants are {@link Nanos}, except the
 * client's own {@code expires_at}, which may be any year.
 */
public final class DispatchItem {
  /** Longest task, in bytes of UTF-8, that is kept in the dispatch's own item. */
  public static final int INLINE_TASK_BYTES = 400;

  /** How much, in bytes of UTF-8, the dispatch's own item has of a longer task. */
  public static final int TASK_HEAD_BYTES = 60;

  /** A number: counts the writes of the dispatch; each write is on the condition of the last. */
  public static final String VERSION = "version";

  /** A string: which state it is in; its {@link Tables#STATUS} says less. */
  public static final String STATE = "state";

  /** Every attribute of the state: what {@link #state} leaves out of them is to be removed. */
  public static final Set<String> STATE_ATTRIBUTES = StateItem.NAMES;

  /** A number: nanoseconds of the epoch at which the dispatch was accepted. */
  static final String CREATED_AT = "created_at";

  private static final String RETRY_OF = "retry_of";
  private static final String TASK_KEY = "#task";
  private static final String OUTPUT_KEY = "#output";
  private static final String OUTPUT_SCHEMA = "output_schema";
  private static final String CUT = "…";

  private DispatchItem() {}

  /** The dispatch's own item, of its whole task or its task's head. */
  public static Map<String, Object> toItem(Dispatch dispatch) {
    String task = dispatch.spec().task();
    boolean inline = bytes(task) <= INLINE_TASK_BYTES;
    return new ItemWriter()
        .text(Tables.DISPATCH_ID, dispatch.id().value())
        .text(Tables.TENANT_ID, dispatch.tenantId().value())
        .text(Tables.GROUP_ID, dispatch.origin().inGroup().map(GroupId::value))
        .text(RETRY_OF, dispatch.origin().retryOf().map(DispatchId::value))
        .nanos(CREATED_AT, dispatch.createdAt())
        .number(Tables.EXPIRES, expires(dispatch))
        .text(inline ? "task" : "task_head", inline ? task : head(task))
        .all(SpecItem.toItem(dispatch.spec()))
        .all(StateItem.toItem(dispatch))
        .item();
  }

  /**
   * The second item, of a task that is too long for the first and of a schema; empty where there is
   * neither.
   */
  public static Optional<Map<String, Object>> toTaskItem(Dispatch dispatch) {
    Optional<String> task =
        Optional.of(dispatch.spec().task()).filter(text -> bytes(text) > INLINE_TASK_BYTES);
    Optional<String> schema = dispatch.spec().outputSchema();
    if (task.isEmpty() && schema.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ItemWriter()
            .text(Tables.DISPATCH_ID, taskKey(dispatch.id()))
            .number(Tables.EXPIRES, expires(dispatch))
            .text("task", task)
            .text(OUTPUT_SCHEMA, schema)
            .item());
  }

  /** The item of the data that a dispatch's agent returned. */
  public static Map<String, Object> toOutputItem(Dispatch dispatch, String json) {
    return new ItemWriter()
        .text(Tables.DISPATCH_ID, outputKey(dispatch.id()))
        .number(Tables.EXPIRES, expires(dispatch))
        .text("output", json)
        .item();
  }

  /** The data of its item. */
  public static String output(Map<String, ?> item) {
    return new ItemReader(item).text("output");
  }

  /** The {@link Tables#DISPATCH_ID} of the item of the data. */
  public static String outputKey(DispatchId id) {
    return id.value() + OUTPUT_KEY;
  }

  /**
   * The item of a dispatch in its next state, from its item as it is: whatever else stands there
   * stays.
   */
  public static Map<String, Object> next(Map<String, Object> item, Dispatch next) {
    Map<String, Object> merged = new LinkedHashMap<>(item);
    merged.keySet().removeAll(StateItem.NAMES);
    merged.putAll(StateItem.toItem(next));
    return Collections.unmodifiableMap(merged);
  }

  /** A dispatch's state as attributes of its item, its version included. */
  public static Map<String, Object> state(Dispatch dispatch) {
    return StateItem.toItem(dispatch);
  }

  /**
   * The dispatch of its own item. Its task may be the head alone, ending in an ellipsis: see {@link
   * #hasTaskApart}.
   *
   * @throws IllegalArgumentException when the item is none of a dispatch
   */
  public static Dispatch fromItem(Map<String, ?> item) {
    ItemReader reader = new ItemReader(item);
    return fromItem(
        reader,
        reader.maybeText("task").orElseGet(() -> reader.text("task_head") + CUT),
        item.containsKey(SpecItem.HAS_SCHEMA) ? Optional.of("") : Optional.empty());
  }

  /**
   * The whole dispatch of its two items.
   *
   * @throws IllegalArgumentException when an item is not what it should be
   */
  public static Dispatch fromItems(Map<String, ?> item, Map<String, ?> taskItem) {
    ItemReader reader = new ItemReader(item);
    ItemReader apart = new ItemReader(taskItem);
    return fromItem(
        reader,
        apart.maybeText("task").orElseGet(() -> reader.text("task")),
        apart.maybeText(OUTPUT_SCHEMA));
  }

  private static Dispatch fromItem(ItemReader reader, String task, Optional<String> outputSchema) {
    Instant createdAt = reader.nanos(CREATED_AT);
    DispatchState state = StateItem.fromItem(reader);
    long version = reader.number(VERSION);
    return new Dispatch(
        new DispatchId(reader.text(Tables.DISPATCH_ID)),
        new TenantId(reader.text(Tables.TENANT_ID)),
        SpecItem.fromItem(reader, task, outputSchema),
        origin(reader),
        createdAt,
        state,
        version,
        PassageText.read(reader.maybeText(StateItem.PASSAGES), createdAt, state, version));
  }

  private static Origin origin(ItemReader reader) {
    Optional<String> group = reader.maybeText(Tables.GROUP_ID);
    if (group.isPresent()) {
      return new Origin.InGroup(new GroupId(group.get()));
    }
    return reader
        .maybeText(RETRY_OF)
        .<Origin>map(failed -> new Origin.RetryOf(new DispatchId(failed)))
        .orElseGet(Origin.Asked::new);
  }

  /** Whether the dispatch's task, or a schema, is in a second item. */
  public static boolean hasTaskApart(Map<String, ?> item) {
    return item.containsKey("task_head") || item.containsKey(SpecItem.HAS_SCHEMA);
  }

  /** The {@link Tables#DISPATCH_ID} of the second item. */
  public static String taskKey(DispatchId id) {
    return id.value() + TASK_KEY;
  }

  /**
   * Whether the answer to an event must have the whole task. Only the claim hands it out; to fetch
   * it at every report of a runner would be the largest cost of a dispatch.
   */
  public static boolean needsTask(DispatchEvent event) {
    return event instanceof DispatchEvent.Claiming;
  }

  /**
   * What a record of the table's stream tells. Its dispatches may have their task's head alone.
   *
   * @param before the old image; empty for a new item
   * @param after the new image; empty for one that was removed
   * @return empty when it is about no change of a dispatch: a second item, a removal
   */
  public static Optional<StateChange> change(
      Optional<? extends Map<String, ?>> before, Optional<? extends Map<String, ?>> after) {
    return after
        .filter(item -> String.valueOf(item.get(Tables.DISPATCH_ID)).indexOf('#') < 0)
        .map(item -> new StateChange(before.map(DispatchItem::fromItem), fromItem(item)));
  }

  /** The value of {@link Tables#EXPIRES} of whatever is kept as long as this dispatch. */
  public static long expires(Dispatch dispatch) {
    return dispatch.createdAt().plus(Dispatch.KEPT).getEpochSecond();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** The longest beginning, in whole characters, of at most {@link #TASK_HEAD_BYTES}. */
  private static String head(String task) {
    int end = 0;
    int size = 0;
    while (end < task.length()) {
      int next = task.offsetByCodePoints(end, 1);
      size += bytes(task.substring(end, next));
      if (size > TASK_HEAD_BYTES) {
        break;
      }
      end = next;
    }
    return task.substring(0, end);
  }
}
