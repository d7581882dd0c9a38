package dev.outpost.dynamodb;

import dev.outpost.items.ApiKeyItem;
import dev.outpost.items.Tables;
import dev.outpost.items.TenantItem;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.KeyHash;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tenants;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The tenants in DynamoDB. Safe for use by many threads and processes.
 *
 * <p>Every write of a tenant is a transaction on the condition of its version, also where one item
 * would do: the SDK gives a transaction a token, by which a repetition after a lost answer is no
 * second write. A tenant's item names its keys, so that {@link #update} reaches them all.
 */
public final class DynamoTenants implements Tenants {
  /** How often another writer may come between before this one gives up. */
  private static final int MAX_LOST_RACES = 100;

  private static final int TENANT = 0;

  private final DynamoDbClient client;
  private final Patience patience;
  private final String tenants;
  private final String apiKeys;

  /**
   * The tenants of that stage.
   *
   * @param client stays the caller's to close
   */
  public DynamoTenants(DynamoDbClient client, String stage) {
    this(client, stage, Pauses.random());
  }

  /**
   * The same with its own way to wait between tries.
   *
   * @param client stays the caller's to close
   */
  public DynamoTenants(DynamoDbClient client, String stage, Pauses pauses) {
    this.client = Objects.requireNonNull(client, "client");
    this.patience = new Patience(pauses);
    this.tenants = Tables.name(Tables.TENANTS, Objects.requireNonNull(stage, "stage"));
    this.apiKeys = Tables.name(Tables.API_KEYS, stage);
  }

  @Override
  public void create(Tenant tenant) {
    TransactWriteItem put =
        TransactWriteItem.builder()
            .put(
                p ->
                    p.tableName(tenants)
                        .item(AttributeValues.of(new TenantItem(tenant, 1, List.of()).toItem()))
                        .conditionExpression("attribute_not_exists(" + Tables.TENANT_ID + ")"))
            .build();
    if (!write(List.of(put))) {
      throw new IllegalStateException("there is a tenant " + tenant.id());
    }
  }

  @Override
  public Optional<Tenant> find(TenantId id) {
    return read(id).map(TenantItem::tenant);
  }

  /** {@inheritDoc} Read from an index, so a tenant of this moment may be missing. */
  @Override
  public List<Tenant> list() {
    List<Tenant> found = new ArrayList<>();
    Map<String, AttributeValue> start = Map.of();
    do {
      QueryRequest request =
          QueryRequest.builder()
              .tableName(tenants)
              .indexName(Tables.BY_KIND)
              .keyConditionExpression("#kind = :kind")
              .expressionAttributeNames(Map.of("#kind", Tables.KIND))
              .expressionAttributeValues(
                  Map.of(":kind", AttributeValues.of(TenantItem.KIND_TENANT)))
              .exclusiveStartKey(start.isEmpty() ? null : start)
              .build();
      QueryResponse response = patience.with(() -> client.query(request));
      for (Map<String, AttributeValue> item : response.items()) {
        found.add(TenantItem.fromItem(AttributeValues.item(item)).tenant());
      }
      start = response.lastEvaluatedKey();
    } while (!start.isEmpty());
    found.sort(
        Comparator.comparing(Tenant::createdAt).thenComparing(tenant -> tenant.id().value()));
    return List.copyOf(found);
  }

  @Override
  public Optional<Tenant> update(TenantId id, UnaryOperator<Tenant> change) {
    for (int races = 1; races <= MAX_LOST_RACES; races++) {
      Optional<TenantItem> before = read(id);
      if (before.isEmpty()) {
        return Optional.empty();
      }
      Tenant tenant = before.get().tenant();
      Tenant changed = change.apply(tenant);
      if (changed.equals(tenant)) {
        return Optional.of(tenant);
      }
      List<TransactWriteItem> writes = new ArrayList<>();
      writes.add(next(before.get(), changed, before.get().keys()));
      if (changed.tier() != tenant.tier() || changed.suspended() != tenant.suspended()) {
        before.get().keys().forEach(hash -> writes.add(carry(hash, changed)));
      }
      if (write(writes)) {
        return Optional.of(changed);
      }
      patience.pause(races);
    }
    throw tooManyWriters(id);
  }

  @Override
  public boolean addKey(ApiKey key) {
    for (int races = 1; races <= MAX_LOST_RACES; races++) {
      Optional<TenantItem> owner = read(key.tenantId());
      if (owner.isEmpty()) {
        return false;
      }
      List<KeyHash> hashes = new ArrayList<>(owner.get().keys());
      if (hashes.contains(key.hash())) {
        // An earlier call for this same key had won after all.
        return true;
      }
      if (hashes.size() >= MAX_KEYS) {
        return false;
      }
      hashes.add(key.hash());
      Tenant tenant = owner.get().tenant();
      TransactWriteItem put =
          TransactWriteItem.builder()
              .put(
                  p ->
                      p.tableName(apiKeys)
                          .item(AttributeValues.of(ApiKeyItem.toItem(key.of(tenant))))
                          .conditionExpression("attribute_not_exists(" + Tables.KEY_HASH + ")"))
              .build();
      if (write(List.of(next(owner.get(), tenant, hashes), put))) {
        return true;
      }
      patience.pause(races);
    }
    throw tooManyWriters(key.tenantId());
  }

  @Override
  public List<ApiKey> keys(TenantId id) {
    List<KeyHash> hashes = read(id).map(TenantItem::keys).orElse(List.of());
    List<ApiKey> keys = new ArrayList<>();
    Batch.read(
        client,
        patience,
        apiKeys,
        hashes.stream().map(DynamoApiKeys::key).toList(),
        true,
        item -> keys.add(ApiKeyItem.fromItem(AttributeValues.item(item))));
    keys.sort(Comparator.comparing(ApiKey::createdAt).thenComparing(ApiKey::keyId));
    return List.copyOf(keys);
  }

  @Override
  public Optional<ApiKey> revokeKey(TenantId id, String keyId, Instant now) {
    Optional<ApiKey> key = keys(id).stream().filter(k -> k.keyId().equals(keyId)).findFirst();
    if (key.isEmpty()) {
      return Optional.empty();
    }
    UpdateItemRequest request =
        UpdateItemRequest.builder()
            .tableName(apiKeys)
            .key(DynamoApiKeys.key(key.get().hash()))
            .updateExpression("SET #revoked = if_not_exists(#revoked, :now)")
            .conditionExpression("attribute_exists(#hash)")
            .expressionAttributeNames(
                Map.of("#revoked", ApiKeyItem.REVOKED_AT, "#hash", Tables.KEY_HASH))
            .expressionAttributeValues(Map.of(":now", AttributeValues.of(now.toString())))
            .returnValues("ALL_NEW")
            .build();
    Map<String, AttributeValue> item = patience.with(() -> client.updateItem(request)).attributes();
    return Optional.of(ApiKeyItem.fromItem(AttributeValues.item(item)));
  }

  private Optional<TenantItem> read(TenantId id) {
    GetItemRequest request =
        GetItemRequest.builder()
            .tableName(tenants)
            .key(DispatchTable.tenantKey(id, TenantItem.SORT_KEY))
            .consistentRead(true)
            .build();
    Map<String, AttributeValue> item = patience.with(() -> client.getItem(request)).item();
    return item.isEmpty()
        ? Optional.empty()
        : Optional.of(TenantItem.fromItem(AttributeValues.item(item)));
  }

  /** The tenant's next version, if it is still the one that was read. */
  private TransactWriteItem next(TenantItem before, Tenant tenant, List<KeyHash> keys) {
    return TransactWriteItem.builder()
        .put(
            p ->
                p.tableName(tenants)
                    .item(AttributeValues.of(before.next(tenant, keys).toItem()))
                    .conditionExpression("#version = :read")
                    .expressionAttributeNames(Map.of("#version", "version"))
                    .expressionAttributeValues(
                        Map.of(":read", AttributeValues.of(before.version()))))
        .build();
  }

  /** Lets a key carry its tenant's tier and suspension, and leaves the rest of it alone. */
  private TransactWriteItem carry(KeyHash hash, Tenant tenant) {
    return TransactWriteItem.builder()
        .update(
            u ->
                u.tableName(apiKeys)
                    .key(DynamoApiKeys.key(hash))
                    .updateExpression("SET #tier = :tier, #suspended = :suspended")
                    .conditionExpression("attribute_exists(#hash)")
                    .expressionAttributeNames(
                        Map.of(
                            "#tier",
                            ApiKeyItem.TIER,
                            "#suspended",
                            ApiKeyItem.SUSPENDED,
                            "#hash",
                            Tables.KEY_HASH))
                    .expressionAttributeValues(
                        Map.of(
                            ":tier",
                            AttributeValues.of(tenant.tier().wire()),
                            ":suspended",
                            AttributeValue.fromBool(tenant.suspended()))))
        .build();
  }

  /** Writes them all; false when the condition on the tenant, which is the first, did not hold. */
  private boolean write(List<TransactWriteItem> writes) {
    try {
      patience.with(() -> client.transactWriteItems(tx -> tx.transactItems(writes)));
      return true;
    } catch (TransactionCanceledException e) {
      if (Patience.failed(e, TENANT)) {
        return false;
      }
      throw e;
    }
  }

  private static IllegalStateException tooManyWriters(TenantId id) {
    return new IllegalStateException("too many writers change tenant " + id);
  }
}
