package dev.outpost.machine;

/** With the adapters that are deployed, on DynamoDB Local and ElasticMQ. */
class DeployedAdaptersEndToEndIT extends EndToEndContract {
  @Override
  Backend backend() {
    return AwsBackend.start();
  }
}
