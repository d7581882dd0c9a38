package dev.outpost.functions.webhooks;

import dev.outpost.InstallationKey;
import dev.outpost.dispatch.Status;
import dev.outpost.dynamodb.rehearsal.NobodysDispatch;
import dev.outpost.dynamodb.rehearsal.Nowhere;
import dev.outpost.edge.Json;
import dev.outpost.items.DeliveryItem;
import dev.outpost.items.WebhooksItem;
import dev.outpost.items.WireItem;
import dev.outpost.relay.LifecycleEvent;
import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.Delivery;
import dev.outpost.webhook.DeliveryId;
import dev.outpost.webhook.SigningSecrets;
import dev.outpost.webhook.Webhook;
import dev.outpost.webhook.WebhookId;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.http.HttpHost;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.protocol.HttpContext;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * An AWS that is not there, in which a delivery waits, and an endpoint that is not there, which
 * takes it. All is rehearsed but TLS, which the calls to AWS rehearse.
 */
final class Rehearsal {
  /** It has no webhooks. */
  static final TenantId TENANT = TenantId.INSTALLATION;

  /** A webhook that can't be: ids begin with their time. */
  static final WebhookId WEBHOOK = new WebhookId("whk_00000000000000000000000000");

  /** What it is told. */
  static final DeliveryId DELIVERY = new DeliveryId("msg_00000000000000000000000000");

  private final Nowhere nowhere;

  /** As of that time. */
  Rehearsal(Instant now) {
    LifecycleEvent event = LifecycleEvent.of(new NobodysDispatch(now).failed());
    Delivery first = Delivery.of(WEBHOOK, event, now);
    Delivery delivery =
        new Delivery(DELIVERY, WEBHOOK, event, first.attempt(), first.state(), Optional.empty());
    Webhook webhook =
        Webhook.of(
            WEBHOOK, TENANT, URI.create("https://nowhere.invalid/"), Set.of(Status.FAILED), now);
    nowhere =
        new Nowhere(
            List.of(
                new Nowhere.Answer(
                    "GetItem",
                    '"' + WebhooksItem.SORT_KEY + '"',
                    item(new WebhooksItem(TENANT, 1, List.of(webhook)).toItem())),
                new Nowhere.Answer("GetItem", item(DeliveryItem.toItem(delivery)))));
  }

  private static String item(Map<String, ?> item) {
    return Json.text(Map.of("Item", WireItem.attributes(item)));
  }

  DynamoDbClient dynamo() {
    return nowhere.client(DynamoDbClient.builder());
  }

  HttpEndpoints endpoints() {
    ConnectionSocketFactory sockets = new Sockets();
    return new HttpEndpoints(
        new SigningSecrets(new InstallationKey(new byte[InstallationKey.MIN_BYTES])),
        Reach.THE_INTERNET,
        // An address that is let pass. Nothing is sent there.
        new Network(_ -> new InetAddress[] {InetAddress.ofLiteral("1.1.1.1")}, sockets, sockets),
        HttpEndpoints.WHOLE);
  }

  /** Connections that lead to nobody. */
  private static final class Sockets implements ConnectionSocketFactory {
    @Override
    public Socket createSocket(HttpContext context) {
      return new Answered();
    }

    @Override
    public Socket connectSocket(
        int timeout,
        Socket socket,
        HttpHost host,
        InetSocketAddress to,
        InetSocketAddress from,
        HttpContext context) {
      return socket;
    }
  }

  /** A connection at whose other end an answer is ready, whatever is said. */
  private static final class Answered extends Socket {
    private static final byte[] ANSWER =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
            .getBytes(StandardCharsets.US_ASCII);

    private final InputStream answer = new ByteArrayInputStream(ANSWER);

    @Override
    public InputStream getInputStream() {
      return answer;
    }

    @Override
    public OutputStream getOutputStream() {
      return OutputStream.nullOutputStream();
    }
  }
}
