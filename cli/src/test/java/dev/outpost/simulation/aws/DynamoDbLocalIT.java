package dev.outpost.simulation.aws;

import dev.outpost.dynamodb.DynamoDbLocal;
import org.junit.jupiter.api.AfterAll;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

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
