package dev.outpost.simulation.aws;

import dev.outpost.dynamodb.DynamoDbLocal;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ResourceLock("DynamoDB Local") // It keeps some of its state in static fields.
class DynamoDbLocalIT extends DynamoDbConformance {
  private final DynamoDbLocal local = DynamoDbLocal.start();

  @AfterAll
  void stop() {
    local.close();
  }

  @Override
  protected DynamoDbClient client() {
    return local.client();
  }
}
