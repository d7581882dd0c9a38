package dev.outpost.simulation.aws;

import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.DispatchesContract;
import dev.outpost.dynamodb.DynamoDispatches;

/** The contract that holds on DynamoDB Local, on the model. */
class MemoryDynamoDispatchesTest extends DispatchesContract {
  private final Dispatches dispatches = new DynamoDispatches(Models.dynamoDb(), Models.STAGE);

  @Override
  public Dispatches dispatches() {
    return dispatches;
  }
}
