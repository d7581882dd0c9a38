package dev.outpost.simulation.aws;

import dev.outpost.dynamodb.DynamoWebhooks;
import dev.outpost.webhook.Webhooks;
import dev.outpost.webhook.WebhooksContract;

/** The contract that holds on DynamoDB Local, on the model. */
class MemoryDynamoWebhooksTest extends WebhooksContract {
  private final MemoryDynamoDb dynamo = Models.dynamoDb();

  @Override
  protected Webhooks webhooks() {
    return new DynamoWebhooks(dynamo, Models.STAGE);
  }
}
