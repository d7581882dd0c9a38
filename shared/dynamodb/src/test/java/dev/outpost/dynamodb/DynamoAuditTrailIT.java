package dev.outpost.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Ulids;
import dev.outpost.audit.AuditId;
import dev.outpost.audit.AuditRecord;
import dev.outpost.audit.AuditTrail;
import dev.outpost.audit.AuditTrailContract;
import dev.outpost.tenant.TenantId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;

class DynamoAuditTrailIT extends AuditTrailContract {
  private DynamoDbLocal dynamo;
  private AuditTrail trail;

  @BeforeAll
  void start() {
    dynamo = DynamoDbLocal.start();
    DynamoTables.create(dynamo.client(), "test");
    trail = new DynamoAuditTrail(dynamo.client(), "test");
  }

  @AfterAll
  void stop() {
    dynamo.close();
  }

  @Override
  protected AuditTrail trail() {
    return trail;
  }

  @Test
  void aRecordWhoseAnswerWasLostOrThatWasThrottledIsThereOnce() {
    TenantId tenant = TenantId.random();
    UnrulyDynamoDb unruly = new UnrulyDynamoDb(dynamo.client());
    AuditRecord line =
        new AuditRecord(
            AuditId.next(new Ulids(InstantSource.system())),
            tenant,
            Instant.parse("2026-11-22T21:20:30Z"),
            "key_1",
            "put_secret",
            Optional.of("TOKEN"),
            AuditRecord.Outcome.ASKED,
            Optional.empty());
    unruly.refuse(3, ProvisionedThroughputExceededException.builder().message("slower").build());
    new DynamoAuditTrail(unruly, "test").append(line);
    unruly.sendAgain();
    new DynamoAuditTrail(unruly, "test").append(line);
    assertThat(trail.list(tenant, Optional.empty(), 10)).containsExactly(line);
  }
}
