package dev.outpost.simulation.aws;

import dev.outpost.audit.AuditTrail;
import dev.outpost.audit.AuditTrailContract;
import dev.outpost.dynamodb.DynamoAuditTrail;

/** The contract that holds on DynamoDB Local, on the model. */
class MemoryDynamoAuditTrailTest extends AuditTrailContract {
  private final MemoryDynamoDb dynamo = Models.dynamoDb();

  @Override
  protected AuditTrail trail() {
    return new DynamoAuditTrail(dynamo, Models.STAGE);
  }
}
