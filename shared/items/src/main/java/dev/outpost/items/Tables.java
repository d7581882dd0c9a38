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
   * indexes {@link #BY_TENANT} and {@link #BY_OPEN}.
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
   * Sparse index of {@link #TENANTS} by {@link #DUE_SHARD} and {@link #DUE_AT}, keys only: the
   * deliveries of webhooks that wait for their next attempt, the longest due first.
   */
  public static final String BY_DUE = "by_due";

  /**
   * A string: {@link DeliveryItem#SHARD}, on waiting deliveries alone. It is one partition, which
   * takes 1,000 writes a second; a delivery that is taken at once writes it twice.
   */
  public static final String DUE_SHARD = "due_shard";

  /** A string: when a waiting delivery is due, as ISO-8601 text of whole seconds. */
  public static final String DUE_AT = "due_at";

  /**
   * Index of {@link #DISPATCHES} by {@link #TENANT_ID} and {@link #DISPATCH_ID}, keys only, so that
   * a change of state does not write it. Ids sort by the time of their acceptance.
   */
  public static final String BY_TENANT = "by_tenant";

  /**
   * Sparse index of {@link #DISPATCHES} by {@link #OPEN_SHARD} and {@link #OPEN_ORDER}, projecting
   * {@link #BY_OPEN_PROJECTS}: those that have not ended, or whose end is still to be told. Nothing
   * of an entry changes while its dispatch goes from state to state, so a life writes it three
   * times: when it is accepted, when it ends, and when that was told. What state an open dispatch
   * is in, the index can't tell.
   */
  public static final String BY_OPEN = "by_open";

  /** A string: which of the {@link #OPEN_SHARDS} parts of {@link #BY_OPEN}, by the tenant. */
  public static final String OPEN_SHARD = "s";

  /**
   * A string: the tenant's beginning and the dispatch, so that a tenant's oldest comes first. Not
   * the whole tenant, for each byte counts in each write; two tenants may begin alike.
   */
  public static final String OPEN_ORDER = "open";

  /**
   * A number: nanoseconds of the epoch from which it may be launched again; absent until it was
   * deferred, and kept from then on.
   */
  public static final String ELIGIBLE_AT = "eligible_at";

  /** A number: nanoseconds of the epoch at which a dispatch ended; absent before. */
  public static final String ENDED_AT = "e";

  /** A string: the client's own {@code expires_at} as ISO-8601; absent where it gave none. */
  public static final String EXPIRES_AT = "expires_at";

  /** A string: a dispatch's status. */
  public static final String STATUS = "status";

  /** A string: a dispatch's agent. */
  public static final String AGENT = "agent";

  /** A string: the persistent workspace that a dispatch works in; absent from others. */
  public static final String WORKSPACE = "workspace";

  /** What {@link #BY_OPEN} projects beside its keys. */
  public static final List<String> BY_OPEN_PROJECTS =
      List.of(TENANT_ID, AGENT, ELIGIBLE_AT, EXPIRES_AT, ENDED_AT, WORKSPACE);

  /**
   * How many partitions {@link #BY_OPEN} is spread over. One takes 1,000 writes a second (DynamoDB
   * Developer Guide, "Best practices for designing and using partition keys effectively"), and a
   * dispatch writes it three times: one carries 333 dispatches a second, sixteen times what ECS
   * launches.
   */
  public static final int OPEN_SHARDS = 4;

  /** How many characters every dispatch's id begins with alike. */
  private static final int ID_MARK = "dsp_".length();

  /** How many characters of a tenant are in {@link #OPEN_ORDER}. */
  private static final int BEGINNING = 4;

  private Tables() {}

  /** A table's name in a stage. */
  public static String name(String base, String stage) {
    return base + "-" + stage;
  }

  /** The {@link #OPEN_SHARD} of a tenant's dispatches. */
  public static String openShard(TenantId tenantId) {
    // The hash of a string is specified, so every process finds the same shard.
    return String.valueOf(Math.floorMod(tenantId.value().hashCode(), OPEN_SHARDS));
  }

  /** The {@link #OPEN_ORDER} of a tenant's dispatch. */
  public static String openOrder(TenantId tenantId, DispatchId id) {
    return openFrom(tenantId) + id.value().substring(ID_MARK);
  }

  /** What is before every {@link #OPEN_ORDER} of the tenant. */
  public static String openFrom(TenantId tenantId) {
    return beginning(tenantId) + "#";
  }

  /** What is after every {@link #OPEN_ORDER} of the tenant. */
  public static String openTo(TenantId tenantId) {
    return beginning(tenantId) + "$";
  }

  private static String beginning(TenantId tenantId) {
    return tenantId.value().substring(0, BEGINNING);
  }
}
