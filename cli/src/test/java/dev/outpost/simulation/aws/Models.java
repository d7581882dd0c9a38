package dev.outpost.simulation.aws;

import dev.outpost.dynamodb.DynamoTables;
import java.time.Duration;
import java.time.InstantSource;

/** Models that behave, on the machine's clock. */
final class Models {
  static final String STAGE = "test";

  private Models() {}

  /** One with the tables of {@link #STAGE}. */
  static MemoryDynamoDb dynamoDb() {
    MemoryDynamoDb dynamo = new MemoryDynamoDb(InstantSource.system(), () -> Duration.ZERO);
    DynamoTables.create(dynamo, STAGE);
    return dynamo;
  }
}
