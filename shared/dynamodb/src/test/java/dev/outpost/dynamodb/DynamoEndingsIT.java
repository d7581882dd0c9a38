package dev.outpost.dynamodb;

import dev.outpost.fleet.Endings;
import dev.outpost.fleet.EndingsContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class DynamoEndingsIT extends EndingsContract {
  private DynamoDbLocal dynamo;
  private Endings endings;

  @BeforeAll
  void start() {
    dynamo = DynamoDbLocal.start();
    DynamoTables.create(dynamo.client(), "test");
    endings = new DynamoEndings(dynamo.client(), "test");
  }

  @AfterAll
  void stop() {
    dynamo.close();
  }

  @Override
  protected Endings endings() {
    return endings;
  }
}
