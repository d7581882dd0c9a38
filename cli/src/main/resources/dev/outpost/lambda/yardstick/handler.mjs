// The authoriser's job in Node.js: read the event, look the key up by its hash, answer.
import { createHash } from "node:crypto";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({});

export async function handler(event) {
  const key = event.headers["x-api-key"] ?? "";
  const hash = createHash("sha256").update(key).digest("hex");
  const { Item } = await client.send(
    new GetItemCommand({
      TableName: `outpost-api-keys-${process.env.OUTPOST_STAGE}`,
      Key: { key_hash: { S: hash } },
      ConsistentRead: true,
    }),
  );
  return {
    isAuthorized: true,
    context: Item
      ? { access: "granted", tenantId: Item.tenant_id.S, keyId: Item.key_id.S, tier: Item.tier.S }
      : { access: "unknown" },
  };
}
