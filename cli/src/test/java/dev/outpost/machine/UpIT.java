package dev.outpost.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.cli.Typed;
import dev.outpost.cli.Typed.Came;
import dev.outpost.machine.DataDirectory.LocalCredentials;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code outpost up} as its owner meets it: its start, its stop and its tenants. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UpIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int OK = 200;
  private static final int BROKEN = 5;
  private static final int ENDED_BY_SIGTERM = 143;

  private Path folder;
  private Path data;
  private UpProcess up;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    data = folder.resolve("data");
    up = UpProcess.start(data, 0);
  }

  @AfterAll
  void stop() throws Exception {
    up.close();
  }

  private static String mode(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void aSecondOneOnTheSameFolderSaysSoAndEnds() throws Exception {
    try (UpProcess second = UpProcess.launch(data, 0)) {
      assertThat(second.awaitExit()).isEqualTo(BROKEN);
      assertThat(second.output())
          .contains("another outpost is up on " + data)
          .doesNotContain("Exception");
    }
    assertThat(ApiClient.of(up).get("/dispatch").status()).isEqualTo(OK);
  }

  @Test
  void aTakenPortIsToldAndNothingOfItIsLeftLocked() throws Exception {
    Path other = folder.resolve("other");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      try (UpProcess second = UpProcess.launch(other, taken.getLocalPort())) {
        assertThat(second.awaitExit()).isEqualTo(BROKEN);
        assertThat(second.output())
            .contains("port " + taken.getLocalPort() + " is taken")
            .doesNotContain("Exception");
      }
    }
  }

  @Test
  void aPortThatIsNoneIsAMistakeOfTheCommandLine() throws Exception {
    try (UpProcess second = UpProcess.launch(folder.resolve("none"), 65_536)) {
      assertThat(second.awaitExit()).isEqualTo(2);
      assertThat(second.output()).contains("--port");
    }
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void whatItKeepsIsReadByItsOwnerAlone() throws Exception {
    assertThat(mode(data)).isEqualTo("rwx------");
    assertThat(mode(data.resolve("credentials.json"))).isEqualTo("rw-------");
    assertThat(mode(data.resolve("installation.key"))).isEqualTo("rw-------");
  }

  @Test
  void theCredentialsAreForProgramsToo() throws Exception {
    Map<String, Object> written =
        JSON.std.mapFrom(Files.readAllBytes(data.resolve("credentials.json")));
    assertThat(written).containsOnlyKeys("url", "operatorKey", "tenantId", "apiKey");
    assertThat(written).containsEntry("url", "http://127.0.0.1:" + up.port());
    assertThat(up.output()).contains((String) written.get("apiKey"));
    assertThat(up.output()).contains((String) written.get("operatorKey"));
  }

  @Test
  void sigtermEndsItInOrderAndItsAgentGoesOn() throws Exception {
    Path own = folder.resolve("stopped");
    Path go = folder.resolve("go");
    UpProcess first = UpProcess.start(own, 0);
    try {
      LocalCredentials before = first.credentials();
      int port = first.port();
      String id =
          ApiClient.of(first)
              .dispatch(
                  Map.of(
                      "agent",
                      "script",
                      "task",
                      "echo begun; while ! test -f '" + go + "'; do sleep 0.1; done; echo ended"));
      ApiClient.of(first).await(id, "running");
      ApiClient waiting = ApiClient.of(first);
      Thread poll =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      waiting.get("/dispatch/" + id + "?waitSeconds=20");
                    } catch (Exception _) {
                      // Whether it is still answered or cut off is not what is tried here.
                    }
                  });
      assertThat(first.terminate()).isEqualTo(ENDED_BY_SIGTERM);
      poll.join();
      assertThat(first.output()).doesNotContain("Exception").doesNotContain("\tat ");
      assertThat(first.output().lines().toList())
          .as("only what is for people")
          .noneMatch(line -> line.startsWith("{"));
      assertThat(TaskTree.of(id)).isNotEmpty();

      Files.createFile(go);
      UpProcess second = UpProcess.start(own, port);
      first = second;
      assertThat(second.credentials()).isEqualTo(before);
      Map<String, Object> end = ApiClient.of(second).awaitEnd(id);
      assertThat(end).as("%s", end).containsEntry("status", "success");
      assertThat(end.get("logs").toString()).contains("begun").contains("ended");
      assertThat(second.output()).contains(id);
      Path log = own.resolve("outpost.log");
      assertThat(Files.exists(log) ? Files.readString(log) : "")
          .doesNotContain(before.apiKey())
          .doesNotContain(before.operatorKey())
          .doesNotContain("\tat ");
    } finally {
      first.close();
    }
  }

  private Came type(String... words) {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.addAll(List.of("--data", data.toString()));
    return Typed.in(folder).run(all.toArray(String[]::new));
  }

  private Came typeWell(String... words) {
    Came came = type(words);
    assertThat(came.exit()).as(came.err()).isZero();
    return came;
  }

  private static String told(Came came, String label) {
    Matcher line =
        Pattern.compile("(?m)^" + "%-9s".formatted(label) + "(\\S.*)$").matcher(came.out());
    assertThat(line.find()).as("%s in %s", label, came.out()).isTrue();
    String value = line.group(1);
    assertThat(line.find()).as("%s only once in %s", label, came.out()).isFalse();
    return value;
  }

  private static Map<String, Object> lasting(int seconds) {
    return Map.of("agent", "script", "task", "echo hello there", "timeoutSeconds", seconds);
  }

  private static int post(ApiClient api, int timeoutSeconds) throws Exception {
    return api.send("POST", "/dispatch", Optional.of(lasting(timeoutSeconds))).status();
  }

  @Test
  void aTenantIsMadeUsedLockedOutAndLetInAgain() throws Exception {
    Came came =
        typeWell("tenant", "create", "Blueprint Project", "blueprint@example.com", "--tier", "pro");
    String tenant = told(came, "tenant");
    String keyId = told(came, "key id");
    String key = told(came, "key");
    assertThat(key).matches("otp_[0-9a-f]{64}").startsWith(told(came, "prefix"));
    assertThat(came.out().split(Pattern.quote(key), -1)).as("the key, once").hasSize(2);
    ApiClient api = ApiClient.of(up, key);
    assertThat(api.get("/dispatch").status()).isEqualTo(OK);

    assertThat(post(api, 1800)).isEqualTo(201);
    assertThat(post(api, 1801)).isEqualTo(400);
    typeWell("tenant", "set-tier", tenant, "free");
    assertThat(post(api, 301)).isEqualTo(400);
    assertThat(post(api, 300)).isEqualTo(201);
    typeWell("tenant", "set-tier", tenant, "enterprise");
    assertThat(post(api, 3600)).isEqualTo(201);

    typeWell("tenant", "suspend", tenant);
    ApiClient.Answer suspended = api.get("/dispatch");
    assertThat(suspended.status()).isEqualTo(403);
    assertThat(suspended.errorCode()).isEqualTo("AUTHORIZATION_ERROR");
    typeWell("tenant", "resume", tenant);
    assertThat(api.get("/dispatch").status()).isEqualTo(OK);

    assertThat(api.audited(keyId)).containsExactly("create_key done", "create_key asked");
    assertThat(api.audited("pro, suspended")).isEmpty();
    assertThat(api.audited("enterprise, suspended"))
        .containsExactly("update_tenant done", "update_tenant asked");

    Came other = typeWell("key", "create", tenant, "--scope", "list");
    ApiClient listing = ApiClient.of(up, told(other, "key"));
    assertThat(listing.get("/dispatch").status()).isEqualTo(OK);
    typeWell("key", "revoke", tenant, keyId);
    ApiClient.Answer revoked = api.get("/dispatch");
    assertThat(revoked.status()).isEqualTo(401);
    assertThat(revoked.errorCode()).isEqualTo("AUTHENTICATION_ERROR");
    assertThat(listing.get("/dispatch").status()).isEqualTo(OK);
    assertThat(typeWell("key", "list", tenant).out()).contains("revoked").doesNotContain(key);
  }

  @Test
  void aKeyEndsWithItsTime() throws Exception {
    Came came =
        typeWell(
            "key", "create", up.credentials().tenantId(), "--scope", "list", "--expires-in", "5s");
    ApiClient api = ApiClient.of(up, told(came, "key"));
    assertThat(api.get("/dispatch").status()).isEqualTo(OK);
    Poll.until("it has expired", PATIENCE, () -> api.get("/dispatch").status() != OK);
    ApiClient.Answer expired = api.get("/dispatch");
    assertThat(expired.status()).isEqualTo(401);
    assertThat(expired.body().toString()).contains("expired");
  }

  @Test
  void administeringADownMachineIsRefusedPlainly() {
    Came came =
        Typed.in(folder).run("tenant", "list", "--data", folder.resolve("nowhere").toString());
    assertThat(came.exit()).isEqualTo(4);
    assertThat(came.err()).contains("outpost up").doesNotContain("Exception");
  }
}
