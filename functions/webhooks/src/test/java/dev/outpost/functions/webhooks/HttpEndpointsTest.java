package dev.outpost.functions.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.outpost.webhook.Outcome;
import dev.outpost.webhook.Webhook;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.http.conn.DnsResolver;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpEndpointsTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress GLOBAL = InetAddress.ofLiteral("8.8.8.8");
  private static final Duration SHORT = Duration.ofSeconds(2);

  private static Certificates certificates;

  private final HttpEndpoints near = new HttpEndpoints(Told.SECRETS, Reach.THIS_MACHINE_TOO);
  private final HttpEndpoints far = new HttpEndpoints(Told.SECRETS, Reach.THE_INTERNET);

  @BeforeAll
  static void certify(@TempDir Path folder) throws Exception {
    certificates = Certificates.of("hooks.example", folder);
  }

  private static HttpEndpoints resolving(Reach reach, DnsResolver names) {
    return on(reach, names, SSLConnectionSocketFactory.getSocketFactory());
  }

  private static HttpEndpoints on(
      Reach reach, DnsResolver names, SSLConnectionSocketFactory secure) {
    return new HttpEndpoints(
        Told.SECRETS,
        reach,
        new Network(names, PlainConnectionSocketFactory.getSocketFactory(), secure),
        HttpEndpoints.WHOLE);
  }

  private static HttpEndpoints impatient() {
    return new HttpEndpoints(Told.SECRETS, Reach.THIS_MACHINE_TOO, Network.here(), SHORT);
  }

  private static Outcome tell(HttpEndpoints endpoints, URI url) {
    return endpoints.tell(Told.webhook(url), Told.delivery(), Told.NOW);
  }

  private static Outcome tell(HttpEndpoints endpoints, String url) {
    return tell(endpoints, URI.create(url));
  }

  @Test
  void anEndpointIsToldByOneSignedRequest() throws Exception {
    Instant now = InstantSource.system().instant();
    try (LocalEndpoint endpoint = new LocalEndpoint(LocalEndpoint.status(204))) {
      assertThat(near.tell(Told.webhook(endpoint.url()), Told.delivery(), now))
          .isEqualTo(new Outcome.Answered(204));
      LocalEndpoint.Request request = endpoint.requests().getFirst();
      assertThat(endpoint.requests()).hasSize(1);
      assertThat(request.line()).isEqualTo("POST /hook?a=b%2Fc HTTP/1.1");
      assertThat(request.headers())
          .containsOnlyKeys(
              "connection",
              "content-length",
              "content-type",
              "host",
              "user-agent",
              "webhook-id",
              "webhook-signature",
              "webhook-timestamp")
          .containsEntry("host", endpoint.url().getAuthority())
          .containsEntry("content-type", "application/json")
          .containsEntry("user-agent", "Outpost-Webhooks")
          .containsEntry("webhook-id", Told.delivery().id().value());
      assertThat(JSON.std.mapFrom(request.body()))
          .containsExactly(
              Map.entry("type", "dispatch.failed"),
              Map.entry("timestamp", "2026-11-22T10:01:35Z"),
              Map.entry(
                  "data",
                  Map.of(
                      "dispatchId", "dsp_01KANWJ0M8Q2Z5Y7X3C9D4E6FG",
                      "agent", "script",
                      "status", "failed",
                      "version", 4,
                      "at", "2026-11-22T10:01:35Z",
                      "cause", "spot_interruption")));
      verify(1, request);
    }
  }

  /** As an endpoint does that knows the secret of that generation. */
  private static void verify(int generation, LocalEndpoint.Request request)
      throws WebhookVerificationException {
    Map<String, List<String>> headers = new HashMap<>();
    request.headers().forEach((name, value) -> headers.put(name, List.of(value)));
    new com.standardwebhooks.Webhook(Told.SECRETS.of(Told.WEBHOOK, generation))
        .verify(request.body(), headers);
  }

  @Test
  void duringARotationBothSecretsSignAndAfterItTheNewOneAlone() throws Exception {
    Instant now = InstantSource.system().instant();
    try (LocalEndpoint endpoint = new LocalEndpoint(LocalEndpoint.status(200))) {
      Webhook rotated = Told.webhook(endpoint.url()).rotated(2, now);
      near.tell(rotated, Told.delivery(), now);
      LocalEndpoint.Request during = endpoint.requests().getFirst();
      assertThat(during.headers().get("webhook-signature").split(" ", -1)).hasSize(2);
      verify(1, during);
      verify(2, during);

      Webhook longAgo = Told.webhook(endpoint.url()).rotated(2, now.minus(Webhook.OVERLAP));
      near.tell(longAgo, Told.delivery(), now);
      LocalEndpoint.Request after = endpoint.requests().getLast();
      verify(2, after);
      assertThatThrownBy(() -> verify(1, after)).isInstanceOf(WebhookVerificationException.class);
    }
  }

  @Test
  void aUrlWithoutAPathLeadsToTheRoot() throws Exception {
    try (LocalEndpoint endpoint = new LocalEndpoint(LocalEndpoint.status(200))) {
      tell(near, "http://" + endpoint.url().getAuthority());
      tell(near, "http://" + endpoint.url().getAuthority() + "//a/../b?c#d");
      assertThat(endpoint.requests())
          .extracting(LocalEndpoint.Request::line)
          .containsExactly("POST / HTTP/1.1", "POST //a/../b?c HTTP/1.1");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 202, 400, 401, 403, 407, 410, 429, 500, 503})
  void whateverTheStatusItIsTheAnswerAndAskedForOnce(int status) throws Exception {
    String challenge =
        "HTTP/1.1 "
            + status
            + " X\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
            + "Proxy-Authenticate: Basic realm=\"x\"\r\nRetry-After: 0\r\n"
            + "Content-Length: 2\r\n\r\nok";
    try (LocalEndpoint endpoint = new LocalEndpoint(LocalEndpoint.says(challenge))) {
      assertThat(tell(near, endpoint.url())).isEqualTo(new Outcome.Answered(status));
      assertThat(endpoint.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsAnAnswerAndNotFollowed(int status) throws Exception {
    try (LocalEndpoint elsewhere = new LocalEndpoint(LocalEndpoint.status(200));
        LocalEndpoint endpoint =
            new LocalEndpoint(
                LocalEndpoint.says(
                    "HTTP/1.1 "
                        + status
                        + " X\r\nLocation: "
                        + elsewhere.url()
                        + "\r\nContent-Length: 0\r\n\r\n"))) {
      assertThat(tell(near, endpoint.url())).isEqualTo(new Outcome.Answered(status));
      assertThat(elsewhere.requests()).isEmpty();
    }
  }

  @Test
  void noCookieIsSentBack() throws Exception {
    try (LocalEndpoint endpoint =
        new LocalEndpoint(
            LocalEndpoint.says("HTTP/1.1 200 X\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"))) {
      tell(near, endpoint.url());
      tell(near, endpoint.url());
      assertThat(endpoint.requests())
          .hasSize(2)
          .allSatisfy(request -> assertThat(request.headers()).doesNotContainKey("cookie"));
    }
  }

  @Test
  void whoSaysNothingIsWaitedForAndNoLonger() throws Exception {
    try (LocalEndpoint endpoint = new LocalEndpoint(_ -> new CountDownLatch(1).await())) {
      assertThat(tell(impatient(), endpoint.url())).isEqualTo(HttpEndpoints.LATE);
      assertThat(endpoint.requests()).hasSize(1);
    }
  }

  @Test
  void whoAnswersDropByDropIsWaitedForNoLonger() throws Exception {
    AtomicInteger drops = new AtomicInteger();
    CountDownLatch closed = new CountDownLatch(1);
    try (LocalEndpoint endpoint =
        new LocalEndpoint(
            out -> {
              try {
                out.write("HTTP/1.1 200 X\r\nA: ".getBytes(UTF_8));
                while (true) {
                  out.write('a');
                  drops.incrementAndGet();
                  Thread.sleep(50);
                }
              } finally {
                closed.countDown();
              }
            })) {
      assertThat(tell(impatient(), endpoint.url())).isEqualTo(HttpEndpoints.LATE);
      // The connection is given up, not only left alone.
      closed.await();
      assertThat(drops.get()).isPositive();
    }
  }

  @Test
  void aStatusCountsHoweverSlowTheBodyIs() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (LocalEndpoint endpoint =
        new LocalEndpoint(
            out -> {
              try {
                out.write("HTTP/1.1 200 X\r\nContent-Length: 1000\r\n\r\n".getBytes(UTF_8));
                while (true) {
                  out.write('a');
                  Thread.sleep(50);
                }
              } finally {
                closed.countDown();
              }
            })) {
      assertThat(tell(impatient(), endpoint.url())).isEqualTo(new Outcome.Answered(200));
      closed.await();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 1000000000000", "Transfer-Encoding: chunked", "A: b"})
  void anEndlessBodyIsNotReadToItsEnd(String length) throws Exception {
    AtomicLong written = new AtomicLong();
    CountDownLatch closed = new CountDownLatch(1);
    try (LocalEndpoint endpoint =
        new LocalEndpoint(
            out -> {
              byte[] chunk = ("4000\r\n" + "a".repeat(0x4000) + "\r\n").getBytes(UTF_8);
              try {
                out.write(("HTTP/1.1 200 X\r\n" + length + "\r\n\r\n").getBytes(UTF_8));
                while (true) {
                  out.write(chunk);
                  written.addAndGet(chunk.length);
                }
              } finally {
                closed.countDown();
              }
            })) {
      assertThat(tell(near, endpoint.url())).isEqualTo(new Outcome.Answered(200));
      closed.await();
      // What the sockets' buffers took besides.
      assertThat(written.get()).isLessThan(50_000_000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"A: a\r\n", "A"})
  void endlessHeadersAreNotReadToTheirEnd(String piece) throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (LocalEndpoint endpoint =
        new LocalEndpoint(
            out -> {
              byte[] pieces = piece.repeat(1_000).getBytes(UTF_8);
              try {
                out.write("HTTP/1.1 200 X\r\n".getBytes(UTF_8));
                while (true) {
                  out.write(pieces);
                }
              } finally {
                closed.countDown();
              }
            })) {
      assertThat(tell(near, endpoint.url())).isIn(HttpEndpoints.NO_HTTP, HttpEndpoints.BROKEN);
      closed.await();
    }
  }

  @Test
  void whatIsNotHttpIsNoAnswer() throws Exception {
    try (LocalEndpoint silent = new LocalEndpoint(_ -> {});
        LocalEndpoint rude = new LocalEndpoint(LocalEndpoint.says("SSH-2.0-OpenSSH_9.6\r\n"));
        LocalEndpoint wrong = new LocalEndpoint(LocalEndpoint.says("HTTP/1.1 abc\r\n\r\n"))) {
      assertThat(tell(near, silent.url())).isEqualTo(HttpEndpoints.BROKEN);
      assertThat(tell(near, rude.url())).isIn(HttpEndpoints.NO_HTTP, HttpEndpoints.BROKEN);
      assertThat(tell(near, wrong.url())).isIn(HttpEndpoints.NO_HTTP, HttpEndpoints.BROKEN);
    }
  }

  @Test
  void whereNobodyListensThereIsNoConnection() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertThat(tell(near, "http://127.0.0.1:" + port)).isEqualTo(HttpEndpoints.NO_CONNECTION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "127.0.0.1",
        "127.1",
        "127.0.0.1.",
        "0",
        "0.0.0.0",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[2002:7f00:1::]",
        "[fe80::1%25lo]",
        "[fd00:ec2::254]",
        "169.254.169.254",
        "10.0.0.1"
      })
  void aHostOfThisMachineOrAPrivateNetworkIsNotReachedInWhateverSpelling(String host)
      throws Exception {
    try (LocalEndpoint endpoint = new LocalEndpoint(LocalEndpoint.status(200))) {
      int port = endpoint.url().getPort();
      URI url = URI.create("https://" + host + ":" + port + "/");
      assertThat(tell(far, url)).isIn(HttpEndpoints.NOWHERE, HttpEndpoints.NO_HTTPS);
      assertThat(endpoint.requests()).isEmpty();
    }
  }

  @Test
  void aNameThatLeadsIntoAPrivateNetworkIsNotReachedAlsoIfAnotherOfItsAddressesIsGlobal() {
    for (String address : List.of("127.0.0.1", "10.1.2.3", "192.0.2.1", "fd00::1")) {
      InetAddress mine = InetAddress.ofLiteral(address);
      for (InetAddress[] addresses :
          List.of(
              new InetAddress[] {mine},
              new InetAddress[] {GLOBAL, mine},
              new InetAddress[] {mine, GLOBAL})) {
        HttpEndpoints endpoints = resolving(Reach.THE_INTERNET, _ -> addresses);
        assertThat(tell(endpoints, "https://innocent.example")).isEqualTo(HttpEndpoints.NOWHERE);
      }
    }
  }

  @Test
  void aNameThatNobodyKnowsIsToldNoDifferently() {
    HttpEndpoints endpoints =
        resolving(
            Reach.THE_INTERNET,
            name -> {
              throw new UnknownHostException(name);
            });
    assertThat(tell(endpoints, "https://unknown.example")).isEqualTo(HttpEndpoints.NOWHERE);
  }

  @Test
  void aNameIsLookedUpOnceAndTheConnectionGoesWhereItLedThen() throws Exception {
    try (LocalEndpoint endpoint = new LocalEndpoint(LocalEndpoint.status(200))) {
      List<String> asked = new ArrayList<>();
      HttpEndpoints endpoints =
          resolving(
              Reach.THIS_MACHINE_TOO,
              name -> {
                asked.add(name);
                return new InetAddress[] {
                  asked.size() == 1 ? LOOPBACK : InetAddress.ofLiteral("10.0.0.1")
                };
              });
      URI url = endpoint.url("rebound.example");
      assertThat(tell(endpoints, url)).isEqualTo(new Outcome.Answered(200));
      assertThat(asked).containsExactly("rebound.example");
      assertThat(endpoint.requests().getFirst().headers())
          .containsEntry("host", url.getAuthority());
      // Another attempt looks again, and is checked again.
      assertThat(tell(endpoints, url)).isEqualTo(HttpEndpoints.NOWHERE);
      assertThat(asked).hasSize(2);
    }
  }

  @Test
  void aLookUpThatTakesForeverIsWaitedForNoLonger() {
    CountDownLatch never = new CountDownLatch(1);
    HttpEndpoints endpoints =
        new HttpEndpoints(
            Told.SECRETS,
            Reach.THE_INTERNET,
            new Network(
                _ -> {
                  try {
                    never.await();
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                  return new InetAddress[] {GLOBAL};
                },
                PlainConnectionSocketFactory.getSocketFactory(),
                SSLConnectionSocketFactory.getSocketFactory()),
            SHORT);
    assertThat(tell(endpoints, "https://slow.example")).isEqualTo(HttpEndpoints.LATE);
    never.countDown();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://8.8.8.8/",
        "ftp://8.8.8.8/",
        "file:///etc/passwd",
        "https:8.8.8.8",
        "https:///x",
        "https://user:password@8.8.8.8/"
      })
  void whatIsNotPlainlyHttpsIsNotTold(String url) {
    assertThat(tell(far, url)).isEqualTo(HttpEndpoints.NO_HTTPS);
  }

  @Test
  void onOneMachineAPrivateNetworkIsNotReachedEither() {
    assertThat(tell(near, "http://10.0.0.1/")).isEqualTo(HttpEndpoints.NOWHERE);
    assertThat(tell(near, "https://169.254.169.254/")).isEqualTo(HttpEndpoints.NOWHERE);
  }

  @Test
  void aCertificateOfThatNameIsTaken() throws Exception {
    try (LocalEndpoint endpoint =
        new LocalEndpoint(certificates.context(), LocalEndpoint.status(200))) {
      HttpEndpoints endpoints =
          on(
              Reach.THIS_MACHINE_TOO,
              _ -> new InetAddress[] {LOOPBACK},
              new SSLConnectionSocketFactory(certificates.context()));
      assertThat(tell(endpoints, endpoint.url("hooks.example")))
          .isEqualTo(new Outcome.Answered(200));
      assertThat(tell(endpoints, endpoint.url("other.example"))).isEqualTo(HttpEndpoints.NO_TLS);
      assertThat(endpoint.requests()).hasSize(1);
    }
  }

  @Test
  void aCertificateThatNobodyVouchesForIsNotTaken() throws Exception {
    try (LocalEndpoint endpoint =
        new LocalEndpoint(certificates.context(), LocalEndpoint.status(200))) {
      HttpEndpoints endpoints =
          resolving(Reach.THIS_MACHINE_TOO, _ -> new InetAddress[] {LOOPBACK});
      assertThat(tell(endpoints, endpoint.url("hooks.example"))).isEqualTo(HttpEndpoints.NO_TLS);
      assertThat(endpoint.requests()).isEmpty();
    }
  }

  @Test
  void whoSpeaksNoTlsIsNotTold() throws Exception {
    try (LocalEndpoint endpoint =
        new LocalEndpoint(LocalEndpoint.says("HTTP/1.1 200 OK\r\n\r\n"))) {
      assertThat(tell(near, "https://127.0.0.1:" + endpoint.url().getPort()))
          .isIn(HttpEndpoints.NO_TLS, HttpEndpoints.BROKEN);
    }
  }

  @Test
  void whoNeverFinishesTheHandshakeIsWaitedForNoLonger() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket socket = server.accept()) {
                  socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException _) {
                  // The connection was cut: as good as closed.
                } finally {
                  closed.countDown();
                }
              });
      assertThat(tell(impatient(), "https://127.0.0.1:" + server.getLocalPort()))
          .isEqualTo(HttpEndpoints.LATE);
      closed.await();
    }
  }

  @Test
  void manyAreToldAtOnceAndNoneWaitsForAnother() throws Exception {
    int many = 30;
    CountDownLatch all = new CountDownLatch(many);
    try (LocalEndpoint endpoint =
        new LocalEndpoint(
            out -> {
              all.countDown();
              all.await();
              LocalEndpoint.status(200).write(out);
            })) {
      List<Outcome> outcomes = Collections.synchronizedList(new ArrayList<>());
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        threads.add(Thread.ofVirtual().start(() -> outcomes.add(tell(near, endpoint.url()))));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(outcomes).hasSize(many).containsOnly(new Outcome.Answered(200));
    }
  }

  @Test
  void whoIsInterruptedHasNoOutcome() throws IOException, InterruptedException {
    try (LocalEndpoint endpoint = new LocalEndpoint(_ -> new CountDownLatch(1).await())) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> tell(near, endpoint.url()))
          .isInstanceOf(IllegalStateException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
