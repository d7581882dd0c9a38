package dev.outpost.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Race;
import dev.outpost.tenant.TenantSecrets.Keeping;
import dev.outpost.tenant.TenantSecrets.Kept;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every implementation of {@link TenantSecrets} does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class TenantSecretsContract {
  private static final Instant T0 = Instant.parse("2026-11-22T10:00:00.123456789Z");
  private static final SecretName A = new SecretName("A_KEY");
  private static final SecretName B = new SecretName("B_KEY");

  /** The port under test; the same secrets each time. */
  protected abstract TenantSecrets secrets();

  @Test
  void whatIsKeptComesBackWithItsNameAndTime() {
    TenantId tenant = TenantId.random();
    String value = "line one\n\t\"quoted\" \\ and \uD83D\uDC27";
    assertThat(secrets().put(tenant, B, "the value of B", T0)).isEqualTo(Keeping.KEPT);
    assertThat(secrets().put(tenant, A, value, T0.plusSeconds(1))).isEqualTo(Keeping.KEPT);
    assertThat(secrets().of(tenant).values())
        .isEqualTo(Map.of("A_KEY", value, "B_KEY", "the value of B"));
    assertThat(secrets().list(tenant))
        .containsExactly(new Kept(A, T0.plusSeconds(1)), new Kept(B, T0));
  }

  @Test
  void aTenantWithoutSecretsHasNone() {
    TenantId tenant = TenantId.random();
    assertThat(secrets().of(tenant)).isEqualTo(OwnSecrets.NONE);
    assertThat(secrets().list(tenant)).isEmpty();
    assertThat(secrets().remove(tenant, A)).isFalse();
  }

  @Test
  void anotherTenantsAreNotSeen() {
    secrets().put(TenantId.random(), A, "somebody else's", T0);
    assertThat(secrets().of(TenantId.random())).isEqualTo(OwnSecrets.NONE);
  }

  @Test
  void aNewValueReplacesTheOld() {
    TenantId tenant = TenantId.random();
    secrets().put(tenant, A, "the first value", T0);
    secrets().put(tenant, A, "the second value", T0.plusSeconds(5));
    assertThat(secrets().of(tenant).value("A_KEY")).contains("the second value");
    assertThat(secrets().list(tenant)).containsExactly(new Kept(A, T0.plusSeconds(5)));
  }

  @Test
  void aRemovedOneIsGoneAndMayComeAgain() {
    TenantId tenant = TenantId.random();
    secrets().put(tenant, A, "the first value", T0);
    assertThat(secrets().remove(tenant, A)).isTrue();
    assertThat(secrets().of(tenant)).isEqualTo(OwnSecrets.NONE);
    assertThat(secrets().remove(tenant, A)).isFalse();
    assertThat(secrets().put(tenant, A, "another value", T0)).isEqualTo(Keeping.KEPT);
    assertThat(secrets().of(tenant).value("A_KEY")).contains("another value");
  }

  @Test
  void oneTooManyIsRefusedAndChangesNothing() {
    TenantId tenant = TenantId.random();
    for (int i = 0; i < TenantSecrets.MAX_SECRETS; i++) {
      assertThat(secrets().put(tenant, new SecretName("KEY_" + i), "a value of it", T0))
          .isEqualTo(Keeping.KEPT);
    }
    assertThat(secrets().put(tenant, A, "one too many", T0)).isEqualTo(Keeping.FULL);
    assertThat(secrets().of(tenant).value("A_KEY")).isEmpty();
    // One that is there may still change.
    assertThat(secrets().put(tenant, new SecretName("KEY_0"), "its new value", T0))
        .isEqualTo(Keeping.KEPT);
  }

  @Test
  void allOfThemTogetherHaveABound() {
    TenantId tenant = TenantId.random();
    // Each quote takes two bytes where it is kept.
    String large = "\"".repeat(TenantSecrets.MAX_VALUE_BYTES);
    int fit = TenantSecrets.MAX_TOTAL_BYTES / (2 * TenantSecrets.MAX_VALUE_BYTES);
    for (int i = 0; i < fit; i++) {
      assertThat(secrets().put(tenant, new SecretName("KEY_" + i), large, T0))
          .isEqualTo(Keeping.KEPT);
    }
    assertThat(secrets().put(tenant, A, large, T0)).isEqualTo(Keeping.FULL);
    assertThat(secrets().list(tenant)).hasSize(fit);
    assertThat(secrets().of(tenant).value("KEY_0")).contains(large);
  }

  @Test
  void writersOfDifferentNamesLoseNothingOfEachOther() {
    TenantId tenant = TenantId.random();
    assertThat(
            Race.of(
                8, i -> secrets().put(tenant, new SecretName("KEY_" + i), "value number " + i, T0)))
        .containsOnly(Keeping.KEPT);
    assertThat(secrets().list(tenant)).hasSize(8);
    assertThat(Race.of(8, i -> secrets().remove(tenant, new SecretName("KEY_" + i))))
        .containsOnly(true);
    assertThat(secrets().list(tenant)).isEmpty();
  }
}
