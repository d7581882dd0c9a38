package dev.outpost.cli;

import dev.outpost.cli.admin.TenantStores;
import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Terminal;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.tenant.Tenants;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** The stages deployed to AWS, with the region and the credentials of the environment. */
final class DynamoTenantStores implements TenantStores {
  private static final int LONGEST = 200;

  private final Supplier<DynamoDbClient> clients;

  /**
   * On such clients.
   *
   * @param clients gives one per command, which lives as long as the process
   */
  DynamoTenantStores(Supplier<DynamoDbClient> clients) {
    this.clients = Objects.requireNonNull(clients, "clients");
  }

  /** On the client that the environment describes. */
  static DynamoTenantStores ofEnvironment() {
    return new DynamoTenantStores(
        () ->
            DynamoDbClient.builder().httpClientBuilder(UrlConnectionHttpClient.builder()).build());
  }

  @Override
  public Tenants of(String stage) {
    return new DynamoTenants(clients.get(), stage);
  }

  /** What AWS says against it, as far as it was AWS. */
  static Optional<Refusal> refusal(Exception e) {
    return switch (e) {
      case ResourceNotFoundException _ ->
          Optional.of(
              Refusal.broken(
                  "NO_SUCH_STAGE", "this account and region have no tables of that stage"));
      // Its first words; those about missing credentials would fill a screen.
      case SdkException said ->
          Optional.of(
              Refusal.broken("AWS", "AWS: " + Terminal.oneLine(said.getMessage(), LONGEST)));
      default -> Optional.empty();
    };
  }
}
