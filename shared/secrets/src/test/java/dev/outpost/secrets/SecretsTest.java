package dev.outpost.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.agent.Agent;
import dev.outpost.agent.ModelProvider;
import dev.outpost.agent.TaskSize;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.run.Job;
import dev.outpost.run.ModelProtocol;
import dev.outpost.run.PriceTable;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

class SecretsTest {
  private final MemorySecretsManager manager = new MemorySecretsManager();
  private final Secrets secrets = new Secrets(manager, "dev");

  /** Secrets Manager as far as it is used here. */
  private static final class MemorySecretsManager implements SecretsManagerClient {
    private final Map<String, String> values = new HashMap<>();

    @Override
    public GetSecretValueResponse getSecretValue(GetSecretValueRequest request) {
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
        .isEqualTo(new dev.outpost.claim.RunTokens(new byte[32]).claimToken(id, 1));
  }
}
