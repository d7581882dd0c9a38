package dev.outpost.machine;

import org.junit.jupiter.api.parallel.ResourceLock;

/** With the adapters that are deployed, on DynamoDB Local and ElasticMQ. */
@ResourceLock("DynamoDB Local") // It keeps some of its state in static fields.
class DeployedAdaptersEndToEndIT extends EndToEndContract {
  @Override
  Backend backend() {
    return AwsBackend.start();
  }
}
