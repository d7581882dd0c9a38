package dev.outpost.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.tenant.SecretName;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.TenantSecrets;
import dev.outpost.tenant.TenantSecrets.Keeping;
import dev.outpost.tenant.TenantSecretsContract;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

class SecretsManagerTenantSecretsTest extends TenantSecretsContract {
  private static final SecretName A = new SecretName("A_KEY");
  private static final SecretName B = new SecretName("B_KEY");

  private final MemorySecrets manager = new MemorySecrets();
  private final TenantSecrets secrets = new SecretsManagerTenantSecrets(manager, "dev");

  @Override
  protected TenantSecrets secrets() {
    return secrets;
  }

  @Test
  void aTenantHasOneSecretUnderItsOwnName() {
    TenantId tenant = TenantId.random();
    secrets.put(tenant, A, "the value of A", Instant.EPOCH);
    secrets.put(tenant, B, "the value of B", Instant.EPOCH);
    assertThat(manager.names()).contains("outpost/dev/tenants/" + tenant);
    int before = manager.reads();
    assertThat(secrets.of(tenant).names()).containsExactlyInAnyOrder("A_KEY", "B_KEY");
    assertThat(manager.reads() - before).isEqualTo(1);
  }

  @Test
  void aSecretIsMadeUnderTheInstallationsKeyIfThereIsOne() {
    TenantId tenant = TenantId.random();
    secrets.put(tenant, A, "the value of A", Instant.EPOCH);
    assertThat(manager.key("outpost/dev/tenants/" + tenant)).isEmpty();
    TenantId other = TenantId.random();
    Optional<String> key = Optional.of("alias/outpost-store-dev");
    new SecretsManagerTenantSecrets(manager, "dev", key)
        .put(other, A, "the value of A", Instant.EPOCH);
    assertThat(manager.key("outpost/dev/tenants/" + other)).isEqualTo(key);
  }

  @Test
  void aWriterThatComesBetweenIsNotOverwritten() {
    TenantId tenant = TenantId.random();
    secrets.put(tenant, A, "the value of A", Instant.EPOCH);
    manager.beforeNextMove(() -> secrets.put(tenant, B, "the value of B", Instant.EPOCH));
    secrets.put(tenant, A, "the new value of A", Instant.EPOCH);
    assertThat(secrets.of(tenant).values())
        .containsEntry("A_KEY", "the new value of A")
        .containsEntry("B_KEY", "the value of B");
  }

  @Test
  void twoThatMakeTheSecretAtOnceBothHaveTheirNameInIt() {
    TenantId tenant = TenantId.random();
    manager.beforeNextCreate(() -> secrets.put(tenant, B, "the value of B", Instant.EPOCH));
    assertThat(secrets.put(tenant, A, "the value of A", Instant.EPOCH)).isEqualTo(Keeping.KEPT);
    assertThat(secrets.of(tenant).names()).containsExactlyInAnyOrder("A_KEY", "B_KEY");
  }

  @Test
  void aWriteThatWasDoneButNotAnsweredIsToldAsDone() {
    TenantId tenant = TenantId.random();
    secrets.put(tenant, A, "the value of A", Instant.EPOCH);
    // The SDK repeats the call, and the repetition finds the label moved.
    manager.repeatNextMove();
    assertThat(secrets.remove(tenant, A)).isTrue();
    assertThat(secrets.list(tenant)).isEmpty();
    assertThat(manager.labelled("outpost/dev/tenants/" + tenant))
        .noneMatch(text -> text.contains("the value of A"));
    manager.repeatNextMove();
    assertThat(secrets.put(tenant, B, "the value of B", Instant.EPOCH)).isEqualTo(Keeping.KEPT);
    assertThat(secrets.of(tenant).value("B_KEY")).contains("the value of B");
  }

  @Test
  void noLabelLeadsToWhatWasRemoved() {
    TenantId tenant = TenantId.random();
    secrets.put(tenant, A, "the value of A", Instant.EPOCH);
    secrets.put(tenant, B, "the value of B", Instant.EPOCH);
    assertThat(secrets.remove(tenant, A)).isTrue();
    assertThat(manager.labelled("outpost/dev/tenants/" + tenant))
        .isNotEmpty()
        .noneMatch(text -> text.contains("the value of A"));
    assertThat(secrets.of(tenant).value("B_KEY")).contains("the value of B");
  }

  @Test
  void aWriterThatComesAfterARemovalLosesNothing() {
    TenantId tenant = TenantId.random();
    secrets.put(tenant, A, "the value of A", Instant.EPOCH);
    secrets.put(tenant, B, "the value of B", Instant.EPOCH);
    // Between the removal's two moves another writes, and AWSPREVIOUS is on another version.
    manager.beforeNextMove(
        () ->
            manager.beforeNextMove(
                () -> secrets.put(tenant, B, "the new value of B", Instant.EPOCH)));
    assertThat(secrets.remove(tenant, A)).isTrue();
    assertThat(secrets.of(tenant).values()).containsOnly(Map.entry("B_KEY", "the new value of B"));
    assertThat(manager.labelled("outpost/dev/tenants/" + tenant))
        .noneMatch(text -> text.contains("the value of A"));
  }

  @Test
  void aFaultIsToldAndChangesNothing() {
    TenantId tenant = TenantId.random();
    secrets.put(tenant, A, "the value of A", Instant.EPOCH);
    manager.failNextPut();
    assertThatThrownBy(() -> secrets.put(tenant, A, "the new value", Instant.EPOCH))
        .isInstanceOf(SecretsManagerException.class)
        .hasMessageNotContaining("the new value");
    assertThat(secrets.of(tenant).value("A_KEY")).contains("the value of A");
  }

  @Test
  void whatIsNotOfOurFormIsNeverQuoted() {
    TenantId tenant = TenantId.random();
    manager.set("outpost/dev/tenants/" + tenant, "hunter2");
    assertThatThrownBy(() -> secrets.of(tenant))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(tenant.value())
        .hasMessageNotContaining("hunter2")
        .hasNoCause();
    manager.set("outpost/dev/tenants/" + tenant, "{\"A_KEY\":\"hunter2\"}");
    assertThatThrownBy(() -> secrets.of(tenant)).hasMessageNotContaining("hunter2").hasNoCause();
  }
}
