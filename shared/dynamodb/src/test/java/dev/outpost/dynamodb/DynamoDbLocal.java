package dev.outpost.dynamodb;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.dynamodb.services.local.embedded.DynamoDBEmbedded;
import software.amazon.dynamodb.services.local.shared.access.AmazonDynamoDBLocal;

/**
 * DynamoDB Local, in memory and inside this process.
 *
 * <p>Not its HTTP server: that binds every interface of the machine and can't be told otherwise.
 * The client in the process speaks through the same SDK types. It never raises conflicts of
 * transactions, never throttles and is never eventually consistent: {@link UnrulyDynamoDb} does the
 * first two. Its native library comes with its jar, for x86-64 and arm64.
 */
public final class DynamoDbLocal implements AutoCloseable {
  private final AmazonDynamoDBLocal local;

  private DynamoDbLocal(AmazonDynamoDBLocal local) {
    this.local = local;
  }

  /** Starts one, without tables. It sends no telemetry. */
  public static DynamoDbLocal start() {
    boolean disableTelemetry = true;
    return new DynamoDbLocal(DynamoDBEmbedded.create(disableTelemetry));
  }

  /** Its client; needs neither credentials nor region. */
  public DynamoDbClient client() {
    return local.dynamoDbClient();
  }

  /** The client of its streams. */
  public DynamoDbStreamsClient streams() {
    return local.dynamoDbStreamsClient();
  }

  @Override
  public void close() {
    local.shutdownNow();
  }
}
