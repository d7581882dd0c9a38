package dev.outpost.functions.webhooks;

import com.standardwebhooks.exceptions.WebhookSigningException;
import dev.outpost.edge.Json;
import dev.outpost.relay.LifecycleEvent;
import dev.outpost.webhook.Delivery;
import dev.outpost.webhook.Endpoints;
import dev.outpost.webhook.Outcome;
import dev.outpost.webhook.SigningSecrets;
import dev.outpost.webhook.Webhook;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.apache.http.HttpEntity;
import org.apache.http.HttpHost;
import org.apache.http.client.ClientProtocolException;
import org.apache.http.client.config.CookieSpecs;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.config.ConnectionConfig;
import org.apache.http.config.MessageConstraints;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.ConnectTimeoutException;
import org.apache.http.conn.HttpHostConnectException;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.impl.NoConnectionReuseStrategy;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoints, told by HTTP and signed as Standard Webhooks asks ("Signature scheme"). Safe for
 * use by many threads.
 *
 * <p>A tenant says where a request goes, so it goes no further than that: to the public internet
 * and by https ({@link Reach}), to an address that was checked after the only look-up of the name;
 * if one of a name's addresses is not allowed, the whole name is not. Nothing is followed, tried
 * again, sent through a proxy or kept for the next request, and of an answer only the status
 * counts.
 */
public final class HttpEndpoints implements Endpoints {
  /** How long an address is waited for until it takes the connection. */
  public static final Duration CONNECT = Duration.ofSeconds(5);

  /** How long one call takes at most, whatever the endpoint and the network do. */
  public static final Duration WHOLE = Duration.ofSeconds(10);

  /** What an answer's body is read of, in bytes, so that an endpoint can finish a short one. */
  static final int MOST_READ = 4_096;

  static final Outcome.Unanswered NO_HTTPS =
      new Outcome.Unanswered("The URL is not one of https with a host.");
  // Whether a name is unknown or private is not told: a private network may be ours.
  static final Outcome.Unanswered NOWHERE =
      new Outcome.Unanswered("The host's name does not lead to the public internet.");
  static final Outcome.Unanswered NO_CONNECTION =
      new Outcome.Unanswered("The host did not accept a connection.");
  static final Outcome.Unanswered NO_TLS =
      new Outcome.Unanswered(
          "There was no secure connection: the certificate must be valid and name the host.");
  static final Outcome.Unanswered LATE =
      new Outcome.Unanswered("There was no answer within 10 seconds.");
  static final Outcome.Unanswered NO_HTTP =
      new Outcome.Unanswered("The answer was not one of HTTP.");
  static final Outcome.Unanswered BROKEN =
      new Outcome.Unanswered("The connection failed before there was an answer.");

  private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoints.class);

  private static final int MAX_HEADER_LINE = 8_192;
  private static final int MAX_HEADERS = 100;

  private final SigningSecrets secrets;
  private final Reach reach;
  private final Duration whole;
  private final CloseableHttpClient client;

  /** Tells those within reach, signing with those secrets. */
  public HttpEndpoints(SigningSecrets secrets, Reach reach) {
    this(secrets, reach, Network.here(), WHOLE);
  }

  /** On that network, each in that time. */
  HttpEndpoints(SigningSecrets secrets, Reach reach, Network network, Duration whole) {
    this.secrets = Objects.requireNonNull(secrets, "secrets");
    this.reach = Objects.requireNonNull(reach, "reach");
    this.whole = Objects.requireNonNull(whole, "whole");
    this.client = client(reach, network, whole);
  }

  private static CloseableHttpClient client(Reach reach, Network network, Duration whole) {
    PoolingHttpClientConnectionManager connections =
        new PoolingHttpClientConnectionManager(
            RegistryBuilder.<ConnectionSocketFactory>create()
                .register("http", network.plain())
                .register("https", network.secure())
                .build(),
            // Asked once for a connection, which then goes to what it answers and nowhere else.
            name -> checked(reach, network.names().resolve(name)));
    // Who may send how much at once is not for the connections to say: none is shared or kept.
    connections.setMaxTotal(Integer.MAX_VALUE);
    connections.setDefaultMaxPerRoute(Integer.MAX_VALUE);
    connections.setDefaultConnectionConfig(
        ConnectionConfig.custom()
            .setMessageConstraints(
                MessageConstraints.custom()
                    .setMaxLineLength(MAX_HEADER_LINE)
                    .setMaxHeaderCount(MAX_HEADERS)
                    .build())
            .build());
    return HttpClients.custom()
        .setConnectionManager(connections)
        .setConnectionReuseStrategy(NoConnectionReuseStrategy.INSTANCE)
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setConnectTimeout(Math.toIntExact(CONNECT.toMillis()))
                .setSocketTimeout(Math.toIntExact(whole.toMillis()))
                .setRedirectsEnabled(false)
                .setAuthenticationEnabled(false)
                .setContentCompressionEnabled(false)
                .setNormalizeUri(false)
                .setCookieSpec(CookieSpecs.IGNORE_COOKIES)
                .build())
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableConnectionState()
        .disableContentCompression()
        .setUserAgent("Outpost-Webhooks")
        .build();
  }

  private static InetAddress[] checked(Reach reach, InetAddress[] addresses)
      throws UnknownHostException {
    for (InetAddress address : addresses) {
      if (!reach.allows(address)) {
        throw new UnknownHostException();
      }
    }
    return addresses;
  }

  @Override
  public Outcome tell(Webhook webhook, Delivery delivery, Instant now) {
    URI url = webhook.url();
    // A host in a spelling that URIs don't know is none here. A name and a password in a URL are
    // the
    // client's own business, and this one has none.
    if (!reach.allowsSchemeOf(url) || url.getHost() == null || url.getRawUserInfo() != null) {
      return NO_HTTPS;
    }
    HttpPost request = signed(webhook, delivery, now);
    HttpHost host = new HttpHost(url.getHost(), url.getPort(), url.getScheme());
    Exchange exchange = new Exchange(delivery, host, request);
    // A look-up can't be broken off, so whoever waits for it must be another.
    Thread thread = Thread.ofPlatform().daemon().name(delivery.id().value()).start(exchange);
    try {
      thread.join(whole);
      return exchange.outcome;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while an endpoint was told", e);
    } finally {
      request.abort();
    }
  }

  private HttpPost signed(Webhook webhook, Delivery delivery, Instant now) {
    String id = delivery.id().value();
    long second = now.getEpochSecond();
    String body = body(delivery.event());
    HttpPost request = new HttpPost(webhook.url());
    request.setHeader("Connection", "close");
    request.setHeader("Content-Type", "application/json");
    request.setHeader("webhook-id", id);
    request.setHeader("webhook-timestamp", Long.toString(second));
    request.setHeader(
        "webhook-signature",
        secrets.of(webhook.id(), webhook.signing(now)).stream()
            .map(secret -> signature(secret, id, second, body))
            .collect(Collectors.joining(" ")));
    request.setEntity(new ByteArrayEntity(body.getBytes(StandardCharsets.UTF_8)));
    return request;
  }

  private static String body(LifecycleEvent event) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "dispatch." + event.status().wire());
    body.put("timestamp", event.at().toString());
    body.put("data", event.told());
    return Json.text(body);
  }

  private static String signature(String secret, String id, long second, String body) {
    try {
      return new com.standardwebhooks.Webhook(secret).sign(id, second, body);
    } catch (WebhookSigningException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
    }
  }

  /** One request and what comes of it, on a thread of its own. */
  private final class Exchange implements Runnable {
    private final Delivery delivery;
    private final HttpHost host;
    private final HttpPost request;
    private volatile Outcome outcome = LATE;

    Exchange(Delivery delivery, HttpHost host, HttpPost request) {
      this.delivery = delivery;
      this.host = host;
      this.request = request;
    }

    @Override
    public void run() {
      try (CloseableHttpResponse response = client.execute(host, request)) {
        outcome = new Outcome.Answered(response.getStatusLine().getStatusCode());
        read(response.getEntity());
      } catch (IOException | RuntimeException e) {
        // What happens after the status, such as the end of a short body, changes nothing.
        if (!(outcome instanceof Outcome.Answered)) {
          outcome = without(e);
        }
      }
    }

    /** Reads what it may. The stream stays open: closing it would read the rest. */
    private static void read(HttpEntity body) throws IOException {
      if (body != null) {
        body.getContent().skipNBytes(MOST_READ);
      }
    }

    private Outcome without(Exception e) {
      return switch (e) {
        case UnknownHostException _ -> NOWHERE;
        case ConnectTimeoutException _, HttpHostConnectException _, BindException _ ->
            NO_CONNECTION;
        case SSLException _ -> NO_TLS;
        case SocketTimeoutException _ -> LATE;
        case ClientProtocolException _ -> NO_HTTP;
        case IOException _ -> BROKEN;
        default -> {
          // Its text may have the URL in it.
          LOG.warn("delivery {}: unexpected {}", delivery.id(), e.getClass().getName());
          yield BROKEN;
        }
      };
    }
  }
}
