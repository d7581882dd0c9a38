package dev.outpost.cdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.edge.CatalogueFile;
import dev.outpost.items.Tables;
import dev.outpost.simulation.Campaign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each role may do what its function does, and nothing else. What a function does is heard from its
 * own calls: in simulated histories, in which all goes wrong that may, and when it is wired as it
 * is deployed ({@link WiredFunctions}). What AWS does with a role follows from what the template
 * says of who uses it ({@link DeployedRoles}).
 */
class PrivilegeTest {
  private static final int HISTORIES = 40;

  /** What is asked with each role, by stage and the role's logical id. */
  private static final Map<String, Map<String, Set<Asking>>> ASKED = new ConcurrentHashMap<>();

  @BeforeAll
  static void hear() throws Exception {
    Map<String, Set<Asking>> histories = inHistories();
    for (String stage : List.of("dev", "prod", "full")) {
      DeployedRoles roles = new DeployedRoles(stage);
      WiredFunctions wired = new WiredFunctions(stage);
      Map<String, Set<Asking>> asked = new TreeMap<>();
      roles.ids().forEach(id -> asked.put(id, new LinkedHashSet<>(roles.byAws(id))));
      for (Room room : Room.values()) {
        Set<Asking> byRoom = asked.get(roles.idOf(room));
        histories
            .getOrDefault(room.word(), Set.of())
            .forEach(asking -> byRoom.add(asking.in(Campaign.STAGE, stage)));
        wired.requestsOf(room).forEach(request -> byRoom.addAll(Asking.of(request)));
        List.copyOf(byRoom).stream()
            .filter(asking -> asking.action().equals("ecs:RunTask"))
            .forEach(run -> byRoom.addAll(roles.handed(run)));
      }
      ASKED.put(stage, asked);
      write(stage, asked);
    }
  }

  private static Map<String, Set<Asking>> inHistories() throws InterruptedException {
    Map<String, Set<Asking>> asked = new ConcurrentHashMap<>();
    Campaign campaign =
        new Campaign(
            CatalogueFile.packaged(),
            (function, request) ->
                asked
                    .computeIfAbsent(function, _ -> ConcurrentHashMap.newKeySet())
                    .addAll(Asking.of(request)));
    Campaign.Findings findings =
        campaign.run(1, HISTORIES, Duration.ofMinutes(10), System::nanoTime, _ -> {});
    assertThat(findings.histories()).isEqualTo(HISTORIES);
    assertThat(findings.violations()).isEmpty();
    return asked;
  }

  /** For whoever wants to read what each role is for. */
  private static void write(String stage, Map<String, Set<Asking>> asked) throws IOException {
    Set<String> lines = new TreeSet<>();
    asked.forEach(
        (role, askings) ->
            askings.forEach(
                asking -> lines.add(role + " " + asking.action() + " " + asking.resource())));
    Files.write(Files.createDirectories(Path.of("target", "privilege")).resolve(stage), lines);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void everyCallIsAllowed(String stage) {
    DeployedRoles roles = new DeployedRoles(stage);
    List<String> denied = new ArrayList<>();
    ASKED
        .get(stage)
        .forEach(
            (role, askings) -> {
              Policy policy = roles.policy(role);
              askings.stream()
                  .filter(asking -> !policy.allows(asking))
                  .forEach(asking -> denied.add(role + ": " + asking));
            });
    assertThat(denied).as("calls that the role of whoever makes them does not allow").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void whatIsAllowedIsUsed(String stage) {
    DeployedRoles roles = new DeployedRoles(stage);
    List<String> unused = new ArrayList<>();
    ASKED
        .get(stage)
        .forEach(
            (role, askings) ->
                roles
                    .policy(role)
                    .unused(askings)
                    .forEach(permission -> unused.add(role + ": " + permission)));
    assertThat(unused)
        .as(
            "allowed and never asked: a role may do too much,"
                + " or neither histories nor WiredFunctions go there")
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void onlyTheLauncherStartsTasksInOurClusterAndHandsThemTheirTwoRoles(String stage) {
    DeployedRoles roles = new DeployedRoles(stage);
    String launcher = roles.idOf(Room.LAUNCHER);
    Asking run = one(stage, launcher, "ecs:RunTask");
    Asking pass = one(stage, launcher, "iam:PassRole");
    for (String role : roles.ids()) {
      Policy policy = roles.policy(role);
      assertThat(policy.allows(run)).as(role).isEqualTo(role.equals(launcher));
      assertThat(policy.allows(pass)).as(role).isEqualTo(role.equals(launcher));
    }
    Policy policy = roles.policy(launcher);
    assertThat(policy.allows(new Asking(run.action(), run.resource()))).isFalse();
    assertThat(
            policy.allows(
                new Asking(
                    run.action(),
                    run.resource(),
                    Map.of("ecs:cluster", Asking.arn("ecs", "cluster/another")))))
        .isFalse();
    assertThat(
            policy.allows(
                new Asking(
                    pass.action(),
                    pass.resource(),
                    Map.of("iam:PassedToService", "lambda.amazonaws.com"))))
        .isFalse();
    String account = "arn:aws:iam::" + Asking.ACCOUNT + ":role/outpost-";
    assertThat(
            ASKED.get(stage).get(launcher).stream()
                .filter(asking -> asking.action().equals("iam:PassRole"))
                .map(Asking::resource))
        .containsExactlyInAnyOrder(
            account + "task-role-" + stage, account + "execution-role-" + stage);
    assertThat(
            policy.allows(
                new Asking("iam:PassRole", account + "launcher-" + stage, pass.context())))
        .isFalse();
  }

  /** It speaks to strangers, so it is the one to be taken over: docs/security.md says what then. */
  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void whoTellsWebhooksMayDoNothingElseAndOnlyTheApiKnowsTheirKeyBesides(String stage) {
    DeployedRoles roles = new DeployedRoles(stage);
    String webhooks = roles.idOf(Room.WEBHOOKS);
    Policy policy = roles.policy(webhooks);
    Set<Asking> own = ASKED.get(stage).get(webhooks);
    Set<Asking> allowed = new LinkedHashSet<>();
    ASKED.get(stage).values().forEach(askings -> allowed.addAll(askings));
    allowed.removeIf(asking -> !policy.allows(asking));
    assertThat(allowed).isEqualTo(own);
    Asking key = one(stage, webhooks, "secretsmanager:GetSecretValue");
    assertThat(key.resource()).contains(":secret:outpost/" + stage + "/webhook-key-");
    assertThat(roles.ids().stream().filter(role -> roles.policy(role).allows(key)))
        .containsExactlyInAnyOrder(webhooks, roles.idOf(Room.API));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod", "full"})
  void whatTheAuditSaysCanOnlyBeAddedToAndByTheApiAlone(String stage) {
    DeployedRoles roles = new DeployedRoles(stage);
    String table = Asking.arn("dynamodb", "table/" + Tables.name(Tables.AUDIT, stage));
    Map<String, Set<String>> allowed = new HashMap<>();
    for (String role : roles.ids()) {
      for (String action :
          List.of(
              "PutItem",
              "UpdateItem",
              "DeleteItem",
              "BatchWriteItem",
              "PartiQLUpdate",
              "PartiQLDelete",
              "GetItem",
              "Query",
              "Scan",
              "UpdateTable",
              "UpdateTimeToLive",
              "DeleteTable")) {
        if (roles.policy(role).allows(new Asking("dynamodb:" + action, table))) {
          allowed.computeIfAbsent(role, _ -> new TreeSet<>()).add(action);
        }
      }
    }
    assertThat(allowed).isEqualTo(Map.of(roles.idOf(Room.API), Set.of("PutItem", "Query")));
  }

  private static Asking one(String stage, String role, String action) {
    return ASKED.get(stage).get(role).stream()
        .filter(asking -> asking.action().equals(action))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aRoleIsOfNoUseToAnotherFunctionOrInAnotherStage() {
    DeployedRoles prod = new DeployedRoles("prod");
    for (Room room : Room.values()) {
      Set<Asking> asked = ASKED.get("prod").get(prod.idOf(room));
      for (Room other : Room.values()) {
        if (room != other) {
          Policy policy = prod.policy(prod.idOf(other));
          assertThat(asked).as(room + " as " + other).anyMatch(asking -> !policy.allows(asking));
        }
      }
      Policy policy = prod.policy(prod.idOf(room));
      assertThat(ASKED.get("dev").get(new DeployedRoles("dev").idOf(room)))
          .filteredOn(asking -> !asking.resource().equals(Asking.NONE))
          .noneMatch(policy::allows);
    }
  }
}
