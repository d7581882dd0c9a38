package dev.outpost.functions.authorizer;

import dev.outpost.dynamodb.DynamoApiKeys;
import dev.outpost.edge.Environment;
import java.time.InstantSource;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The deployed authoriser's configuration.
 *
 * @param stage part of the names of tables
 */
record AuthorizerWiring(String stage) {

  static Authorize fromEnvironment(Map<String, String> variables) {
    AuthorizerWiring config =
        new Environment(variables).read(v -> new AuthorizerWiring(v.text("OUTPOST_STAGE")));
    return new Authorize(
        new DynamoApiKeys(DynamoDbClient.create(), config.stage()), InstantSource.system());
  }
}
