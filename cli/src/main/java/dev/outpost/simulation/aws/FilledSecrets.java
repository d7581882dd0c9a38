package dev.outpost.simulation.aws;

import java.util.Objects;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/**
 * Secrets Manager of an installation whose agents' credentials are filled, and whose tenants bring
 * nothing. Immutable.
 */
public final class FilledSecrets implements SecretsManagerClient {
  private final String credential;

  /** That is every agent's credential. */
  public FilledSecrets(String credential) {
    this.credential = Objects.requireNonNull(credential, "credential");
  }

  @Override
  public GetSecretValueResponse getSecretValue(GetSecretValueRequest request) {
    if (!request.secretId().contains("/agents/")) {
      throw ResourceNotFoundException.builder().message("there is no such secret").build();
    }
    return GetSecretValueResponse.builder()
        .secretString("{\"ANTHROPIC_API_KEY\":\"" + credential + "\"}")
        .versionId("1")
        .build();
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {
    // It holds nothing.
  }
}
