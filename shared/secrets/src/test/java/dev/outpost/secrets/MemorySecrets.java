package dev.outpost.secrets;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InternalServiceErrorException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretVersionStageRequest;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretVersionStageResponse;

/**
 * Secrets Manager with its versions and labels, by its API reference: a label is on one version at
 * a time, PutSecretValue moves the labels that it names, and UpdateSecretVersionStage refuses to
 * take a label from a version that does not have it. The label AWSPREVIOUS goes where AWSCURRENT
 * was.
 */
final class MemorySecrets implements SecretsManagerClient {
  private static final String CURRENT = "AWSCURRENT";
  private static final int MAX_BYTES = 65_536;

  private static final class Secret {
    final Map<String, String> versions = new HashMap<>();
    final Map<String, String> labels = new HashMap<>();
    Optional<String> key = Optional.empty();
  }

  private final Map<String, Secret> secrets = new HashMap<>();
  private Runnable beforeMove = () -> {};
  private Runnable beforeCreate = () -> {};
  private boolean repeatMove;
  private boolean failPut;
  private int reads;

  /** Lets that happen before the next label is moved. */
  void beforeNextMove(Runnable happening) {
    beforeMove = happening;
  }

  /** Lets that happen before the next secret is made. */
  void beforeNextCreate(Runnable happening) {
    beforeCreate = happening;
  }

  /** The next move is done, its answer lost, and the call repeated. */
  void repeatNextMove() {
    repeatMove = true;
  }

  /** The next new version fails. */
  void failNextPut() {
    failPut = true;
  }

  synchronized void set(String name, String value) {
    Secret secret = secrets.computeIfAbsent(name, _ -> new Secret());
    secret.versions.put("by hand", value);
    secret.labels.put(CURRENT, "by hand");
  }

  /** All values that a label leads to. */
  synchronized List<String> labelled(String name) {
    Secret secret = find(name);
    return secret.labels.values().stream().distinct().map(secret.versions::get).toList();
  }

  synchronized Set<String> names() {
    return Set.copyOf(secrets.keySet());
  }

  /** The KMS key that a secret was made under, if it is not the account's own. */
  synchronized Optional<String> key(String name) {
    return find(name).key;
  }

  synchronized int reads() {
    return reads;
  }

  @Override
  public synchronized GetSecretValueResponse getSecretValue(GetSecretValueRequest request) {
    reads++;
    Secret secret = find(request.secretId());
    String version = secret.labels.get(CURRENT);
    return GetSecretValueResponse.builder()
        .versionId(version)
        .secretString(secret.versions.get(version))
        .build();
  }

  @Override
  public CreateSecretResponse createSecret(CreateSecretRequest request) {
    Runnable happening = beforeCreate;
    beforeCreate = () -> {};
    happening.run();
    synchronized (this) {
      if (secrets.containsKey(request.name())) {
        throw ResourceExistsException.builder().message("it exists").build();
      }
      Secret secret = new Secret();
      secret.key = Optional.ofNullable(request.kmsKeyId());
      secret.versions.put(request.clientRequestToken(), bounded(request.secretString()));
      secret.labels.put(CURRENT, request.clientRequestToken());
      secrets.put(request.name(), secret);
      return CreateSecretResponse.builder().versionId(request.clientRequestToken()).build();
    }
  }

  @Override
  public synchronized PutSecretValueResponse putSecretValue(PutSecretValueRequest request) {
    if (failPut) {
      failPut = false;
      throw InternalServiceErrorException.builder().message("a fault").build();
    }
    Secret secret = find(request.secretId());
    secret.versions.put(request.clientRequestToken(), bounded(request.secretString()));
    request.versionStages().forEach(l -> secret.labels.put(l, request.clientRequestToken()));
    return PutSecretValueResponse.builder().versionId(request.clientRequestToken()).build();
  }

  @Override
  public UpdateSecretVersionStageResponse updateSecretVersionStage(
      UpdateSecretVersionStageRequest request) {
    Runnable happening = beforeMove;
    beforeMove = () -> {};
    happening.run();
    synchronized (this) {
      move(request);
      if (repeatMove) {
        repeatMove = false;
        move(request);
      }
    }
    return UpdateSecretVersionStageResponse.builder().build();
  }

  private void move(UpdateSecretVersionStageRequest request) {
    Secret secret = find(request.secretId());
    String at = secret.labels.get(request.versionStage());
    if (at != null && !at.equals(request.removeFromVersionId())) {
      throw InvalidParameterException.builder()
          .message("The staging label is attached to another version")
          .build();
    }
    if (request.moveToVersionId() == null) {
      if (at == null || request.versionStage().equals(CURRENT)) {
        throw InvalidParameterException.builder().message("not attached").build();
      }
      secret.labels.remove(request.versionStage());
      return;
    }
    if (!secret.versions.containsKey(request.moveToVersionId())) {
      throw ResourceNotFoundException.builder().message("no such version").build();
    }
    secret.labels.put(request.versionStage(), request.moveToVersionId());
    if (request.versionStage().equals(CURRENT)
        && at != null
        && !at.equals(request.moveToVersionId())) {
      secret.labels.put("AWSPREVIOUS", at);
    }
  }

  private Secret find(String name) {
    Secret secret = secrets.get(name);
    if (secret == null) {
      throw ResourceNotFoundException.builder().message("no such secret").build();
    }
    return secret;
  }

  private static String bounded(String value) {
    if (value.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw InvalidRequestException.builder().message("the secret is too large").build();
    }
    return value;
  }

  @Override
  public String serviceName() {
    return "secretsmanager";
  }

  @Override
  public void close() {}
}
