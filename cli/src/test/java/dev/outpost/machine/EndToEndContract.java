package dev.outpost.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import com.standardwebhooks.Webhook;
import com.sun.net.httpserver.HttpServer;
import dev.outpost.embedded.EmbeddedStore;
import dev.outpost.machine.DataDirectory.LocalCredentials;
import dev.outpost.runner.stub.StubModel;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.KeySecret;
import dev.outpost.tenant.Scope;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tenants;
import dev.outpost.tenant.Tier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole dispatches: over HTTP, through the deployed functions, on a real git repository, by real
 * processes. Runs on each backend that a machine can have.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EndToEndContract {
  private Path folder;
  private EmbeddedStore tasks;
  private StubModel model;
  private Machine machine;
  private LocalCredentials credentials;
  private ApiClient api;
  private ApiClient overdueApi;
  private String overdue;

  /** The backend under test. */
  abstract Backend backend() throws IOException;

  @BeforeAll
  void start(@TempDir Path temporary) throws IOException, InterruptedException {
    folder = temporary;
    model = new StubModel();
    DataDirectory data = DataDirectory.open(folder.resolve("data"));
    tasks = EmbeddedStore.inMemory();
    machine = Machine.start(config(data), backend(), tasks);
    credentials =
        FirstStart.credentials(data, machine.backend(), machine.url(), InstantSource.system());
    api = new ApiClient(machine.url(), credentials.apiKey());
    // Its half minute passes while the others are tried; a tenant of its own keeps it out of
    // counts.
    overdueApi = clientOfNewTenant("overdue");
    overdue =
        overdueApi.dispatch(
            Map.of("agent", "script", "task", "echo begun; sleep 600", "timeoutSeconds", 30));
  }

  /** A client of a new tenant that may run one task at a time. */
  private ApiClient clientOfNewTenant(String name) {
    Tenants tenants = machine.backend().tenants();
    Tenant tenant =
        new Tenant(TenantId.random(), name, name + "@example.com", Tier.FREE, false, Instant.now());
    tenants.create(tenant);
    KeySecret secret = KeySecret.random(new SecureRandom());
    assertThat(
            tenants.addKey(
                new ApiKey(
                    "key_" + name,
                    secret.hash(),
                    secret.prefix(),
                    tenant.id(),
                    "",
                    Set.of(Scope.ADMIN),
                    Instant.now(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Tier.FREE,
                    false)))
        .isTrue();
    return new ApiClient(machine.url(), secret.reveal());
  }

  /** The usual one, where a program that stands in for claude's is installed. */
  private MachineConfig config(DataDirectory data) throws IOException {
    Path programs = Files.createDirectory(folder.resolve("programs"));
    StandInForClaude.install(programs);
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.merge("PATH", programs.toString(), (path, mine) -> mine + ":" + path);
    environment.put("ANTHROPIC_API_KEY", "sk-ant-" + "none".repeat(10));
    environment.put("OUTPOST_UPSTREAM_CLAUDE", model.url());
    MachineConfig usual = MachineConfig.usual(data, 0);
    return new MachineConfig(
        data,
        usual.port(),
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
  void stop() throws Exception {
    machine.close();
    TaskTree.endAll(folder);
    tasks.close();
    model.close();
  }

  private static Map<String, Object> script(String task) {
    return Map.of("agent", "script", "task", task, "timeoutSeconds", 300);
  }

  @SuppressWarnings("unchecked")
  private static List<String> messages(Map<String, Object> data) {
    return ((List<Map<String, Object>>) data.get("logs"))
        .stream().map(line -> (String) line.get("message")).toList();
  }

  @Test
  void aTaskOnARepositoryComesBackAsAPatchThatMakesTheSameTree() throws Exception {
    GitRepository origin = GitRepository.withHistory(folder.resolve("origin"));
    String task =
        """
        echo 'a line more' >> README.md
        rm old.txt
        git mv src/name.txt src/renamed.txt
        mkdir -p deep/er && printf 'new\\n' > 'deep/er/new file ü.txt'
        head -c 3000 /dev/urandom > image.bin
        head -c 200 /dev/urandom > fresh.bin
        printf '#!/bin/sh\\necho hi\\n' > run.sh && chmod +x run.sh
        git add -A && git -c user.name=a -c user.email=a@b commit -q -m 'by the agent'
        echo 'after the commit' >> src/app.txt
        mkdir -p "$RESULTS" && cp -R . "$RESULTS/tree"
        echo 'all done'
        """
            .replace("$RESULTS", folder.resolve("seen").toString());
    String id =
        api.dispatch(
            Map.of(
                "agent", "script", "task", task, "repo", origin.url(), "tags", Map.of("t", "1")));
    Map<String, Object> data = api.awaitEnd(id);
    assertThat(data).as("%s", data).containsEntry("status", "success").containsEntry("exitCode", 0);
    assertThat(messages(data)).contains("all done");

    Path patch = folder.resolve("changes.patch");
    Files.write(patch, api.artifact(id, "patch"));
    GitRepository clone = origin.cloneTo(folder.resolve("clone"));
    clone.git("apply", "--check", patch.toString());
    clone.git("apply", patch.toString());
    assertThat(clone.tree())
        .isEqualTo(new GitRepository(folder.resolve("seen/tree")).tree())
        .doesNotContainKey("old.txt")
        .containsKey("src/renamed.txt");

    Map<String, Object> result = JSON.std.mapFrom(api.artifact(id, "result"));
    assertThat(result).containsEntry("outcome", "success").containsEntry("summary", "all done");
    assertThat(result.get("baseCommit")).isEqualTo(origin.git("rev-parse", "HEAD").strip());
    assertThat(new String(api.artifact(id, "log"), StandardCharsets.UTF_8)).contains("all done");
    assertThat(JSON.std.mapFrom(api.artifact(id, "metadata"))).containsEntry("agent", "script");
  }

  /** What an endpoint was sent. */
  private record Heard(Map<String, List<String>> headers, String body) {
    String id() {
      return headers.get("Webhook-id").getFirst();
    }
  }

  @Test
  void aWebhookHearsOfTheEndUnderASignatureThatItsSecretMakes() throws Exception {
    BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    HttpServer endpoint =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    endpoint.createContext(
        "/hook",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          heard.add(new Heard(Map.copyOf(exchange.getRequestHeaders()), body));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    endpoint.start();
    try {
      ApiClient listening = clientOfNewTenant("listening");
      String url = "http://127.0.0.1:" + endpoint.getAddress().getPort() + "/hook";
      Map<String, Object> webhook =
          listening
              .send(
                  "POST",
                  "/webhooks",
                  Optional.of(Map.of("url", url, "statuses", List.of("success"))))
              .data();
      String id = listening.dispatch(script("echo hello"));
      listening.awaitEnd(id);
      Heard told = heard.poll(60, TimeUnit.SECONDS);
      assertThat(told).isNotNull();
      new Webhook((String) webhook.get("secret"))
          .verify(told.body(), HttpHeaders.of(told.headers(), (_, _) -> true));
      Map<String, Object> event = JSON.std.mapFrom(told.body());
      assertThat(event).containsEntry("type", "dispatch.success");
      assertThat((Map<?, ?>) event.get("data")).extracting("dispatchId").isEqualTo(id);

      String deliveries = "/webhooks/" + webhook.get("webhookId") + "/deliveries";
      Instant until = Instant.now().plusSeconds(30);
      while (!listening.get(deliveries).body().toString().contains("state=delivered")
          && Instant.now().isBefore(until)) {
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
      List<?> all = (List<?>) listening.get(deliveries).data().get("deliveries");
      assertThat(all).hasSize(1);
      assertThat(JSON.std.asString(all.getFirst()))
          .contains("\"deliveryId\":\"" + told.id() + "\"")
          .contains("\"dispatchId\":\"" + id + "\"")
          .contains("\"state\":\"delivered\"")
          .contains("\"attempt\":1");
    } finally {
      endpoint.stop(0);
    }
  }

  @Test
  void theLogCanBeFollowedWhileTheAgentRuns() throws Exception {
    Path go = folder.resolve("go-on");
    String id =
        api.dispatch(
            script("echo first-line; while ! test -f '" + go + "'; do sleep 0.1; done; echo last"));
    Instant until = Instant.now().plusSeconds(60);
    Map<String, Object> data = api.status(id);
    while (!messages(data).contains("first-line") && Instant.now().isBefore(until)) {
      data = api.get("/dispatch/" + id + "?waitSeconds=1").data();
    }
    assertThat(messages(data)).contains("first-line").doesNotContain("last");
    assertThat(data).containsEntry("status", "running");
    Number next = (Number) data.get("logOffset");
    Files.createFile(go);
    api.awaitEnd(id);
    Map<String, Object> rest =
        api.get("/dispatch/" + id + "?logLimit=1000&logOffset=" + next).data();
    assertThat(messages(rest)).contains("last").doesNotContain("first-line");
  }

  @Test
  void aCancelInTheMiddleEndsTheAgentAndKeepsItsWorkSoFar() throws Exception {
    Path alive = folder.resolve("cancel-alive");
    String id =
        api.dispatch(script("echo partial > part.txt; echo $$ > '" + alive + "'; sleep 600"));
    api.await(id, "running");
    awaitFile(alive);
    ApiClient.Answer cancel =
        api.send("DELETE", "/dispatch/" + id, Optional.of(Map.of("reason", "changed my mind")));
    assertThat(cancel.status()).isEqualTo(200);
    Map<String, Object> data = api.awaitEnd(id);
    assertThat(data).containsEntry("status", "cancelled").containsEntry("cause", "cancelled");
    assertThat((String) data.get("errorMessage")).contains("changed my mind");
    assertThat(new String(api.artifact(id, "patch"), StandardCharsets.UTF_8)).contains("+partial");
    assertThat(ProcessHandle.of(Long.parseLong(Files.readString(alive).strip()))).isEmpty();
    ApiClient.Answer again = api.send("DELETE", "/dispatch/" + id, Optional.empty());
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.errorCode()).isEqualTo("CONFLICT");
    assertThat(api.audited(id))
        .containsExactly(
            "cancel_dispatch refused",
            "cancel_dispatch asked",
            "cancel_dispatch done",
            "cancel_dispatch asked",
            "create_dispatch done");
  }

  private Map<String, Object> kept(GitRepository origin, String name, String task) {
    Map<String, Object> body = new HashMap<>(script(task));
    body.putAll(Map.of("repo", origin.url(), "workspaceMode", "persistent", "workspaceName", name));
    return body;
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> workspaces(ApiClient client) throws Exception {
    return (List<Map<String, Object>>) client.get("/workspaces").data().get("workspaces");
  }

  private static void assertSuccess(Map<String, Object> data) {
    assertThat(data).as("%s", data).containsEntry("status", "success");
  }

  @Test
  void aWorkspaceIsOneDispatchsAtATimeAndKeepsWhatEachLeaves() throws Exception {
    GitRepository origin = GitRepository.withHistory(folder.resolve("kept"));
    Files.writeString(origin.path().resolve(".gitignore"), "cache/\n");
    origin.commit("ignores its cache");
    Path begun = folder.resolve("kept-begun");
    Path go = folder.resolve("kept-go");
    String first =
        api.dispatch(
            kept(
                origin,
                "default",
                "mkdir cache; echo cached > cache/entry; sed -i 's/^one$/uno/' README.md; touch '"
                    + begun
                    + "'; while ! test -f '"
                    + go
                    + "'; do sleep 0.1; done"));
    awaitFile(begun);
    String second =
        api.dispatch(
            kept(origin, "default", "set -e; cat cache/entry moved.txt; grep uno README.md"));
    Map<String, Object> rejecting = kept(origin, "default", "echo never mind");
    rejecting.put("workspaceBusy", "reject");
    ApiClient.Answer refused = api.send("POST", "/dispatch", Optional.of(rejecting));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.errorCode()).isEqualTo("CONFLICT");
    Map<String, Object> shown = workspaces(api).getFirst();
    String path = "/workspaces/" + shown.get("workspaceId");
    assertThat(shown).containsEntry("inUseBy", first).containsEntry("name", "default");
    assertThat(api.send("DELETE", path, Optional.empty()).status()).isEqualTo(409);

    // Others run meanwhile: a tenant has slots enough, and what waits for its workspace is passed.
    String other = api.dispatch(kept(origin, "other", "test ! -e cache"));
    assertSuccess(api.awaitEnd(other));
    ApiClient neighbour = clientOfNewTenant("neighbour");
    assertSuccess(
        neighbour.awaitEnd(neighbour.dispatch(kept(origin, "default", "test ! -e cache"))));
    assertThat(neighbour.get(path).status()).isEqualTo(404);
    assertThat(workspaces(neighbour)).hasSize(1);
    assertThat(api.status(second)).containsEntry("status", "pending");

    Files.writeString(origin.path().resolve("moved.txt"), "moved on\n");
    origin.commit("the branch moves on");
    Files.createFile(go);
    Map<String, Object> ended = api.awaitEnd(first);
    assertSuccess(ended);
    assertThat((Number) ended.get("workspaceSavedBytes")).isNotNull();
    Map<String, Object> next = api.awaitEnd(second);
    assertSuccess(next);
    assertThat(messages(next)).contains("cached", "moved on", "uno");
    assertThat(new String(api.artifact(second, "patch"), StandardCharsets.UTF_8))
        .contains("+uno")
        .doesNotContain("cached");
    assertThat(api.get(path).data())
        .containsEntry("lastDispatchId", second)
        .containsEntry("sizeBytes", next.get("workspaceSavedBytes"))
        .containsEntry("inUseBy", null);

    assertThat(api.send("DELETE", path, Optional.empty()).status()).isEqualTo(200);
    assertThat(api.get(path).status()).isEqualTo(404);
    assertSuccess(
        api.awaitEnd(
            api.dispatch(kept(origin, "default", "test ! -e cache && grep one README.md"))));
  }

  @Test
  void aTaskThatTakesTooLongIsTimedOut() throws Exception {
    Map<String, Object> data = overdueApi.awaitEnd(overdue);
    assertThat(data).containsEntry("status", "timeout").containsEntry("cause", "timeout");
    assertThat(messages(data)).contains("begun");
  }

  @Test
  void aFailingTaskTellsItsExitCode() throws Exception {
    String id = api.dispatch(script("echo 'it goes wrong' >&2; exit 3"));
    Map<String, Object> data = api.awaitEnd(id);
    assertThat(data)
        .containsEntry("status", "failed")
        .containsEntry("cause", "agent_error")
        .containsEntry("exitCode", 3)
        .containsEntry("retryable", false);
  }

  @Test
  void aRepositoryThatDoesNotExistIsToldAsSuch() throws Exception {
    String id =
        api.dispatch(
            Map.of("agent", "script", "task", "echo never run", "repo", "file:///nowhere/at/all"));
    assertThat(api.awaitEnd(id))
        .containsEntry("status", "failed")
        .containsEntry("cause", "repo_not_found");
  }

  @Test
  void aSecretOfTheScriptsOutputIsRedacted() throws Exception {
    String secret = "ghp_" + "a1B2".repeat(9);
    String id = api.dispatch(script("echo token " + secret));
    Map<String, Object> data = api.awaitEnd(id);
    assertThat(messages(data).toString()).contains("token ").doesNotContain(secret);
    assertThat(new String(api.artifact(id, "log"), StandardCharsets.UTF_8)).doesNotContain(secret);
  }

  @Test
  void aTenantsSecretReachesItsAgentAndIsKeptInItsOwnFileAlone() throws Exception {
    String value = "hunter2 of the tenant's own";
    ApiClient own = clientOfNewTenant("secrets");
    assertThat(own.send("PUT", "/secrets/NPM_TOKEN", Optional.of(Map.of("value", value))).status())
        .isEqualTo(200);
    String id =
        own.dispatch(
            Map.of(
                "agent",
                "script",
                "task",
                "echo \"got $NPM_TOKEN\"; printf %s \"$NPM_TOKEN\" | wc -c",
                "timeoutSeconds",
                60,
                "additionalSecrets",
                List.of("NPM_TOKEN")));
    Map<String, Object> data = own.awaitEnd(id);
    assertThat(data).containsEntry("status", "success");
    assertThat(messages(data)).contains("got [REDACTED]", String.valueOf(value.length()));
    List<String> holding = new ArrayList<>();
    Files.walkFileTree(
        folder.resolve("data"),
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && read(file).contains(value)) {
              holding.add(file.getFileName().toString());
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    assertThat(holding).containsExactly("tenant-secrets.json");
  }

  /** What is in a file; nothing when the machine removes it, as it does with a task that ended. */
  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return "";
    }
  }

  @Test
  void fiftyAtOnceNeverRunMoreThanTheTierAllowsAndAllEnd() throws Exception {
    TenantId tenant = new TenantId(credentials.tenantId());
    AtomicInteger most = new AtomicInteger();
    AtomicBoolean watching = new AtomicBoolean(true);
    Thread watcher =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (watching.get()) {
                    most.accumulateAndGet(
                        machine.backend().dispatches().slots(tenant).size(), Math::max);
                    LockSupport.parkNanos(1_000_000);
                  }
                });
    Path folderOfMarks = Files.createDirectories(folder.resolve("marks"));
    List<Callable<String>> clients = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Map<String, Object> body = script("echo x >> '" + folderOfMarks + "'/" + i + "; sleep 0.2");
      clients.add(() -> api.dispatch(body));
    }
    List<String> ids = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<String> accepted : threads.invokeAll(clients)) {
        ids.add(accepted.get());
      }
    }
    List<Map<String, Object>> ended = new ArrayList<>();
    for (String id : ids) {
      ended.add(awaitLong(id));
    }
    watching.set(false);
    watcher.join();
    assertThat(ended).allSatisfy(data -> assertThat(data).containsEntry("status", "success"));
    assertThat(most.get()).as("slots held at any look").isBetween(1, 10);
    assertThat(mostAtOnce(ended)).as("tasks at once, by the records").isBetween(2, 10);
    for (int i = 0; i < 50; i++) {
      assertThat(Files.readString(folderOfMarks.resolve(String.valueOf(i)))).isEqualTo("x\n");
    }
    assertThat(machine.backend().dispatches().slots(tenant)).isEmpty();
  }

  @Test
  void whatWaitsForASlotStartsInTheOrderOfItsAcceptance() throws Exception {
    ApiClient client = clientOfNewTenant("one");
    Path order = folder.resolve("order");
    List<String> expected = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      ids.add(client.dispatch(script("echo number-" + i + " >> '" + order + "'")));
      expected.add("number-" + i);
    }
    for (String id : ids) {
      client.awaitEnd(id);
    }
    assertThat(Files.readAllLines(order)).isEqualTo(expected);
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> members(Map<String, Object> group) {
    return (List<Map<String, Object>>) group.get("dispatches");
  }

  @Test
  void severalAgentsWorkOnOneTaskAndAreCompared() throws Exception {
    GitRepository origin = GitRepository.withHistory(folder.resolve("compared"));
    ApiClient.Answer accepted =
        api.send(
            "POST",
            "/dispatch",
            Optional.of(
                Map.of(
                    "agent",
                    List.of("claude", "script"),
                    "task",
                    "echo 'by one of them' > new.txt; echo more >> README.md",
                    "repo",
                    origin.url())));
    assertThat(accepted.status()).as("%s", accepted).isEqualTo(201);
    String group = (String) accepted.data().get("groupId");
    for (Map<String, Object> member : members(accepted.data())) {
      Map<String, Object> ended = api.awaitEnd((String) member.get("dispatchId"));
      assertThat(ended)
          .as("%s", ended)
          .containsEntry("status", "success")
          .containsEntry("groupId", group);
    }
    Map<String, Object> compared = api.get("/groups/" + group).data();
    assertThat(compared).containsEntry("open", 0).containsEntry("repo", origin.url());
    for (Map<String, Object> member : members(compared)) {
      String id = (String) member.get("dispatchId");
      assertThat(member)
          .containsEntry("filesChanged", 2)
          .containsEntry("patchBytes", api.artifact(id, "patch").length);
      assertThat((Integer) member.get("durationMs")).isPositive();
    }
    assertThat(members(compared))
        .extracting(m -> m.get("agent"))
        .containsExactly("claude", "script");
    assertThat(api.send("DELETE", "/groups/" + group, Optional.empty()).status()).isEqualTo(409);
  }

  @Test
  void aGroupIsCancelledAsOne() throws Exception {
    ApiClient.Answer accepted =
        api.send(
            "POST",
            "/dispatch",
            Optional.of(
                Map.of("agent", List.of("claude", "script"), "task", "echo begun; sleep 600")));
    String group = (String) accepted.data().get("groupId");
    api.await((String) members(accepted.data()).getFirst().get("dispatchId"), "running");
    assertThat(api.send("DELETE", "/groups/" + group, Optional.empty()).status()).isEqualTo(200);
    for (Map<String, Object> member : members(accepted.data())) {
      assertThat(api.awaitEnd((String) member.get("dispatchId")))
          .containsEntry("status", "cancelled");
    }
  }

  @Test
  void anOverloadedModelHandsTheTaskToTheAgentThatStandsBy() throws Exception {
    String first =
        api.dispatch(
            Map.of(
                "agent",
                "claude",
                "fallback",
                List.of("script"),
                "task",
                "echo 'by the second' > second.txt # OVERLOADED"));
    Map<String, Object> failed = api.awaitEnd(first);
    assertThat(failed)
        .as("%s", failed)
        .containsEntry("status", "failed")
        .containsEntry("cause", "model_overloaded")
        .containsEntry("retryable", true);
    String second = (String) failed.get("fallbackId");
    Instant until = Instant.now().plusSeconds(60);
    while (api.get("/dispatch/" + second).status() == 404 && Instant.now().isBefore(until)) {
      Thread.sleep(50);
    }
    assertThat(api.awaitEnd(second))
        .containsEntry("status", "success")
        .containsEntry("agent", "script")
        .containsEntry("retryOf", first);
    assertThat(new String(api.artifact(second, "patch"), StandardCharsets.UTF_8))
        .contains("+by the second");
  }

  @Test
  void aFollowUpGoesOnWhereItsParentEndedAndItsPatchHasBoth() throws Exception {
    GitRepository origin = GitRepository.withHistory(folder.resolve("followed"));
    String base = origin.git("rev-parse", "HEAD").strip();
    String first =
        api.dispatch(
            Map.of(
                "agent",
                "script",
                "task",
                "echo 'by the first' > first.txt; head -c 500 /dev/urandom > image.bin",
                "repo",
                origin.url()));
    assertThat(api.awaitEnd(first)).containsEntry("status", "success");
    Files.writeString(folder.resolve("followed/README.md"), "moved on");
    origin.git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qam", "moved on");
    String second =
        api.dispatch(
            Map.of(
                "parentId",
                first,
                "task",
                "cat first.txt && echo 'by the second' >> first.txt && rm image.bin"));
    Map<String, Object> data = api.awaitEnd(second);
    assertThat(data)
        .as("%s", data)
        .containsEntry("status", "success")
        .containsEntry("parentId", first)
        .containsEntry("agent", "script")
        .containsEntry("repo", origin.url());
    assertThat(messages(data)).contains("by the first");
    assertThat(JSON.std.mapFrom(api.artifact(second, "result"))).containsEntry("baseCommit", base);
    Path patch = folder.resolve("followed.patch");
    Files.write(patch, api.artifact(second, "patch"));
    origin.git("checkout", "-q", base);
    origin.git("apply", patch.toString());
    assertThat(folder.resolve("followed/first.txt")).hasContent("by the first\nby the second\n");
    assertThat(folder.resolve("followed/image.bin")).doesNotExist();
  }

  @Test
  void aResultThatIsWantedAsDataComesBackAsDataOrFails() throws Exception {
    Map<String, Object> schema =
        Map.of(
            "type",
            "object",
            "required",
            List.of("count"),
            "properties",
            Map.of("count", Map.of("type", "integer")));
    String good =
        api.dispatch(
            Map.of(
                "agent",
                "script",
                "outputSchema",
                schema,
                "task",
                "echo '{\"count\": 7}' > \"$OUTPOST_OUTPUT\""));
    Map<String, Object> ended = api.awaitEnd(good);
    assertThat(ended)
        .as("%s", ended)
        .containsEntry("status", "success")
        .containsEntry("output", Map.of("count", 7));
    assertThat(JSON.std.mapFrom(api.artifact(good, "result")))
        .containsEntry("output", Map.of("count", 7));
    String bad =
        api.dispatch(
            Map.of("agent", "script", "outputSchema", schema, "task", "echo '{\"count\": \"x\"}'"));
    Map<String, Object> failed = api.awaitEnd(bad);
    assertThat(failed)
        .containsEntry("status", "failed")
        .containsEntry("cause", "output_invalid")
        .containsEntry("output", null);
    assertThat((String) failed.get("errorMessage")).contains("wrong at /count");
  }

  private Map<String, Object> awaitLong(String id) throws IOException, InterruptedException {
    Instant until = Instant.now().plus(Duration.ofMinutes(4));
    Map<String, Object> data = api.status(id);
    while (data.get("endedAt") == null) {
      assertThat(Instant.now()).as("%s", data).isBefore(until);
      data = api.get("/dispatch/" + id + "?waitSeconds=5").data();
    }
    return data;
  }

  /**
   * The greatest number of dispatches that were between their start and their end at one instant.
   */
  private static int mostAtOnce(List<Map<String, Object>> dispatches) {
    int most = 0;
    for (Map<String, Object> one : dispatches) {
      Instant start = Instant.parse((String) one.get("startedAt"));
      int atOnce = 0;
      for (Map<String, Object> other : dispatches) {
        if (!Instant.parse((String) other.get("startedAt")).isAfter(start)
            && Instant.parse((String) other.get("endedAt")).isAfter(start)) {
          atOnce++;
        }
      }
      most = Math.max(most, atOnce);
    }
    return most;
  }

  private static void awaitFile(Path file) throws InterruptedException {
    Instant until = Instant.now().plusSeconds(60);
    while (!Files.exists(file)) {
      assertThat(Instant.now()).isBefore(until);
      Thread.sleep(20);
    }
  }
}
