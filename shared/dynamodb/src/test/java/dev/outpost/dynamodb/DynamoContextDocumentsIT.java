package dev.outpost.dynamodb;

import dev.outpost.tenant.ContextDocuments;
import dev.outpost.tenant.ContextDocumentsContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

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
}
