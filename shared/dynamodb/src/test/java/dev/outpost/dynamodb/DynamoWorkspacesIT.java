package dev.outpost.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Held;
import dev.outpost.items.Tables;
import dev.outpost.tenant.TenantId;
import dev.outpost.workspace.KeptWorkspace;
import dev.outpost.workspace.WorkspaceId;
import dev.outpost.workspace.Workspaces;
import dev.outpost.workspace.WorkspacesContract;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;

class DynamoWorkspacesIT extends WorkspacesContract {
  private DynamoDbLocal dynamo;
  private Workspaces workspaces;
  private Dispatches dispatches;

  @BeforeAll
  void start() {
    dynamo = DynamoDbLocal.start();
    DynamoTables.create(dynamo.client(), "test");
    workspaces = new DynamoWorkspaces(dynamo.client(), "test");
    dispatches = new DynamoDispatches(dynamo.client(), "test");
  }

  @AfterAll
  void stop() {
    dynamo.close();
  }

  @Override
  protected Workspaces workspaces() {
    return workspaces;
  }

  @Override
  protected Dispatches dispatches() {
    return dispatches;
  }

  @Test
  void whatADeadOneHoldsIsFreed() {
    TenantId tenant = TenantId.random();
    WorkspaceId workspace = WorkspaceId.of(tenant, "https://example.com/other.git", "default");
    // As a table restored from a backup may have it.
    Map<String, AttributeValue> item = new HashMap<>(DispatchTable.slotsKey(tenant));
    item.put(workspace.value(), AttributeValues.of("dsp_01KANWJ0M8Q2Z5Y7X3C9D4E6FG"));
    item.put(DispatchTable.SLOTS, AttributeValues.setOf("dsp_01KANWJ0M8Q2Z5Y7X3C9D4E6FG"));
    dynamo.client().putItem(put -> put.tableName(Tables.name(Tables.TENANTS, "test")).item(item));
    assertThat(dispatches.held(tenant).workspaces()).containsOnlyKeys(workspace);
    assertThat(dispatches.freeEnded(tenant)).isEqualTo(2);
    assertThat(dispatches.held(tenant)).isEqualTo(Held.NOTHING);
  }

  @Test
  void aDeletionWhoseAnswerWasLostIsADeletion() {
    Instant now = Instant.parse("2026-11-22T10:00:00Z");
    KeptWorkspace made = workspaces.open(dispatch("unheard"), now);
    UnrulyDynamoDb unruly = new UnrulyDynamoDb(dynamo.client());
    unruly.loseAnswer(InternalServerErrorException.builder().message("try again").build());
    assertThat(new DynamoWorkspaces(unruly, "test").delete(made.tenantId(), made.id(), now))
        .isEqualTo(new Workspaces.Deletion.Deleted(made));
    assertThat(workspaces.find(made.tenantId(), made.id(), now)).isEmpty();
  }
}
