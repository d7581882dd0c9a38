package dev.outpost.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.tenant.ContextDocument;
import dev.outpost.tenant.ContextDocuments;
import dev.outpost.tenant.ContextDocumentsContract;
import dev.outpost.tenant.TenantId;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DynamoContextDocumentsIT extends ContextDocumentsContract {
  private DynamoDbLocal dynamo;
  private ContextDocuments documents;

  @BeforeAll
  void start() {
    dynamo = DynamoDbLocal.start();
    DynamoTables.create(dynamo.client(), "test");
    documents = new DynamoContextDocuments(dynamo.client(), "test");
  }

  @AfterAll
  void stop() {
    dynamo.close();
  }

  @Override
  protected ContextDocuments documents() {
    return documents;
  }

  @Test
  void aRemovalWhoseAnswerWasLostIsNoRemovalOfNothing() {
    TenantId tenant = TenantId.random();
    documents.put(tenant, new ContextDocument("Use tabs.", Instant.parse("2026-11-22T10:00:00Z")));
    UnrulyDynamoDb unruly = new UnrulyDynamoDb(dynamo.client());
    unruly.sendAgain();
    assertThat(new DynamoContextDocuments(unruly, "test").remove(tenant)).isTrue();
    assertThat(documents.find(tenant)).isEmpty();
  }
}
