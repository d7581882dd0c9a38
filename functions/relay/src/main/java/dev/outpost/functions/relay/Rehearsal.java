package dev.outpost.functions.relay;

import dev.outpost.dynamodb.rehearsal.NobodysDispatch;
import dev.outpost.dynamodb.rehearsal.Nowhere;
import dev.outpost.edge.Json;
import dev.outpost.items.DispatchItem;
import dev.outpost.items.Tables;
import dev.outpost.items.TenantItem;
import dev.outpost.items.WebhooksItem;
import dev.outpost.items.WireItem;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tier;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** An AWS that is not there, and the end of a dispatch that never was. */
final class Rehearsal {
  private final NobodysDispatch nobodys;
  private final Nowhere nowhere;

  /** As of that time. */
  Rehearsal(Instant now) {
    nobodys = new NobodysDispatch(now);
    Tenant tenant =
        new Tenant(
            TenantId.INSTALLATION, "rehearsal", "rehearsal@example.com", Tier.FREE, false, now);
    nowhere =
        new Nowhere(
            List.of(
                new Nowhere.Answer("GetItem", WebhooksItem.SORT_KEY, "{}"),
                new Nowhere.Answer(
                    "GetItem",
                    Json.text(
                        Map.of(
                            "Item",
                            WireItem.attributes(new TenantItem(tenant, 1, List.of()).toItem())))),
                new Nowhere.Answer("Query", Json.text(Map.of("Items", List.of(), "Count", 0))),
                new Nowhere.Answer(
                    "PutEvents", Json.text(Map.of("FailedEntryCount", 0, "Entries", List.of())))));
  }

  /** The event of its end. */
  String event() {
    return Json.text(
        Map.of(
            "Records",
            List.of(
                Map.of(
                    "eventID",
                    "rehearsal",
                    "eventName",
                    "MODIFY",
                    "eventSource",
                    "aws:dynamodb",
                    "dynamodb",
                    Map.of(
                        "SequenceNumber",
                        "1",
                        "Keys",
                        Map.of(Tables.DISPATCH_ID, Map.of("S", NobodysDispatch.ID.value())),
                        "OldImage",
                        WireItem.attributes(DispatchItem.toItem(nobodys.running())),
                        "NewImage",
                        WireItem.attributes(DispatchItem.toItem(nobodys.failed())))))));
  }

  DynamoDbClient dynamo() {
    return nowhere.client(DynamoDbClient.builder());
  }

  EventBridgeClient events() {
    return nowhere.client(EventBridgeClient.builder());
  }

  SqsClient sqs() {
    // Its answer has no digest to compare.
    return nowhere.client(SqsClient.builder().checksumValidationEnabled(false));
  }
}
