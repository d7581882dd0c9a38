package dev.outpost.simulation.aws;

import dev.outpost.dynamodb.DynamoDeliveries;
import dev.outpost.webhook.Deliveries;
import dev.outpost.webhook.DeliveriesContract;

/** The contract that holds on DynamoDB Local, on the model. */
class MemoryDynamoDeliveriesTest extends DeliveriesContract {
  private final MemoryDynamoDb dynamo = Models.dynamoDb();

  @Override
  protected Deliveries deliveries() {
    return new DynamoDeliveries(dynamo, Models.STAGE);
  }
}
