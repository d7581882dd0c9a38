package dev.outpost.functions.launcher;

import dev.outpost.dynamodb.rehearsal.NobodysDispatch;
import dev.outpost.dynamodb.rehearsal.Nowhere;
import dev.outpost.edge.Json;
import dev.outpost.items.DispatchItem;
import dev.outpost.items.TenantItem;
import dev.outpost.items.WireItem;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tier;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** An AWS that is not there, in which a dispatch waits that the launcher can launch. */
final class Rehearsal {
  private final Nowhere nowhere;

  /** As of that time. */
  Rehearsal(Instant now) {
    Tenant tenant =
        new Tenant(
            TenantId.INSTALLATION, "rehearsal", "rehearsal@example.com", Tier.FREE, false, now);
    nowhere =
        new Nowhere(
            List.of(
                new Nowhere.Answer(
                    "GetItem",
                    '"' + TenantItem.SORT_KEY + '"',
                    item(new TenantItem(tenant, 1, List.of()).toItem())),
                new Nowhere.Answer(
                    "GetItem", item(DispatchItem.toItem(new NobodysDispatch(now).pending()))),
                new Nowhere.Answer("Query", Json.text(Map.of("Items", List.of(), "Count", 0))),
                new Nowhere.Answer(
                    "DescribeTaskDefinition",
                    Json.text(
                        Map.of(
                            "taskDefinition",
                            Map.of("taskDefinitionArn", NobodysDispatch.DEFINITION)))),
                new Nowhere.Answer(
                    "RunTask",
                    Json.text(
                        Map.of(
                            "tasks",
                            List.of(Map.of("taskArn", NobodysDispatch.TASK)),
                            "failures",
                            List.of())))));
  }

  private static String item(Map<String, ?> item) {
    return Json.text(Map.of("Item", WireItem.attributes(item)));
  }

  DynamoDbClient dynamo() {
    return nowhere.client(DynamoDbClient.builder());
  }

  EcsClient ecs() {
    return nowhere.client(EcsClient.builder());
  }

  SqsClient sqs() {
    // Its answer has no digest to compare.
    return nowhere.client(SqsClient.builder().checksumValidationEnabled(false));
  }
}
