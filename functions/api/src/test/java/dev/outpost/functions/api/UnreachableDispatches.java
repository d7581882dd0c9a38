package dev.outpost.functions.api;

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
import dev.outpost.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store behind a network that is down. */
final class UnreachableDispatches implements Dispatches {
  /** In the place of that store, which nobody can reach. */
  UnreachableDispatches(Dispatches unreached) {
    if (unreached == null) {
      throw new IllegalArgumentException("there must be a store");
    }
  }

  @Override
  public Admission admit(Intake intake, int dayLimit, Optional<IdempotencyKey> key) {
    throw down();
  }

  @Override
  public Optional<Intake> accepted(TenantId tenantId, IdempotencyKey key, Instant now) {
    throw down();
  }

  @Override
  public List<Dispatch> group(TenantId tenantId, GroupId group) {
    throw down();
  }

  @Override
  public void keepOutput(Dispatch dispatch, String json) {
    throw down();
  }

  @Override
  public Optional<String> output(DispatchId id) {
    throw down();
  }

  @Override
  public Optional<Dispatch> find(DispatchId id) {
    throw down();
  }

  @Override
  public Change change(DispatchId id, DispatchEvent event) {
    throw down();
  }

  @Override
  public Page list(TenantId tenantId, Filter filter, Optional<DispatchId> after, int limit) {
    throw down();
  }

  @Override
  public List<DispatchId> waiting(TenantId tenantId, Instant now, int limit) {
    throw down();
  }

  @Override
  public Held held(TenantId tenantId) {
    throw down();
  }

  @Override
  public Line line(TenantId tenantId, Instant now, int limit) {
    throw down();
  }

  @Override
  public int freeEnded(TenantId tenantId) {
    throw down();
  }

  @Override
  public List<Due> due(Instant now) {
    throw down();
  }

  @Override
  public void told(Dispatch ended) {
    throw down();
  }

  @Override
  public Map<String, Map<Status, Integer>> open() {
    throw down();
  }

  private static IllegalStateException down() {
    return new IllegalStateException("the table does not answer");
  }
}
