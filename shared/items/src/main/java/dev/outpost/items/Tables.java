package dev.outpost.items;

import dev.outpost.dispatch.DispatchId;
import dev.outpost.tenant.TenantId;
import java.util.List;

/**
 * The tables: their names, keys and indexes. Whoever creates tables and whoever uses them reads it
 * here.
 *
 * <p>Every table is named {@code base-stage} and is billed on demand. No path through the product
 * scans one.
 */
public final class Tables {
  /**
   * Tenants and all that is counted for one of them. Keys {@link #TENANT_ID} and {@link #SORT_KEY};
   * TTL on {@link #EXPIRES}; indexes {@link #BY_KIND} and {@link #BY_DUE}.
   */
  public static final String TENANTS = "outpost-tenants";

  /** API keys. Key {@link #KEY_HASH}. */
  public static final String API_KEYS = "outpost-api-keys";

  /**
   * Dispatches. Key {@link #DISPATCH_ID}; TTL on {@link #EXPIRES}; a stream of new and old images;
   * indexes {@link #BY_TENANT}, {@link #BY_WAITING} and {@link #BY_DUE}.
   */
  public static final String DISPATCHES = "outpost-dispatches";

  /** Figures of the fleet. Key {@link #POOL_KEY}; TTL on {@link #EXPIRES}. */
  public static final String POOL = "outpost-pool";

  /**
   * Who asked for what. Keys {@link #TENANT_ID} and {@link #AUDIT_ID}; TTL on {@link #EXPIRES}. No
   * role may update or delete an item of it.
   */
  public static final String AUDIT = "outpost-audit";

  /** A string: the tenant. */
  public static final String TENANT_ID = "tenant_id";

  /** A string: what an item of {@link #TENANTS} is about. */
  public static final String SORT_KEY = "sk";

  /** A string: the SHA-256 of an API key. */
  public static final String KEY_HASH = "key_hash";

  /** A string: the dispatch. */
  public static final String DISPATCH_ID = "dispatch_id";

  /** A string: the group that a dispatch is of; absent from others. */
  public static final String GROUP_ID = "group_id";

  /** A string: a record of the audit. */
  public static final String AUDIT_ID = "audit_id";

  /** A string: which figures. */
  public static final String POOL_KEY = "pool_key";

  /**
   * A number: the second of the epoch after which an item is of no use. DynamoDB removes it some
   * days later, so whoever minds must compare it.
   */
  public static final String EXPIRES = "expires_at_epoch";

  /** The tables with a TTL on {@link #EXPIRES}. */
  public static final List<String> EXPIRING = List.of(TENANTS, DISPATCHES, POOL, AUDIT);

  /**
   * Index of {@link #TENANTS} by {@link #KIND} and {@link #TENANT_ID}, projecting all. Sparse: only
   * tenants themselves have a kind. It is one partition, which does for what only people list.
   */
  public static final String BY_KIND = "by_kind";

  /** A string: {@link TenantItem#KIND_TENANT}, on tenants alone. */
  public static final String KIND = "kind";

  /**
   * Sparse index of {@link #TENANTS} and of {@link #DISPATCHES}, each of its own, by {@link
   * #DUE_SHARD} and {@link #DUE_AT}, keys only: what the reconciler must look at, the longest due
   * first. Of the tenants' table the deliveries of webhooks that wait for their next attempt; of
   * the dispatches those that have been launched or have ended, until their end was told.
   */
  public static final String BY_DUE = "by_due";

  /**
   * A string: {@link DeliveryItem#SHARD} on waiting deliveries alone, {@link #DUE_DISPATCHES} on
   * the dispatches of {@link #BY_DUE}. Each is one partition, which takes 1,000 writes a second
   * (DynamoDB Developer Guide, "Best practices for designing and using partition keys
   * effectively"). A delivery that is taken at once writes it twice, and so does a dispatch, but
   * for the moves of a long run ({@link DueAt}): 500 a second, far beyond what ECS launches.
   */
  public static final String DUE_SHARD = "due_shard";

  /** A {@link #DUE_SHARD}; one letter, for each byte of a dispatch counts in each write. */
  public static final String DUE_DISPATCHES = "d";

  /** A string: when it is due, or some time before ({@link DueAt}), as ISO-8601 text. */
  public static final String DUE_AT = "due_at";

  /**
   * Index of {@link #DISPATCHES} by {@link #TENANT_ID} and {@link #DISPATCH_ID}, keys only, so that
   * a change of state does not write it. Ids sort by the time of their acceptance.
   */
  public static final String BY_TENANT = "by_tenant";

  /**
   * Sparse index of {@link #DISPATCHES} by {@link #WAITING_SHARD} and {@link #WAITING_ORDER},
   * projecting {@link #BY_WAITING_PROJECTS}: those that wait for a slot. An entry tells all that is
   * to be known of one that waits, so a backlog is never read itself. It is written when its
   * dispatch is accepted and when that is launched, and otherwise only by a launch that is
   * deferred.
   */
  public static final String BY_WAITING = "by_waiting";

  /** A string: which of the {@link #WAITING_SHARDS} parts of {@link #BY_WAITING}, by tenant. */
  public static final String WAITING_SHARD = "waiting_shard";

  /** A string: the tenant and the dispatch's id, so that a tenant's oldest comes first. */
  public static final String WAITING_ORDER = "waiting_order";

  /** A number: nanoseconds of the epoch from which one that waits may be launched. */
  public static final String ELIGIBLE_AT = "eligible_at";

  /** A string: the client's own {@code expires_at} as ISO-8601; absent where it gave none. */
  public static final String EXPIRES_AT = "expires_at";

  /** A string: a dispatch's status. */
  public static final String STATUS = "status";

  /** A string: a dispatch's agent. */
  public static final String AGENT = "agent";

  /** A string: the persistent workspace that a dispatch works in; absent from others. */
  public static final String WORKSPACE = "workspace";

  /** What {@link #BY_WAITING} projects beside its keys. */
  public static final List<String> BY_WAITING_PROJECTS =
      List.of(TENANT_ID, AGENT, ELIGIBLE_AT, EXPIRES_AT, WORKSPACE);

  /**
   * How many partitions {@link #BY_WAITING} is spread over. Each takes 1,000 writes a second, and a
   * dispatch writes it twice: 2,000 are accepted in a second, if their tenants are many.
   */
  public static final int WAITING_SHARDS = 4;

  private Tables() {}

  /** A table's name in a stage. */
  public static String name(String base, String stage) {
    return base + "-" + stage;
  }

  /** The {@link #WAITING_SHARD} of a tenant's dispatches. */
  public static String waitingShard(TenantId tenantId) {
    // The hash of a string is specified, so every process finds the same shard.
    return String.valueOf(Math.floorMod(tenantId.value().hashCode(), WAITING_SHARDS));
  }

  /** The {@link #WAITING_ORDER} of a tenant's dispatch. */
  public static String waitingOrder(TenantId tenantId, DispatchId id) {
    return waitingOf(tenantId) + id;
  }

  /** What every {@link #WAITING_ORDER} of the tenant begins with, and no other's. */
  public static String waitingOf(TenantId tenantId) {
    return tenantId + "#";
  }
}
