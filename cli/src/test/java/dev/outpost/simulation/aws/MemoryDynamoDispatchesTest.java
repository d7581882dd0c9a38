package dev.outpost.simulation.aws;

import dev.outpost.audit.AuditTrail;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.DispatchesContract;
import dev.outpost.dynamodb.DynamoAuditTrail;
import dev.outpost.dynamodb.DynamoDispatches;

/** The contract that holds on DynamoDB Local, on the model. */
class MemoryDynamoDispatchesTest extends DispatchesContract {
  private final MemoryDynamoDb dynamo = Models.dynamoDb();
  private final Dispatches dispatches = new DynamoDispatches(dynamo, Models.STAGE);

  @Override
  public Dispatches dispatches() {
    return dispatches;
  }

  @Override
  public AuditTrail audit() {
    return new DynamoAuditTrail(dynamo, Models.STAGE);
  }
}
