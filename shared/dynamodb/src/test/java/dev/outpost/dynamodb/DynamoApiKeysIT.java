package dev.outpost.dynamodb;

import dev.outpost.tenant.ApiKeys;
import dev.outpost.tenant.ApiKeysContract;
import dev.outpost.tenant.Tenants;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class DynamoApiKeysIT extends ApiKeysContract {
  private DynamoDbLocal dynamo;
  private Tenants tenants;
  private ApiKeys apiKeys;

  @BeforeAll
  void start() {
    dynamo = DynamoDbLocal.start();
    DynamoTables.create(dynamo.client(), "test");
    tenants = new DynamoTenants(dynamo.client(), "test");
    apiKeys = new DynamoApiKeys(dynamo.client(), "test");
  }

  @AfterAll
  void stop() {
    dynamo.close();
  }

  @Override
  protected Tenants tenants() {
    return tenants;
  }

  @Override
  protected ApiKeys apiKeys() {
    return apiKeys;
  }
}
