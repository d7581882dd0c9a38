package dev.outpost.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.Ulids;
import dev.outpost.dispatch.Status;
import dev.outpost.tenant.TenantId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WebhookTest {
  private static final Instant T0 = Samples.T0;
  private static final URI URL = URI.create("https://example.com/hook");

  private final TenantId tenant = TenantId.random();
  private final Webhook webhook =
      Webhook.of(Samples.webhookId(), tenant, URL, Set.of(Status.SUCCESS, Status.FAILED), T0);

  @Test
  void itIsToldOfTheStatusesItAskedFor() {
    assertThat(webhook.wants(Samples.event(tenant, Status.SUCCESS, T0.plusSeconds(1)))).isTrue();
    assertThat(webhook.wants(Samples.event(tenant, Status.FAILED, T0.plusSeconds(1)))).isTrue();
    assertThat(webhook.wants(Samples.event(tenant, Status.RUNNING, T0.plusSeconds(1)))).isFalse();
  }

  @Test
  void itIsToldOfNoOtherTenantsDispatches() {
    assertThat(webhook.wants(Samples.event(TenantId.random(), Status.SUCCESS, T0.plusSeconds(1))))
        .isFalse();
  }

  @Test
  void itIsToldOfNothingThatHappenedBeforeItWasRegistered() {
    assertThat(webhook.wants(Samples.event(tenant, Status.SUCCESS, T0.minusNanos(1)))).isFalse();
    assertThat(webhook.wants(Samples.event(tenant, Status.SUCCESS, T0))).isTrue();
  }

  @Test
  void whileItIsDisabledItIsToldNothing() {
    Webhook disabled = webhook.disabled(T0.plusSeconds(5));
    assertThat(disabled.enabled()).isFalse();
    assertThat(disabled.wants(Samples.event(tenant, Status.SUCCESS, T0.plusSeconds(6)))).isFalse();
    assertThat(disabled.enabledAgain()).isEqualTo(webhook);
    assertThat(webhook.enabledAgain()).isEqualTo(webhook);
  }

  @Test
  void disabledTwiceItIsSoSinceTheFirstTime() {
    Webhook disabled = webhook.disabled(T0.plusSeconds(5));
    assertThat(disabled.disabled(T0.plusSeconds(9)).disabledAt()).contains(T0.plusSeconds(5));
  }

  @Test
  void theSecretBeforeThePresentOneSignsForADayMore() {
    assertThat(webhook.signing(T0)).containsExactly(1);
    Instant rotated = T0.plus(Duration.ofDays(7));
    Webhook then = webhook.rotated(2, rotated);
    assertThat(then.signing(rotated)).containsExactly(2, 1);
    Instant end = rotated.plus(Duration.ofHours(24));
    assertThat(then.signing(end.minusNanos(1))).containsExactly(2, 1);
    assertThat(then.signing(end)).containsExactly(2);
  }

  @Test
  void rotatedTwiceWithinADayTheLastTwoSign() {
    Webhook twice = webhook.rotated(2, T0).rotated(3, T0.plusSeconds(60));
    assertThat(twice.signing(T0.plusSeconds(60))).containsExactly(3, 2);
  }

  @Test
  void oneRotationThatIsDoneTwiceIsDoneOnce() {
    Webhook rotated = webhook.rotated(2, T0.plusSeconds(1));
    assertThat(rotated.rotated(2, T0.plusSeconds(99))).isEqualTo(rotated);
    assertThat(rotated.rotated(1, T0.plusSeconds(99))).isEqualTo(rotated);
    assertThat(rotated.disabled(T0).rotated(3, T0).enabled()).isFalse();
  }

  @Test
  void oneThatIsToldOfNothingOrHasNoSecretCanNotBe() {
    assertThatThrownBy(() -> Webhook.of(webhook.id(), tenant, URL, Set.of(), T0))
        .isInstanceOf(IllegalArgumentException.class);
    Optional<Instant> never = Optional.empty();
    assertThatThrownBy(
            () -> new Webhook(webhook.id(), tenant, URL, webhook.statuses(), 0, never, never, T0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void idsSortByTheTimeOfTheirCreationAndAreReadBack() {
    WebhookId older = WebhookId.next(new Ulids(InstantSource.fixed(T0)));
    WebhookId newer = WebhookId.next(new Ulids(InstantSource.fixed(T0.plusMillis(1))));
    assertThat(older).isLessThan(newer);
    assertThat(WebhookId.parse(older.value())).contains(older);
    for (String wrong :
        List.of("", "whk_", older.value().substring(1), older + "0", "msg_" + Ulids.floor(T0))) {
      assertThat(WebhookId.parse(wrong)).isEmpty();
    }
  }
}
