package dev.outpost.items;

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
   * TTL on {@link #EXPIRES}; index {@link #BY_KIND}.
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

  /** A string: which figures. */
  public static final String POOL_KEY = "pool_key";

  /**
   * A number: the second of the epoch after which an item is of no use. DynamoDB removes it some
   * days later, so whoever minds must compare it.
   */
  public static final String EXPIRES = "expires_at_epoch";

  /**
   * Index of {@link #TENANTS} by {@link #KIND} and {@link #TENANT_ID}, projecting all. Sparse: only
   * tenants themselves have a kind. It is one partition, which does for what only people list.
   */
  public static final String BY_KIND = "by_kind";

  /** A string: {@link TenantItem#KIND_TENANT}, on tenants alone. */
  public static final String KIND = "kind";

  /**
   * Index of {@link #DISPATCHES} by {@link #TENANT_ID} and {@link #DISPATCH_ID}, keys only, so that
   * a change of state does not write it. Ids sort by the time of their acceptance.
   */
  public static final String BY_TENANT = "by_tenant";

  /**
   * Sparse index of {@link #DISPATCHES} by {@link #WAITING_TENANT} and {@link #DISPATCH_ID},
   * projecting {@link #BY_WAITING_PROJECTS}: pending ones alone.
   */
  public static final String BY_WAITING = "by_waiting";

  /** A string: the tenant of a pending dispatch; absent from others. */
  public static final String WAITING_TENANT = "waiting_tenant";

  /** A number: nanoseconds of the epoch from which a pending dispatch may be launched. */
  public static final String ELIGIBLE_AT = "eligible_at";

  /** What {@link #BY_WAITING} projects beside its keys. */
  public static final List<String> BY_WAITING_PROJECTS = List.of(ELIGIBLE_AT);

  /**
   * Sparse index of {@link #DISPATCHES} by {@link #DUE_SHARD} and {@link #DUE_AT}, projecting
   * {@link #BY_DUE_PROJECTS}: those that have not ended.
   */
  public static final String BY_DUE = "by_due";

  /** A string: which of the {@link #DUE_SHARDS} parts of {@link #BY_DUE}. */
  public static final String DUE_SHARD = "due_shard";

  /** A number: nanoseconds of the epoch at which the reconciler must look. */
  public static final String DUE_AT = "due_at";

  /** A string: a dispatch's status. */
  public static final String STATUS = "status";

  /** A string: a dispatch's agent. */
  public static final String AGENT = "agent";

  /** What {@link #BY_DUE} projects beside its keys. */
  public static final List<String> BY_DUE_PROJECTS = List.of(TENANT_ID, STATUS, AGENT);

  /**
   * How many partitions {@link #BY_DUE} is spread over. One takes 1,000 writes a second (DynamoDB
   * Developer Guide, "Best practices for designing and using partition keys effectively"), and a
   * dispatch writes it about ten times: four carry 400 dispatches a second, twenty times what ECS
   * launches.
   */
  public static final int DUE_SHARDS = 4;

  private Tables() {}

  /** A table's name in a stage. */
  public static String name(String base, String stage) {
    return base + "-" + stage;
  }
}
