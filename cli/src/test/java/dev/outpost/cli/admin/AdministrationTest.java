package dev.outpost.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.cli.Typed;
import dev.outpost.cli.Typed.Came;
import dev.outpost.cli.control.ControlServer;
import dev.outpost.embedded.EmbeddedStore;
import dev.outpost.embedded.EmbeddedTenants;
import dev.outpost.tenant.Access;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.KeySecret;
import dev.outpost.tenant.Scope;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.Tier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as they are typed, carried over a real socket into a machine. */
final class AdministrationTest {
  @TempDir private Path dir;
  private final EmbeddedStore store = EmbeddedStore.inMemory();
  private final EmbeddedTenants tenants = new EmbeddedTenants(store);
  private final Administration administration =
      Administration.on(
          () -> tenants,
          queue -> {
            throw new AssertionError("nobody asked for " + queue);
          },
          () -> Typed.NOW,
          new Random(1));
  private ControlServer machine;

  @BeforeEach
  void start() throws IOException {
    machine = ControlServer.start(dir.resolve(".outpost"), administration::commandLine);
  }

  @AfterEach
  void stop() throws IOException {
    machine.close();
    store.close();
  }

  private Came type(String... args) {
    return Typed.in(dir).run(args);
  }

  private Tenant blueprint() {
    Came came =
        type("tenant", "create", "Blueprint Project", "blueprint@example.com", "--tier", "pro");
    assertThat(came.exit()).as(came.err()).isZero();
    return tenants.list().getFirst();
  }

  @Test
  void createPrintsTheTenantAndOnceItsKey() {
    Came came =
        type("tenant", "create", "Blueprint Project", "blueprint@example.com", "--tier", "pro");

    Tenant tenant = tenants.list().getFirst();
    ApiKey key = tenants.keys(tenant.id()).getFirst();
    String secret =
        came.out().lines().filter(l -> l.startsWith("key      ")).findFirst().orElseThrow();
    assertThat(came)
        .isEqualTo(
            new Came(
                0,
                """
                tenant   %s
                name     Blueprint Project
                email    blueprint@example.com
                tier     pro (10 at once, 500 a day, 1800 s each)
                status   active
                created  2026-03-01T12:00:00Z
                key id   %s
                prefix   %s
                scopes   admin
                expires  never
                %s

                The key is shown this once; only its hash is kept.
                """
                    .formatted(tenant.id(), key.keyId(), key.prefix(), secret),
                ""));
    KeySecret shown = KeySecret.parse(secret.substring(9)).orElseThrow();
    assertThat(key.hash()).isEqualTo(shown.hash());
    assertThat(key.tier()).isEqualTo(Tier.PRO);
  }

  @Test
  void aTenantIsSuspendedResumedAndMoved() {
    Tenant tenant = blueprint();
    String id = tenant.id().value();

    assertThat(type("tenant", "suspend", id).out()).contains("status   suspended");
    assertThat(tenants.keys(tenant.id()).getFirst().access(Typed.NOW)).isEqualTo(Access.SUSPENDED);
    assertThat(type("tenant", "resume", id).out()).contains("status   active");
    assertThat(type("tenant", "set-tier", id, "enterprise").out()).contains("tier     enterprise");
    assertThat(type("tenant", "show", id).out()).contains("tier     enterprise");
    assertThat(type("tenant", "list").out())
        .isEqualTo(
            "TENANT                                NAME               EMAIL                  TIER"
                + "        STATUS  CREATED\n"
                + id
                + "  Blueprint Project  blueprint@example.com  enterprise  active "
                + " 2026-03-01T12:00:00Z\n");
  }

  @Test
  void aKeyIsMadeListedAndRevoked() throws IOException {
    Tenant tenant = blueprint();
    String id = tenant.id().value();

    Came made =
        type(
            "key",
            "create",
            id,
            "--scope",
            "dispatch,status",
            "--scope",
            "list",
            "--label",
            "ci",
            "--expires-in",
            "90d",
            "--json");

    Map<String, Object> document = JSON.std.mapFrom(made.out());
    ApiKey key = tenants.keys(tenant.id()).getLast();
    assertThat(key.scopes()).isEqualTo(Set.of(Scope.DISPATCH, Scope.STATUS, Scope.LIST));
    assertThat(key.expiresAt()).contains(Typed.NOW.plus(Duration.ofDays(90)));
    assertThat(document).containsEntry("keyId", key.keyId()).containsEntry("label", "ci");
    assertThat(KeySecret.parse((String) document.get("key")).orElseThrow().hash())
        .isEqualTo(key.hash());

    assertThat(type("key", "revoke", id, key.keyId()).exit()).isZero();
    assertThat(type("key", "list", id).out())
        .contains("dispatch,status,list  revoked  2026-05-30T12:00:00Z  never\n")
        .doesNotContain((String) document.get("key"));
  }

  @Test
  void whatIsNotThereIsRefused() {
    String nobody = "11111111-1111-1111-1111-111111111111";

    Came tenant = type("tenant", "show", nobody, "--json");
    Came key = type("key", "revoke", blueprint().id().value(), "key_x");

    assertThat(tenant.exit()).isEqualTo(3);
    assertThat(tenant.err()).startsWith("outpost: NOT_FOUND: there is no tenant " + nobody);
    assertThat(tenant.out()).startsWith("{\"error\":{\"code\":\"NOT_FOUND\"");
    assertThat(key.exit()).isEqualTo(3);
  }

  @Test
  void senselessWordsAreRefusedWithWhatWouldBeSense() {
    assertThat(type("tenant", "create", "A", "a@b.example", "--tier", "gold").err())
        .contains("there is no tier 'gold'; there are free, starter, pro, enterprise");
    assertThat(type("tenant", "create", "A", "nobody").err()).contains("is no e-mail address");
    assertThat(type("tenant", "show", "42").err()).contains("is no tenant id");
    String id = blueprint().id().value();
    assertThat(type("key", "create", id, "--scope", "root").err()).contains("no scope 'root'");
    assertThat(type("key", "create", id, "--scope", "operator").err())
        .contains("only the installation's own keys");
    assertThat(type("key", "create", id, "--expires-in", "soon").exit()).isEqualTo(2);
    assertThat(tenants.keys(tenants.list().getFirst().id())).hasSize(1);
  }

  @Test
  void atMostFiftyKeys() {
    Tenant tenant = blueprint();
    for (int i = 1; i < 50; i++) {
      NewKey.of(administration, tenant, Set.of(Scope.LIST), "one", Optional.empty());
    }

    assertThat(type("key", "create", tenant.id().value()).err())
        .contains("CONFLICT", "owns 50 keys already");
  }

  @Test
  void helpAndTypingErrorsNeedNoMachine() throws IOException {
    machine.close();

    assertThat(type("tenant", "create", "--help").exit()).isZero();
    assertThat(type("tenant", "create").exit()).isEqualTo(2);
    assertThat(type("tenant").err()).startsWith("outpost: Missing required subcommand");
    Came came = type("tenant", "list");
    assertThat(came.exit()).isEqualTo(4);
    assertThat(came.err())
        .isEqualTo(
            """
            outpost: no Outpost runs on %s
              start it:                     outpost up
              or name its data folder:      --data DIR
              or a deployed stage instead:  --stage NAME
            """
                .formatted(dir.resolve(".outpost")));
  }
}
