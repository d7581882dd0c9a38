package dev.outpost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.cli.Typed.Came;
import dev.outpost.dynamodb.DynamoDbLocal;
import dev.outpost.dynamodb.DynamoTables;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.tenant.Tenant;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The administration of a deployed stage, on the tables' real adapter. */
@TestInstance(Lifecycle.PER_CLASS)
final class DeployedStageIT {
  @TempDir private Path dir;
  private DynamoDbLocal local;

  @BeforeAll
  void start() {
    local = DynamoDbLocal.start();
    DynamoTables.create(local.client(), "prod");
  }

  @AfterAll
  void stop() {
    local.close();
  }

  private Came type(String... args) {
    DynamoTenantStores stores = new DynamoTenantStores(local::client);
    return Typed.in(dir).run((shell, words) -> Main.run(shell, stores, words), args);
  }

  @Test
  void aTenantIsCreatedInTheStagesTables() {
    Came made = type("tenant", "create", "Blueprint", "b@example.com", "--stage", "prod");

    assertThat(made.exit()).as(made.err()).isZero();
    DynamoTenants tenants = new DynamoTenants(local.client(), "prod");
    Tenant tenant = tenants.list().getFirst();
    assertThat(tenant.name()).isEqualTo("Blueprint");
    assertThat(tenants.keys(tenant.id())).hasSize(1);
    assertThat(type("key", "--stage", "prod", "list", tenant.id().value()).out()).contains("admin");
  }

  @Test
  void aStageThatIsNotThereIsToldAsSuch() {
    Came came = type("tenant", "list", "--stage", "nowhere");

    assertThat(came.exit()).isEqualTo(5);
    assertThat(came.err())
        .isEqualTo("outpost: this account and region have no tables of that stage\n");
  }

  @Test
  void whatAwsSaysIsToldInItsWords() {
    DynamoTenantStores stores =
        new DynamoTenantStores(
            () -> {
              throw SdkClientException.create("no region");
            });

    Came came =
        Typed.in(dir)
            .run(
                (shell, words) -> Main.run(shell, stores, words),
                "tenant",
                "list",
                "--stage",
                "prod");

    assertThat(came).isEqualTo(new Came(5, "", "outpost: AWS: no region\n"));
  }
}
