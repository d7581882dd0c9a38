package dev.outpost.dynamodb;

import dev.outpost.audit.AuditTrail;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.DispatchesContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class DynamoDispatchesIT extends DispatchesContract {
  private DynamoDbLocal dynamo;
  private Dispatches dispatches;

  @BeforeAll
  void start() {
    dynamo = DynamoDbLocal.start();
    DynamoTables.create(dynamo.client(), "test");
    dispatches = new DynamoDispatches(dynamo.client(), "test");
  }

  @AfterAll
  void stop() {
    dynamo.close();
  }

  @Override
  public Dispatches dispatches() {
    return dispatches;
  }

  @Override
  public AuditTrail audit() {
    return new DynamoAuditTrail(dynamo.client(), "test");
  }
}
