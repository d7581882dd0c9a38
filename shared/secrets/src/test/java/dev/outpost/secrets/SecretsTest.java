package dev.outpost.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.InstallationKey;
import dev.outpost.agent.Agent;
import dev.outpost.agent.ModelProvider;
import dev.outpost.agent.TaskSize;
import dev.outpost.claim.RunTokens;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.run.Job;
import dev.outpost.run.ModelProtocol;
import dev.outpost.run.PriceTable;
import dev.outpost.webhook.SigningSecrets;
import dev.outpost.webhook.WebhookId;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

class SecretsTest {
  private final MemorySecretsManager manager = new MemorySecretsManager();
  private Instant now = Instant.parse("2026-11-25T10:00:00Z");
  private final Secrets secrets = new Secrets(manager, "dev", () -> now);

  /** Secrets Manager as far as it is used here. */
  private static final class MemorySecretsManager implements SecretsManagerClient {
    private final Map<String, String> values = new HashMap<>();
    private int reads;
    private boolean away;

    @Override
    public GetSecretValueResponse getSecretValue(GetSecretValueRequest request) {
      reads++;
      if (away) {
        throw SdkClientException.create("no answer");
      }
      String value = values.get(request.secretId());
      if (value == null) {
        throw ResourceNotFoundException.builder().message("no such secret").build();
      }
      return GetSecretValueResponse.builder().secretString(value).build();
    }

    @Override
    public String serviceName() {
      return "secretsmanager";
    }

    @Override
    public void close() {}
  }

  private static Agent agent(String... credentials) {
    return new Agent(
        "claude",
        "",
        List.of("m"),
        Map.of(),
        new TaskSize(512, 1024, OptionalInt.empty()),
        List.of("claude"),
        Optional.empty(),
        true,
        true,
        Job.Output.TEXT,
        Map.of(),
        Map.of(),
        Optional.of(
            new ModelProvider(
                ModelProtocol.ANTHROPIC,
                URI.create("https://models.test"),
                Optional.of("MODEL_KEY"),
                PriceTable.EMPTY)),
        List.of(credentials),
        true);
  }

  @Test
  void anAgentGetsTheVariablesThatItNeedsAndNoOther() {
    manager.values.put("outpost/dev/agents/claude", "{\"A\":\"1\",\"B\":\"2\",\"C\":\"\"}");
    assertThat(secrets.of(agent("A", "C"))).containsExactly(Map.entry("A", "1"));
  }

  @Test
  void whatOpensTheModelsProviderIsOneOfThem() {
    manager.values.put("outpost/dev/agents/claude", "{\"A\":\"1\",\"MODEL_KEY\":\"2\"}");
    assertThat(secrets.of(agent())).containsExactly(Map.entry("MODEL_KEY", "2"));
  }

  @Test
  void aSecretThatWasNeverFilledGivesNothing() {
    assertThat(secrets.of(agent("A"))).isEmpty();
  }

  @Test
  void whatWasReadIsUsedForFiveMinutesAndNoLonger() {
    manager.values.put("outpost/dev/agents/claude", "{\"A\":\"old\"}");
    manager.values.put("outpost/dev/git", "old token");
    assertThat(secrets.of(agent("A"))).containsEntry("A", "old");
    assertThat(secrets.gitToken()).contains("old token");
    assertThat(manager.reads).isEqualTo(2);
    manager.values.put("outpost/dev/agents/claude", "{\"A\":\"new\"}");
    manager.values.put("outpost/dev/git", "new token");
    now = now.plus(Secrets.KEPT).minusNanos(1);
    assertThat(secrets.of(agent("A"))).containsEntry("A", "old");
    assertThat(secrets.gitToken()).contains("old token");
    assertThat(manager.reads).isEqualTo(2);
    now = now.plusNanos(1);
    assertThat(secrets.of(agent("A"))).containsEntry("A", "new");
    assertThat(secrets.gitToken()).contains("new token");
    assertThat(manager.reads).isEqualTo(4);
  }

  @Test
  void thatASecretIsEmptyIsKeptAsWellButThatItCannotBeReadIsNot() {
    assertThat(secrets.gitToken()).isEmpty();
    manager.values.put("outpost/dev/git", "filled");
    assertThat(secrets.gitToken()).isEmpty();
    now = now.plus(Secrets.KEPT);
    manager.away = true;
    assertThatThrownBy(secrets::gitToken).isInstanceOf(SdkClientException.class);
    manager.away = false;
    assertThat(secrets.gitToken()).contains("filled");
  }

  @Test
  void aMalformedSecretIsNeverQuoted() {
    manager.values.put("outpost/dev/agents/claude", "hunter2");
    assertThatThrownBy(() -> secrets.of(agent("A")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("claude")
        .hasMessageNotContaining("hunter2")
        .hasNoCause();
  }

  @Test
  void theRunTokensAreThoseOfTheStoredKey() {
    manager.values.put("outpost/dev/run-token-key", "00".repeat(32) + "\n");
    DispatchId id = new DispatchId("dsp_1");
    assertThat(secrets.runTokens().claimToken(id, 1))
        .isEqualTo(new RunTokens(new InstallationKey(new byte[32])).claimToken(id, 1));
  }

  @Test
  void theSecretsThatSignWebhooksAreThoseOfTheirOwnKey() {
    manager.values.put("outpost/dev/run-token-key", "00".repeat(32));
    manager.values.put("outpost/dev/webhook-key", "11".repeat(32) + "\n");
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) 0x11);
    WebhookId id = new WebhookId("whk_1");
    assertThat(secrets.signingSecrets().of(id, 1))
        .isEqualTo(new SigningSecrets(new InstallationKey(key)).of(id, 1));
    assertThat(manager.reads).isEqualTo(1);
  }
}
