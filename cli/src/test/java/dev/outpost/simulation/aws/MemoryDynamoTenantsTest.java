package dev.outpost.simulation.aws;

import dev.outpost.dynamodb.DynamoApiKeys;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.tenant.ApiKeys;
import dev.outpost.tenant.Tenants;
import dev.outpost.tenant.TenantsContract;

/** The contract that holds on DynamoDB Local, on the model. */
class MemoryDynamoTenantsTest extends TenantsContract {
  private final MemoryDynamoDb dynamo = Models.dynamoDb();

  @Override
  protected Tenants tenants() {
    return new DynamoTenants(dynamo, Models.STAGE);
  }

  @Override
  protected ApiKeys apiKeys() {
    return new DynamoApiKeys(dynamo, Models.STAGE);
  }
}
