package dev.outpost.dynamodb;

import dev.outpost.dispatch.Admission;
import dev.outpost.dispatch.Change;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Due;
import dev.outpost.dispatch.Filter;
import dev.outpost.dispatch.GroupId;
import dev.outpost.dispatch.Held;
import dev.outpost.dispatch.IdempotencyKey;
import dev.outpost.dispatch.Intake;
import dev.outpost.dispatch.Line;
import dev.outpost.dispatch.Page;
import dev.outpost.dispatch.Status;
import dev.outpost.dispatch.Waiting;
import dev.outpost.items.DispatchItem;
import dev.outpost.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The dispatches in DynamoDB; see {@link dev.outpost.items.Tables}. Safe for use by many threads
 * and processes.
 *
 * <p>A task of more than {@link dev.outpost.items.DispatchItem#INLINE_TASK_BYTES} bytes is kept in
 * an item of its own, which costs a read. It is whole in what {@link #find} answers, in a replay,
 * and in the answer to a claim; what {@link #list} and other changes answer has its head alone.
 *
 * <p>Conflicts of transactions and throttling are waited for, about two seconds at most, then
 * thrown.
 */
public final class DynamoDispatches implements Dispatches {
  private final DispatchTable table;
  private final Admitting admitting;
  private final Changing changing;
  private final Finding finding;

  /**
   * The dispatches of that stage.
   *
   * @param client stays the caller's to close
   */
  public DynamoDispatches(DynamoDbClient client, String stage) {
    this(client, stage, Pauses.random());
  }

  /**
   * The same with its own way to wait between tries.
   *
   * @param client stays the caller's to close
   */
  public DynamoDispatches(DynamoDbClient client, String stage, Pauses pauses) {
    this.table =
        new DispatchTable(
            Objects.requireNonNull(client, "client"),
            Objects.requireNonNull(stage, "stage"),
            new Patience(pauses));
    this.admitting = new Admitting(table);
    this.changing = new Changing(table);
    this.finding = new Finding(table);
  }

  @Override
  public Admission admit(Intake intake, int dayLimit, Optional<IdempotencyKey> key) {
    return admitting.admit(intake, dayLimit, key);
  }

  @Override
  public Optional<Intake> accepted(TenantId tenantId, IdempotencyKey key, Instant now) {
    return admitting.accepted(tenantId, key, now);
  }

  @Override
  public List<Dispatch> group(TenantId tenantId, GroupId group) {
    return table.group(tenantId, group);
  }

  @Override
  public Optional<Dispatch> find(DispatchId id) {
    return table.read(id).map(table::whole);
  }

  @Override
  public Change change(DispatchId id, DispatchEvent event) {
    return changing.change(id, event);
  }

  @Override
  public Change change(Dispatch seen, DispatchEvent event) {
    return changing.change(seen, event);
  }

  @Override
  public void keepOutput(Dispatch dispatch, String json) {
    table.keepOutput(dispatch, json);
  }

  @Override
  public Optional<String> output(DispatchId id) {
    return table
        .read(table.dispatches, DispatchTable.key(DispatchItem.outputKey(id)))
        .map(DispatchItem::output);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Looks at 1,000 dispatches at most; a filter that keeps few of them gets a short page.
   */
  @Override
  public Page list(TenantId tenantId, Filter filter, Optional<DispatchId> after, int limit) {
    return finding.list(tenantId, filter, after, limit);
  }

  @Override
  public List<DispatchId> waiting(TenantId tenantId, Instant now, int limit) {
    return finding.waiting(tenantId, now, limit, () -> table.held(tenantId)).stream()
        .map(Waiting::id)
        .toList();
  }

  @Override
  public Line line(TenantId tenantId, Instant now, int limit) {
    Held held = table.held(tenantId);
    return new Line(held, finding.waiting(tenantId, now, limit, () -> held));
  }

  @Override
  public Held held(TenantId tenantId) {
    return table.held(tenantId);
  }

  @Override
  public int freeEnded(TenantId tenantId) {
    return table.freeEnded(tenantId);
  }

  @Override
  public List<Due> due(Instant now) {
    return finding.due(now);
  }

  @Override
  public void told(Dispatch ended) {
    table.told(ended.id());
  }

  @Override
  public Map<String, Map<Status, Integer>> open() {
    return finding.openByAgent();
  }
}
