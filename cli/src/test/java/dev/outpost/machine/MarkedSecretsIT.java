package dev.outpost.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dynamodb.DynamoDbLocal;
import dev.outpost.dynamodb.DynamoSecretMarks;
import dev.outpost.dynamodb.DynamoTables;
import dev.outpost.embedded.EmbeddedTenantSecrets;
import dev.outpost.tenant.MarkedSecrets;
import dev.outpost.tenant.OwnSecrets;
import dev.outpost.tenant.SecretName;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.TenantSecrets;
import dev.outpost.tenant.TenantSecretsContract;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Tenants' secrets behind the marks of the deployed table. */
@ResourceLock("DynamoDB Local") // It keeps some of its state in static fields.
class MarkedSecretsIT extends TenantSecretsContract {
  private static final SecretName A = new SecretName("A_KEY");

  private final TenantSecrets store = EmbeddedTenantSecrets.inMemory();
  private DynamoDbLocal dynamo;
  private TenantSecrets secrets;

  @BeforeAll
  void start() {
    dynamo = DynamoDbLocal.start();
    DynamoTables.create(dynamo.client(), "test");
    secrets = new MarkedSecrets(store, new DynamoSecretMarks(dynamo.client(), "test"));
  }

  @AfterAll
  void stop() {
    dynamo.close();
  }

  @Override
  protected TenantSecrets secrets() {
    return secrets;
  }

  @Test
  void theStoreIsNotAskedForATenantWithoutAMark() {
    TenantId tenant = TenantId.random();
    store.put(tenant, A, "behind the mark's back", Instant.EPOCH);
    assertThat(secrets.of(tenant)).isEqualTo(OwnSecrets.NONE);
    assertThat(secrets.list(tenant)).isEmpty();
    assertThat(secrets.remove(tenant, A)).isFalse();
    assertThat(store.list(tenant)).hasSize(1);
  }

  @Test
  void aMarkStaysWhenTheLastSecretIsRemoved() {
    TenantId tenant = TenantId.random();
    secrets.put(tenant, A, "the value of A", Instant.EPOCH);
    assertThat(secrets.remove(tenant, A)).isTrue();
    store.put(tenant, A, "by a writer who had set the mark", Instant.EPOCH);
    assertThat(secrets.list(tenant)).hasSize(1);
  }
}
