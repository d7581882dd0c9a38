package dev.outpost.simulation.aws;

import dev.outpost.dynamodb.DynamoApiKeys;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.tenant.ApiKeys;
import dev.outpost.tenant.ApiKeysContract;
import dev.outpost.tenant.Tenants;

/** The contract that holds on DynamoDB Local, on the model. */
class MemoryDynamoApiKeysTest extends ApiKeysContract {
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
