package dev.outpost.secrets;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.items.SecretBoxItem;
import dev.outpost.tenant.OwnSecrets;
import dev.outpost.tenant.SecretBox;
import dev.outpost.tenant.SecretName;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.TenantSecrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/**
 * Tenants' secrets in Secrets Manager: one secret for each tenant, {@code
 * outpost/{stage}/tenants/{tenant}}, so that a claim costs one call. Safe for use by many threads
 * and processes.
 *
 * <p>Secrets Manager has no conditional write, and two writers of one tenant must not lose each
 * other's names. So a writer first stores its version without making it the current one, and then
 * moves the label {@code AWSCURRENT} from the version that it had read to its own; that call fails
 * when the label is no longer where it was (API reference, UpdateSecretVersionStage,
 * RemoveFromVersionId), and the writer reads again.
 *
 * <p>A tenant's secret stays, empty, when its last name is removed: one that is deleted can't be
 * made again under its name for days. The version before the current one, which Secrets Manager
 * labels {@code AWSPREVIOUS}, still has a removed name, so that label is taken from it: a version
 * without a label is deprecated, and Secrets Manager's to delete (API reference,
 * UpdateSecretVersionStage).
 */
public final class SecretsManagerTenantSecrets implements TenantSecrets {
  private static final String CURRENT = "AWSCURRENT";

  /** Secrets Manager puts it on the version that {@link #CURRENT} was taken from. */
  private static final String PREVIOUS = "AWSPREVIOUS";

  /** A version's label while it waits to become the current one; a new version takes it over. */
  private static final String NEXT = "OUTPOSTNEXT";

  private static final int MAX_LOST_RACES = 20;

  private final SecretsManagerClient client;
  private final String prefix;
  private final Optional<String> key;

  /**
   * The tenants' secrets of that stage.
   *
   * @param client stays the caller's to close
   */
  public SecretsManagerTenantSecrets(SecretsManagerClient client, String stage) {
    this(client, stage, Optional.empty());
  }

  /**
   * The same, a tenant's first secret made under a KMS key of the installation's own.
   *
   * @param client stays the caller's to close
   * @param key its ARN or alias; empty for the account's own key of Secrets Manager
   */
  public SecretsManagerTenantSecrets(
      SecretsManagerClient client, String stage, Optional<String> key) {
    this.key = Objects.requireNonNull(key, "key");
    this.client = Objects.requireNonNull(client, "client");
    this.prefix = "outpost/" + Objects.requireNonNull(stage, "stage") + "/tenants/";
  }

  /**
   * What was read.
   *
   * @param box the secrets
   * @param version the version that they are in; empty when the tenant has no secret yet
   */
  private record Read(SecretBox box, Optional<String> version) {}

  @Override
  public OwnSecrets of(TenantId id) {
    return read(id).box().own();
  }

  @Override
  public List<Kept> list(TenantId id) {
    return read(id).box().list();
  }

  @Override
  public Keeping put(TenantId id, SecretName name, String value, Instant now) {
    return change(id, read -> read.box().with(name, value, now)) ? Keeping.KEPT : Keeping.FULL;
  }

  @Override
  public boolean remove(TenantId id, SecretName name) {
    // Also when the answer to our own write was lost, and the next look finds it done.
    AtomicReference<Read> seen = new AtomicReference<>();
    var _ =
        change(
            id,
            read -> {
              if (!read.box().entries().containsKey(name)) {
                return Optional.empty();
              }
              seen.set(read);
              return Optional.of(read.box().without(name));
            });
    if (seen.get() == null) {
      return false;
    }
    seen.get().version().ifPresent(version -> forget(id, version));
    return true;
  }

  /** A change that may find that there is nothing to write. */
  private interface Changing {
    Optional<SecretBox> change(Read read);
  }

  /** Answers whether the change was to be written, and then it is. */
  private boolean change(TenantId id, Changing changing) {
    for (int races = 0; races < MAX_LOST_RACES; races++) {
      Read read = read(id);
      Optional<SecretBox> changed = changing.change(read);
      if (changed.isEmpty()) {
        return false;
      }
      if (write(id, json(changed.get()), read.version())) {
        return true;
      }
    }
    throw new IllegalStateException("too many writers change the secrets of tenant " + id);
  }

  private Read read(TenantId id) {
    GetSecretValueResponse response;
    try {
      response = client.getSecretValue(request -> request.secretId(prefix + id.value()));
    } catch (ResourceNotFoundException _) {
      return new Read(SecretBox.EMPTY, Optional.empty());
    }
    try {
      return new Read(
          SecretBoxItem.fromItem(JSON.std.mapFrom(response.secretString())),
          Optional.of(response.versionId()));
    } catch (IOException | IllegalArgumentException _) {
      // Neither the text nor the parser's excerpt of it may reach a log.
      throw new IllegalStateException("the secret of tenant " + id + " is not of our form");
    }
  }

  private boolean write(TenantId id, String json, Optional<String> before) {
    String secret = prefix + id.value();
    String version = UUID.randomUUID().toString();
    if (before.isEmpty()) {
      try {
        client.createSecret(
            request ->
                request
                    .name(secret)
                    .kmsKeyId(key.orElse(null))
                    .clientRequestToken(version)
                    .secretString(json));
        return true;
      } catch (ResourceExistsException _) {
        return false;
      }
    }
    client.putSecretValue(
        request ->
            request
                .secretId(secret)
                .clientRequestToken(version)
                .secretString(json)
                .versionStages(NEXT));
    try {
      client.updateSecretVersionStage(
          request ->
              request
                  .secretId(secret)
                  .versionStage(CURRENT)
                  .removeFromVersionId(before.get())
                  .moveToVersionId(version));
      return true;
    } catch (InvalidParameterException _) {
      return false;
    }
  }

  /** Takes the last label from the version that had what was removed. */
  private void forget(TenantId id, String version) {
    try {
      client.updateSecretVersionStage(
          request ->
              request
                  .secretId(prefix + id.value())
                  .versionStage(PREVIOUS)
                  .removeFromVersionId(version));
    } catch (InvalidParameterException _) {
      // Another writer was here since: the label is on a later version, and this one has none.
    }
  }

  private static String json(SecretBox box) {
    try {
      return JSON.std.asString(SecretBoxItem.toItem(box));
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory cannot fail", e);
    }
  }
}
