package dev.outpost.simulation.aws;

import dev.outpost.dispatch.Dispatches;
import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.DynamoWorkspaces;
import dev.outpost.workspace.Workspaces;
import dev.outpost.workspace.WorkspacesContract;

/** The contract that holds on DynamoDB Local, on the model. */
class MemoryDynamoWorkspacesTest extends WorkspacesContract {
  private final MemoryDynamoDb dynamo = Models.dynamoDb();

  @Override
  protected Workspaces workspaces() {
    return new DynamoWorkspaces(dynamo, Models.STAGE);
  }

  @Override
  protected Dispatches dispatches() {
    return new DynamoDispatches(dynamo, Models.STAGE);
  }
}
