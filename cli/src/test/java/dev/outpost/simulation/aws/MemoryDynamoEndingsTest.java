package dev.outpost.simulation.aws;

import dev.outpost.dynamodb.DynamoEndings;
import dev.outpost.fleet.Endings;
import dev.outpost.fleet.EndingsContract;

/** The contract that holds on DynamoDB Local, on the model. */
class MemoryDynamoEndingsTest extends EndingsContract {
  private final Endings endings = new DynamoEndings(Models.dynamoDb(), Models.STAGE);

  @Override
  protected Endings endings() {
    return endings;
  }
}
