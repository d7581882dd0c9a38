package dev.outpost.machine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.Ulids;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.embedded.EmbeddedStore;
import dev.outpost.machine.DataDirectory.LocalCredentials;
import dev.outpost.run.Artifact;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.KeySecret;
import dev.outpost.tenant.Scope;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tier;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP contract as a client sees it on the wire, refusals above all. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WireIT {
  private static final Set<String> DISPATCH_FIELDS =
      Set.of(
          "dispatchId",
          "status",
          "agent",
          "modelId",
          "task",
          "repo",
          "branch",
          "progress",
          "logs",
          "logOffset",
          "createdAt",
          "startedAt",
          "endedAt",
          "taskArn",
          "exitCode",
          "errorMessage",
          "cause",
          "retryable",
          "tags",
          "usage",
          "timeoutSeconds");

  private static final String TASK = "\"agent\":\"script\",\"task\":\"echo hello there\"";
  private static final String BODY = "{" + TASK + "}";
  private static final String UNKNOWN_ID = "dsp_01ARZ3NDEKTSV4RRFFQ69G5FAV";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Path folder;
  private EmbeddedStore store;
  private Machine machine;
  private LocalCredentials credentials;

  @BeforeAll
  void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    DataDirectory data = DataDirectory.open(folder.resolve("data"));
    store = EmbeddedStore.inMemory();
    // What is said on the wire is tried here; nothing of that needs a process.
    machine =
        Machine.start(
            config(data).withoutLaunches(),
            new EmbeddedBackend(store, InstantSource.system()),
            store);
    credentials =
        FirstStart.credentials(data, machine.backend(), machine.url(), InstantSource.system());
  }

  /** As {@code outpost up} has it, but without any model's key. */
  private static MachineConfig config(DataDirectory data) {
    MachineConfig usual = MachineConfig.usual(data, 0);
    Map<String, String> environment = new TreeMap<>(usual.environment());
    environment.keySet().removeIf(name -> name.endsWith("_API_KEY"));
    return new MachineConfig(
        data,
        0,
        environment,
        usual.runnerCommand(),
        usual.reportEvery(),
        usual.grace(),
        usual.reconcileEvery(),
        true,
        usual.listener(),
        usual.clock());
  }

  @AfterAll
  void stop() {
    machine.close();
  }

  /** An answer as it came. */
  private record Reply(int status, Map<String, String> headers, String body) {
    Map<String, Object> json() throws IOException {
      return JSON.std.mapFrom(body);
    }

    Map<?, ?> data() throws IOException {
      return (Map<?, ?>) json().get("data");
    }

    Map<?, ?> error() throws IOException {
      return (Map<?, ?>) json().get("error");
    }

    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** What is left of the body when the request's own marks are taken out. */
    String withoutMarks() {
      return body.replaceAll("\"(requestId|timestamp)\":\"[^\"]*\"", "");
    }
  }

  /** Sends a request and checks what every answer of the API must have. */
  private Reply send(String method, String path, BodyPublisher body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(machine.url() + path))
            .method(method, body)
            .timeout(Duration.ofSeconds(30));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
    Map<String, String> first = new TreeMap<>();
    response.headers().map().forEach((name, values) -> first.put(name, values.getFirst()));
    Reply reply = new Reply(response.statusCode(), first, response.body());
    assertThat(reply.header("X-Request-ID")).as("%s %s: %s", method, path, reply).isNotBlank();
    if (!reply.body().isEmpty() && !path.startsWith("/health")) {
      Map<?, ?> meta = (Map<?, ?>) reply.json().get("meta");
      assertThat(meta).as("%s", reply).isNotNull();
      assertThat(meta.get("requestId")).isEqualTo(reply.header("X-Request-ID"));
      assertThat(Instant.parse((String) meta.get("timestamp"))).isBefore(Instant.MAX);
      assertThat(reply.json()).containsEntry("success", reply.status() < 300);
      assertThat(reply.header("Content-Type")).startsWith("application/json");
    }
    return reply;
  }

  private Reply call(String key, String method, String path) throws Exception {
    return send(method, path, BodyPublishers.noBody(), "X-API-Key", key);
  }

  private Reply get(String key, String path) throws Exception {
    return call(key, "GET", path);
  }

  private Reply post(String key, String json, String... headers) throws Exception {
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("X-API-Key", key, "Content-Type", "application/json"));
    return send("POST", "/dispatch", BodyPublishers.ofString(json), all.toArray(String[]::new));
  }

  private static void assertError(Reply reply, int status, String code) throws Exception {
    assertThat(reply.status()).as("%s", reply).isEqualTo(status);
    assertThat(reply.error().get("code")).isEqualTo(code);
    assertThat((String) reply.error().get("message")).isNotBlank();
  }

  private static List<Object> paths(Reply reply) throws Exception {
    Map<?, ?> details = (Map<?, ?>) reply.error().get("details");
    List<Object> paths = new ArrayList<>();
    for (Object error : (List<?>) details.get("errors")) {
      assertThat((String) ((Map<?, ?>) error).get("message")).isNotBlank();
      paths.add(((Map<?, ?>) error).get("path"));
    }
    return paths;
  }

  /** A key of a new tenant. */
  private String tenant(Tier tier, Scope... scopes) {
    Tenant tenant =
        new Tenant(TenantId.random(), "one of many", "it@example.com", tier, false, Instant.now());
    machine.backend().tenants().create(tenant);
    KeySecret secret = KeySecret.random(new SecureRandom());
    assertThat(
            machine
                .backend()
                .tenants()
                .addKey(
                    new ApiKey(
                        "key_" + new Ulids(InstantSource.system()).next(),
                        secret.hash(),
                        secret.prefix(),
                        tenant.id(),
                        "a key",
                        Set.of(scopes),
                        Instant.now(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        tier,
                        false)))
        .isTrue();
    return secret.reveal();
  }

  private String tenant() {
    return tenant(Tier.PRO, Scope.ADMIN);
  }

  private List<Object> ids(String key, String query) throws Exception {
    Reply reply = get(key, "/dispatch" + query);
    assertThat(reply.status()).as("%s", reply).isEqualTo(200);
    List<Object> ids = new ArrayList<>();
    ((List<?>) reply.data().get("dispatches"))
        .forEach(one -> ids.add(((Map<?, ?>) one).get("dispatchId")));
    return ids;
  }

  private String accepted(String key, String json) throws Exception {
    Reply reply = post(key, json);
    assertThat(reply.status()).as("%s", reply).isEqualTo(201);
    return (String) reply.data().get("dispatchId");
  }

  /** Requests byte for byte, as another program writes them, all on one connection. */
  private List<Reply> onTheWire(String... requests) throws IOException {
    List<Reply> replies = new ArrayList<>();
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), URI.create(machine.url()).getPort())) {
      socket.setSoTimeout(30_000);
      OutputStream out = socket.getOutputStream();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (String request : requests) {
        out.write(request.getBytes(UTF_8));
        out.flush();
        replies.add(read(in));
      }
    }
    return replies;
  }

  private static Reply read(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      assertThat(next).as("the answer ends in its head: %s", head).isNotNegative();
      head.append((char) next);
    }
    String[] lines = head.toString().split("\r\n", -1);
    Map<String, String> headers = new TreeMap<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
      }
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Reply(
        Integer.parseInt(lines[0].split(" ", -1)[1]),
        headers,
        new String(in.readNBytes(length), UTF_8));
  }

  private String asPythonRequests(String line, String more) {
    return line
        + " HTTP/1.1\r\nHost: "
        + URI.create(machine.url()).getAuthority()
        + "\r\nUser-Agent: python-requests/2.32.3\r\nAccept-Encoding: gzip, deflate\r\n"
        + "Accept: */*\r\nConnection: keep-alive\r\nX-API-Key: "
        + credentials.apiKey()
        + "\r\n"
        + more;
  }

  @Test
  void theClientOfThePredecessorWorksUnchanged() throws Exception {
    String json =
        "{\"agent\": \"script\", \"task\": \"echo \\\"gr\\u00fc\\u00df dich\\\"\","
            + " \"repo\": null, \"timeoutSeconds\": 600}";
    Reply created =
        onTheWire(
                asPythonRequests(
                    "POST /dispatch",
                    "Content-Length: "
                        + json.length()
                        + "\r\nContent-Type: application/json\r\n\r\n"
                        + json))
            .getFirst();
    assertThat(created.status()).as("%s", created).isEqualTo(201);
    assertThat(created.json()).containsOnlyKeys("success", "data", "meta");
    Map<?, ?> data = created.data();
    assertThat(data.keySet().stream().map(String::valueOf))
        .containsExactlyInAnyOrder(
            "dispatchId", "status", "agent", "modelId", "estimatedStartTime");
    assertThat(data.get("status")).isEqualTo("pending");
    assertThat(data.get("agent")).isEqualTo("script");
    String id = (String) data.get("dispatchId");
    assertThat(created.header("Location")).isEqualTo("/dispatch/" + id);

    Reply read = onTheWire(asPythonRequests("GET /dispatch/" + id, "\r\n")).getFirst();
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.data().keySet().stream().map(String::valueOf)).containsAll(DISPATCH_FIELDS);
    assertThat(read.data().get("repo")).isNull();
    assertThat(read.data().get("task")).isEqualTo("echo \"grüß dich\"");
    assertThat(read.data().get("timeoutSeconds")).isEqualTo(600);
    assertThat(read.data().get("logs")).isEqualTo(List.of());
  }

  @Test
  void aConnectionServesManyRequests() throws Exception {
    String[] requests = new String[50];
    for (int i = 0; i < requests.length; i++) {
      requests[i] = asPythonRequests(i % 5 == 4 ? "GET /nowhere" : "GET /dispatch?limit=1", "\r\n");
    }
    List<Reply> replies = onTheWire(requests);
    for (int i = 0; i < requests.length; i++) {
      assertThat(replies.get(i).status()).isEqualTo(i % 5 == 4 ? 404 : 200);
    }
    assertThat(replies.stream().map(reply -> reply.header("X-Request-ID")).distinct()).hasSize(50);
  }

  @Test
  void twoHundredAtOnceAreAllAnswered() throws Exception {
    String key = tenant(Tier.ENTERPRISE, Scope.ADMIN);
    Set<String> seen = ConcurrentHashMap.newKeySet();
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      boolean writes = i % 2 == 0;
      calls.add(
          () -> {
            Reply reply = writes ? post(key, BODY) : get(key, "/dispatch?limit=5");
            seen.add(reply.header("X-Request-ID"));
            return reply.status();
          });
    }
    Map<Integer, Integer> statuses = new TreeMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> status : threads.invokeAll(calls)) {
        statuses.merge(status.get(), 1, Integer::sum);
      }
    }
    assertThat(statuses).isEqualTo(Map.of(200, 100, 201, 100));
    assertThat(seen).hasSize(200);
    assertThat(ids(key, "?limit=100")).hasSize(100).doesNotHaveDuplicates();
  }

  @Test
  void theKeyMayComeAsABearerToken() throws Exception {
    String key = tenant();
    for (String scheme : List.of("Bearer ", "bearer ", "BEARER   ")) {
      Reply reply =
          send("GET", "/dispatch", BodyPublishers.noBody(), "Authorization", scheme + key);
      assertThat(reply.status()).isEqualTo(200);
    }
  }

  @Test
  void withoutAGoodKeyThereIsNothing() throws Exception {
    String key = tenant();
    BodyPublisher none = BodyPublishers.noBody();
    List<Reply> replies =
        List.of(
            send("GET", "/dispatch", none),
            send("GET", "/dispatch/" + UNKNOWN_ID, none),
            send("GET", "/artifacts/" + UNKNOWN_ID, none),
            send("DELETE", "/dispatch/" + UNKNOWN_ID, none),
            send("POST", "/dispatch", BodyPublishers.ofString("not even json")),
            get("otp_" + "0".repeat(64), "/dispatch"),
            get("nonsense", "/dispatch"),
            get(key.toUpperCase(Locale.ROOT), "/dispatch"),
            get(key + "0", "/dispatch"),
            send("GET", "/dispatch", none, "Authorization", "Basic " + key),
            send("GET", "/dispatch", none, "X-API-Key", key, "X-API-Key", tenant()),
            send("GET", "/dispatch", none, "X-API-Key", key, "Authorization", "Bearer " + tenant()),
            send("GET", "/dispatch?apiKey=" + key, none));
    for (Reply reply : replies) {
      assertError(reply, 401, "AUTHENTICATION_ERROR");
      assertThat(reply.header("WWW-Authenticate")).startsWith("Bearer");
    }
  }

  @Test
  void aKeyIsGoodForItsScopesOnly() throws Exception {
    String lister = tenant(Tier.PRO, Scope.LIST);
    assertThat(get(lister, "/dispatch").status()).isEqualTo(200);
    assertError(post(lister, BODY), 403, "AUTHORIZATION_ERROR");
    assertError(get(lister, "/dispatch/" + UNKNOWN_ID), 403, "AUTHORIZATION_ERROR");
    assertError(get(lister, "/artifacts/" + UNKNOWN_ID), 403, "AUTHORIZATION_ERROR");
    assertError(call(lister, "DELETE", "/dispatch/" + UNKNOWN_ID), 403, "AUTHORIZATION_ERROR");
    assertThat(ids(lister, "")).isEmpty();
  }

  @Test
  void whatIsNoJsonObjectIsRefusedAndLeavesNoTrace() throws Exception {
    String key = tenant();
    accepted(key, BODY);
    List<Object> before = ids(key, "");
    for (String body :
        List.of(
            "",
            " ",
            "{",
            "}",
            "[]",
            "null",
            "\"text\"",
            "17",
            "{" + TASK + "",
            BODY + "x",
            BODY + BODY,
            "{" + TASK + ",}",
            "{'agent':'script'}",
            "{" + TASK + ",\"agent\":\"script\"}",
            "{" + TASK + ",\"tags\":" + "[".repeat(5000) + "}",
            "{" + TASK + ",\"tags\":" + "{\"a\":".repeat(200) + "1" + "}".repeat(200) + "}",
            "{" + TASK + ",\"timeoutSeconds\":" + "9".repeat(2000) + "}",
            "{" + TASK + ",\"timeoutSeconds\":1e999999999}",
            "{" + TASK + ",\"branch\":\"\u0000\"}",
            "\uFEFF" + BODY.substring(1))) {
      assertError(post(key, body), 400, "VALIDATION_ERROR");
    }
    byte[] noUtf8 = BODY.replace("hello", "hell\u00f6").getBytes(ISO_8859_1);
    for (String type : List.of("application/json", "application/octet-stream")) {
      assertError(
          send(
              "POST",
              "/dispatch",
              BodyPublishers.ofByteArray(noUtf8),
              "X-API-Key",
              key,
              "Content-Type",
              type),
          400,
          "VALIDATION_ERROR");
    }
    assertThat(ids(key, "")).isEqualTo(before);
  }

  @Test
  void allMistakesOfARequestAreToldAtOnceByTheirNames() throws Exception {
    String key = tenant();
    Reply unknown = post(key, "{" + TASK + ",\"priority\":1,\"Repo\":\"a/b\"}");
    assertError(unknown, 400, "VALIDATION_ERROR");
    assertThat(paths(unknown)).containsExactlyInAnyOrder("priority", "Repo");

    Reply types =
        post(
            key,
            "{\"agent\":7,\"task\":[\"echo\"],\"repo\":{},\"branch\":true,\"timeoutSeconds\":\"x\","
                + "\"tags\":[1],\"additionalSecrets\":\"X\",\"idempotencyKey\":1,"
                + "\"workspaceMode\":\"big\",\"expiresAt\":\"tomorrow\","
                + "\"resourceConstraints\":[]}");
    assertError(types, 400, "VALIDATION_ERROR");
    assertThat(paths(types))
        .contains(
            "agent",
            "task",
            "repo",
            "branch",
            "timeoutSeconds",
            "tags",
            "additionalSecrets",
            "idempotencyKey",
            "workspaceMode",
            "expiresAt",
            "resourceConstraints");
    for (String wrong :
        List.of(
            "\"timeoutSeconds\":29",
            "\"timeoutSeconds\":1801",
            "\"timeoutSeconds\":600.5",
            "\"repo\":\"no/such/form\"",
            "\"branch\":\"" + "b".repeat(256) + "\"",
            "\"modelId\":\"gpt-5.2-codex\"")) {
      assertError(post(key, "{" + TASK + "," + wrong + "}"), 400, "VALIDATION_ERROR");
    }
    assertError(post(key, "{\"agent\":\"script\",\"task\":\"short\"}"), 400, "VALIDATION_ERROR");
    assertError(
        post(key, "{\"agent\":\"nobody\",\"task\":\"echo hello there\"}"), 400, "VALIDATION_ERROR");
    assertThat(ids(key, "")).isEmpty();
  }

  @Test
  void anExplicitNullMeansAbsent() throws Exception {
    accepted(
        tenant(),
        "{"
            + TASK
            + ",\"modelId\":null,\"repo\":null,\"branch\":null,\"context\":null,"
            + "\"workspaceMode\":null,\"workspaceInitMode\":null,\"timeoutSeconds\":null,"
            + "\"additionalSecrets\":null,\"idempotencyKey\":null,\"tags\":null,"
            + "\"resourceConstraints\":null,\"expiresAt\":null}");
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws Exception {
    String key = tenant();
    String padded = "{" + TASK + ",\"branch\":\"" + "b".repeat(257 * 1024) + "\"}";
    assertError(post(key, padded), 413, "PAYLOAD_TOO_LARGE");
    assertError(post(key, "x".repeat(10 * 1024 * 1024)), 413, "PAYLOAD_TOO_LARGE");
    assertError(post(key, "x".repeat(10 * 1024 * 1024 + 1)), 413, "PAYLOAD_TOO_LARGE");
    assertError(post(key, "x".repeat(40 * 1024 * 1024)), 413, "PAYLOAD_TOO_LARGE");
    int size = 12 * 1024 * 1024;
    List<Reply> onOneConnection =
        onTheWire(
            asPythonRequests(
                "POST /dispatch", "Content-Length: " + size + "\r\n\r\n" + "x".repeat(size)),
            asPythonRequests("GET /dispatch", "\r\n"));
    assertThat(onOneConnection.stream().map(Reply::status)).containsExactly(413, 200);
    assertThat(ids(key, "")).isEmpty();
  }

  @Test
  void aQueryIsCheckedLikeABody() throws Exception {
    String key = tenant();
    for (String query :
        List.of(
            "cursor=nonsense",
            "cursor=%00",
            "cursor=" + "A".repeat(3000),
            "limit=0",
            "limit=101",
            "limit=many",
            "limit=99999999999999999999",
            "status=done",
            "since=yesterday",
            "since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z",
            "colour=red")) {
      assertError(get(key, "/dispatch?" + query), 400, "VALIDATION_ERROR");
    }
    for (String query :
        List.of(
            "logLimit=0", "logLimit=1001", "logOffset=-1", "waitSeconds=21", "skipLogs=maybe")) {
      assertError(get(key, "/dispatch/" + UNKNOWN_ID + "?" + query), 400, "VALIDATION_ERROR");
    }
    for (String query : List.of("expiresIn=59", "expiresIn=86401", "expiresIn=")) {
      assertError(get(key, "/artifacts/" + UNKNOWN_ID + "?" + query), 400, "VALIDATION_ERROR");
    }
  }

  @Test
  void pathsAndMethodsThatAreNoneAreToldAsSuch() throws Exception {
    String key = tenant();
    for (String path : List.of("/", "/nowhere", "/dispatch/", "/dispatch/a/b", "/Dispatch")) {
      assertError(get(key, path), 404, "NOT_FOUND");
    }
    for (String id : List.of("x", "%2e%2e", "%00", "dsp_", UNKNOWN_ID.toLowerCase(Locale.ROOT))) {
      assertError(get(key, "/dispatch/" + id), 404, "NOT_FOUND");
    }
    for (String method : List.of("PUT", "PATCH", "DELETE", "TRACE", "FOO")) {
      Reply reply = call(key, method, "/dispatch");
      assertError(reply, 405, "METHOD_NOT_ALLOWED");
      assertThat(reply.header("Allow")).contains("GET").contains("POST").doesNotContain(method);
    }
    assertThat(call(key, "POST", "/health").status()).isEqualTo(405);
    assertThat(call(key, "POST", "/artifacts/" + UNKNOWN_ID).header("Allow")).contains("GET");
  }

  @Test
  void headIsAGetWithoutItsBodyAndOptionsTellsTheMethods() throws Exception {
    String key = tenant();
    String id = accepted(key, BODY);
    for (String path : List.of("/dispatch", "/dispatch/" + id, "/health", "/health/live")) {
      Reply head = call(key, "HEAD", path);
      assertThat(head.status()).as(path).isEqualTo(200);
      assertThat(head.body()).isEmpty();
    }
    assertThat(call(key, "HEAD", "/dispatch/" + UNKNOWN_ID).status()).isEqualTo(404);
    assertThat(call("", "HEAD", "/dispatch").status()).isEqualTo(401);
    Reply options = call(key, "OPTIONS", "/dispatch");
    assertThat(options.status()).isEqualTo(204);
    assertThat(options.header("Allow")).contains("GET").contains("POST").contains("HEAD");
    assertThat(options.headers()).doesNotContainKey("access-control-allow-origin");
  }

  @Test
  void anotherTenantsDispatchAnswersLikeNone() throws Exception {
    String id = accepted(tenant(), BODY);
    String stranger = tenant();
    for (String path : List.of("/dispatch/%s", "/dispatch/%s?waitSeconds=2", "/artifacts/%s")) {
      Reply foreign = get(stranger, path.formatted(id));
      Reply unknown = get(stranger, path.formatted(UNKNOWN_ID));
      assertError(foreign, 404, "NOT_FOUND");
      assertThat(foreign.withoutMarks()).isEqualTo(unknown.withoutMarks()).doesNotContain(id);
      assertThat(foreign.headers().keySet()).isEqualTo(unknown.headers().keySet());
    }
    Reply foreign = call(stranger, "DELETE", "/dispatch/" + id);
    assertError(foreign, 404, "NOT_FOUND");
    assertThat(foreign.withoutMarks())
        .isEqualTo(call(stranger, "DELETE", "/dispatch/" + UNKNOWN_ID).withoutMarks());
    assertThat(ids(stranger, "")).isEmpty();
  }

  @Test
  void listsArePagedNewestFirstAndFiltered() throws Exception {
    String key = tenant();
    List<Object> sent = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      sent.addFirst(
          accepted(
              key,
              "{"
                  + TASK
                  + (i % 2 == 0 ? ",\"repo\":\"me/even\",\"tags\":{\"n\":\"x\"}" : "")
                  + "}"));
    }
    assertThat(ids(key, "")).isEqualTo(sent);
    List<Object> paged = new ArrayList<>();
    String next = "?limit=3";
    while (next != null) {
      Reply page = get(key, "/dispatch" + next);
      ((List<?>) page.data().get("dispatches"))
          .forEach(one -> paged.add(((Map<?, ?>) one).get("dispatchId")));
      Object cursor = page.data().get("nextCursor");
      assertThat(page.data().get("hasMore")).isEqualTo(cursor != null);
      next = cursor == null ? null : "?limit=3&cursor=" + cursor;
    }
    assertThat(paged).isEqualTo(sent);

    call(key, "DELETE", "/dispatch/" + sent.get(1));
    assertThat(ids(key, "?status=cancelled")).isEqualTo(List.of(sent.get(1)));
    assertThat(ids(key, "?status=pending")).hasSize(6).doesNotContain(sent.get(1));
    List<Object> even = List.of(sent.get(0), sent.get(2), sent.get(4), sent.get(6));
    assertThat(ids(key, "?repo=me%2Feven")).isEqualTo(even);
    assertThat(ids(key, "?tag=n")).isEqualTo(even);
    assertThat(ids(key, "?tag=x")).isEmpty();
    assertThat(ids(key, "?agent=script&limit=2")).isEqualTo(sent.subList(0, 2));
    assertThat(ids(key, "?agent=claude")).isEmpty();
    assertThat(ids(key, "?since=" + Instant.now().plusSeconds(60))).isEmpty();
    assertThat(ids(key, "?until=" + Instant.now().plusSeconds(60))).isEqualTo(sent);
    String first = (String) get(key, "/dispatch/" + sent.getLast()).data().get("createdAt");
    assertThat(ids(key, "?since=" + first)).contains(sent.getLast());
  }

  @Test
  void anIdempotencyKeyMakesOneDispatchOfManyRequests() throws Exception {
    String key = tenant();
    Reply first = post(key, BODY, "Idempotency-Key", "once-1");
    assertThat(first.status()).isEqualTo(201);
    assertThat(first.headers()).doesNotContainKey("idempotency-replayed");
    String spaced = "{ \"task\": \"echo hello there\", \"agent\": \"script\", \"repo\": null }";
    for (String body : List.of(BODY, spaced)) {
      Reply again = post(key, body, "Idempotency-Key", "once-1");
      assertThat(again.status()).isEqualTo(201);
      assertThat(again.data()).isEqualTo(first.data());
      assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
      assertThat(again.header("Location")).isEqualTo(first.header("Location"));
    }
    Reply inBody = post(key, "{" + TASK + ",\"idempotencyKey\":\"once-1\"}");
    assertThat(inBody.data()).isEqualTo(first.data());
    assertError(
        post(key, BODY.replace("hello", "other"), "Idempotency-Key", "once-1"),
        422,
        "IDEMPOTENCY_MISMATCH");
    assertError(post(key, BODY, "Idempotency-Key", "x".repeat(129)), 400, "VALIDATION_ERROR");
    assertThat(ids(key, "")).hasSize(1);
    Reply other = post(tenant(), BODY, "Idempotency-Key", "once-1");
    assertThat(other.status()).isEqualTo(201);
    assertThat(other.data()).isNotEqualTo(first.data());
  }

  @Test
  void thirtyAtOnceWithOneIdempotencyKeyAreOne() throws Exception {
    String key = tenant();
    List<Callable<Object>> calls = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      calls.add(
          () -> {
            Reply reply = post(key, BODY, "Idempotency-Key", "race");
            assertThat(reply.status()).as("%s", reply).isEqualTo(201);
            return reply.data().get("dispatchId");
          });
    }
    Map<Object, Integer> ids = new LinkedHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Object> id : threads.invokeAll(calls)) {
        ids.merge(id.get(), 1, Integer::sum);
      }
    }
    assertThat(ids).hasSize(1);
    assertThat(ids(key, "")).hasSize(1);
  }

  @Test
  void aFreeTenantHasTenADay() throws Exception {
    String key = tenant(Tier.FREE, Scope.ADMIN);
    Reply first = post(key, BODY, "Idempotency-Key", "first");
    assertThat(first.status()).isEqualTo(201);
    assertError(post(key, "{" + TASK + ",\"timeoutSeconds\":301}"), 400, "VALIDATION_ERROR");
    assertThat(post(key, BODY, "Idempotency-Key", "first").status()).isEqualTo(201);
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(() -> post(key, BODY).status());
    }
    Map<Integer, Integer> statuses = new TreeMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> status : threads.invokeAll(calls)) {
        statuses.merge(status.get(), 1, Integer::sum);
      }
    }
    assertThat(statuses).isEqualTo(Map.of(201, 9, 429, 11));
    Reply refused = post(key, BODY);
    assertError(refused, 429, "QUOTA_EXCEEDED");
    assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 86_401);
    assertThat(refused.header("RateLimit-Limit")).isEqualTo("10");
    assertThat(refused.header("RateLimit-Remaining")).isEqualTo("0");
    Reply replay = post(key, BODY, "Idempotency-Key", "first");
    assertThat(replay.status()).isEqualTo(201);
    assertThat(replay.data()).isEqualTo(first.data());
    assertThat(ids(key, "?limit=100")).hasSize(10);
  }

  @Test
  void aLongPollReturnsWhenTheStatusChanges() throws Exception {
    String key = tenant();
    String id = accepted(key, BODY);
    long begin = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Reply> poll = threads.submit(() -> get(key, "/dispatch/" + id + "?waitSeconds=20"));
      assertThat(call(key, "DELETE", "/dispatch/" + id).status()).isEqualTo(200);
      Reply reply = poll.get();
      assertThat(reply.data().get("status")).isEqualTo("cancelled");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
    assertThat(get(key, "/dispatch/" + id + "?waitSeconds=20").data().get("status"))
        .isEqualTo("cancelled");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void aPendingDispatchIsCancelledOnce() throws Exception {
    String key = tenant();
    String id = accepted(key, BODY);
    Reply cancelled =
        send(
            "DELETE",
            "/dispatch/" + id,
            BodyPublishers.ofString("{\"reason\":\"changed my mind\"}"),
            "X-API-Key",
            key);
    assertThat(cancelled.status()).isEqualTo(200);
    assertThat(cancelled.data().keySet().stream().map(String::valueOf))
        .containsExactlyInAnyOrder("dispatchId", "status", "message");
    assertThat(cancelled.data().get("status")).isEqualTo("cancelled");
    assertError(call(key, "DELETE", "/dispatch/" + id), 409, "CONFLICT");
    Map<?, ?> data = get(key, "/dispatch/" + id).data();
    assertThat(data.get("cause")).isEqualTo("cancelled");
    assertThat((String) data.get("errorMessage")).contains("changed my mind");
  }

  @Test
  void healthIsToldToAnybodyAndTellsNobodysBusiness() throws Exception {
    String id = accepted(tenant(), "{" + TASK + ",\"tags\":{\"secret\":\"tagged\"}}");
    BodyPublisher none = BodyPublishers.noBody();
    for (String path : List.of("/health", "/health/ready", "/health/live")) {
      Reply reply = send("GET", path, none);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.json()).containsEntry("status", "healthy").containsKeys("version", "uptime");
      assertThat(reply.json().containsKey("checks")).isEqualTo(!path.endsWith("live"));
    }
    Reply fleet = send("GET", "/health/fleet", none);
    assertThat(fleet.status()).isEqualTo(200);
    assertThat(fleet.json())
        .containsOnlyKeys("success", "status", "pool", "agents", "dispatches")
        .containsEntry("success", true)
        .containsEntry("status", "healthy");
    assertThat(((Map<?, ?>) fleet.json().get("pool")).get("totalTasks")).isEqualTo(0);
    List<String> agents = new ArrayList<>();
    for (Object one : (List<?>) fleet.json().get("agents")) {
      Map<?, ?> agent = (Map<?, ?>) one;
      assertThat(agent.keySet().stream().map(String::valueOf))
          .contains("agent", "available", "modelId", "active", "successRate", "avgDurationMs");
      agents.add((String) agent.get("agent"));
      assertThat(agent.get("available")).isEqualTo(agent.get("agent").equals("script"));
    }
    assertThat(agents).contains("claude", "codex", "gemini", "aider", "grok", "script");
    assertThat(((Map<?, ?>) fleet.json().get("dispatches")).keySet().stream().map(String::valueOf))
        .containsExactlyInAnyOrder("lastHourTotal", "byStatus");
    assertThat(fleet.body()).doesNotContain(id).doesNotContain("tagged");
    // A key that is no good does not matter where none is needed.
    assertThat(get("nonsense", "/health").status()).isEqualTo(200);
  }

  @Test
  void anAgentThatIsNotReadyIsRefusedWithTheReasonAndNothingIsStored() throws Exception {
    String key = tenant(Tier.FREE, Scope.ADMIN);
    for (String agent : List.of("claude", "codex", "gemini", "aider", "grok")) {
      Reply reply = post(key, BODY.replace("script", agent), "Idempotency-Key", "for-" + agent);
      assertError(reply, 503, "SERVICE_UNAVAILABLE");
      assertThat((String) reply.error().get("message")).containsAnyOf("PATH", "_API_KEY");
    }
    assertThat(ids(key, "")).isEmpty();
    for (int i = 0; i < 10; i++) {
      accepted(key, BODY);
    }
  }

  @Test
  void anArtifactsUrlIsGoodForThatArtifactOnly() throws Exception {
    DataDirectory data = DataDirectory.open(folder.resolve("working"));
    EmbeddedStore own = EmbeddedStore.inMemory();
    try (Machine working =
        Machine.start(config(data), new EmbeddedBackend(own, InstantSource.system()), own)) {
      LocalCredentials keys =
          FirstStart.credentials(data, working.backend(), working.url(), InstantSource.system());
      ApiClient api = new ApiClient(working.url(), keys.apiKey());
      String id = api.dispatch(Map.of("agent", "script", "task", "echo hello > there.txt"));
      assertThat(api.awaitEnd(id)).containsEntry("status", "success");
      Map<String, String> urls = new TreeMap<>();
      for (Object one :
          (List<?>) api.get("/artifacts/" + id + "?expiresIn=60").data().get("artifacts")) {
        Map<?, ?> artifact = (Map<?, ?>) one;
        assertThat(artifact.keySet().stream().map(String::valueOf))
            .containsExactlyInAnyOrder(
                "type", "key", "url", "expiresAt", "sizeBytes", "contentType");
        String url = (String) artifact.get("url");
        urls.put((String) artifact.get("type"), url);
        HttpResponse<byte[]> whole = fetch("GET", url);
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat((long) whole.body().length)
            .isEqualTo(((Number) artifact.get("sizeBytes")).longValue());
      }
      assertThat(urls).containsOnlyKeys("patch", "result", "log", "metadata");
      String url = urls.get("patch");

      for (String tampered :
          List.of(
              url.replace("/changes.patch", "/result.json"),
              url.replace(id, UNKNOWN_ID),
              url.replace(keys.tenantId(), TenantId.random().value()),
              url.replaceFirst("expires=\\d+", "expires=99999999999"),
              url.replaceFirst("&signature=.*", ""),
              url.replaceFirst("\\?.*", ""),
              url.replaceFirst("signature=.", "signature=" + otherDigit(url)),
              url + "0",
              url.replace("/objects/", "/objects/../objects/"),
              expired(working, data, id))) {
        assertThat(fetch("GET", tampered).statusCode()).as(tampered).isEqualTo(403);
      }
      assertThat(fetch("PUT", url).statusCode()).isEqualTo(403);
      assertThat(fetch("PUT", url.replace("method=GET", "method=PUT")).statusCode()).isEqualTo(403);
      for (String method : List.of("DELETE", "POST", "HEAD")) {
        HttpResponse<byte[]> refused = fetch(method, url);
        assertThat(refused.statusCode()).as(method).isEqualTo(405);
        assertThat(refused.headers().firstValue("Allow").orElse("")).contains("GET");
      }
      assertThat(fetch("GET", url).body()).asString(UTF_8).contains("+hello");
    } finally {
      own.close();
    }
  }

  private HttpResponse<byte[]> fetch(String method, String url) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(url)).method(method, BodyPublishers.noBody()).build(),
        BodyHandlers.ofByteArray());
  }

  private static char otherDigit(String url) {
    return url.charAt(url.indexOf("signature=") + "signature=".length()) == '0' ? '1' : '0';
  }

  /** What the machine itself would have signed two hours ago for one minute. */
  private static String expired(Machine working, DataDirectory data, String id) throws IOException {
    Dispatch dispatch =
        working.backend().dispatches().find(DispatchId.parse(id).orElseThrow()).orElseThrow();
    return new SignedFiles(
            data.path().resolve("objects"),
            working.url(),
            data.key(),
            InstantSource.offset(InstantSource.system(), Duration.ofHours(-2)))
        .downloadUrl(dispatch, Artifact.Type.PATCH, Duration.ofMinutes(1));
  }
}
