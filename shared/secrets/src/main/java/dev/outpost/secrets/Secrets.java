package dev.outpost.secrets;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.agent.Agent;
import dev.outpost.claim.Credentials;
import dev.outpost.claim.RunTokens;
import java.io.IOException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/**
 * The installation's secrets in Secrets Manager: {@code outpost/{stage}/run-token-key}, at least 32
 * bytes in hex, for each agent {@code outpost/{stage}/agents/{agent}}, a JSON object of variables,
 * and {@code outpost/{stage}/git}, the token for repositories. Safe for use by many threads.
 */
public final class Secrets implements Credentials {
  private final SecretsManagerClient client;
  private final String prefix;

  /** The secrets of that stage. */
  public Secrets(SecretsManagerClient client, String stage) {
    this.client = Objects.requireNonNull(client, "client");
    this.prefix = "outpost/" + Objects.requireNonNull(stage, "stage") + "/";
  }

  /** The tokens of runs under the installation's key. One call. */
  public RunTokens runTokens() {
    return new RunTokens(HexFormat.of().parseHex(read("run-token-key").strip()));
  }

  @Override
  public Map<String, String> of(Agent agent) {
    if (agent.secretNames().isEmpty()) {
      return Map.of();
    }
    Map<String, Object> all;
    try {
      all = JSON.std.mapFrom(read("agents/" + agent.id()));
    } catch (ResourceNotFoundException _) {
      // It was never filled: the agent will say which variable it misses.
      return Map.of();
    } catch (IOException _) {
      // Neither the text nor the parser's excerpt of it may reach a log.
      throw new IllegalStateException("the secret of agent " + agent.id() + " is no JSON object");
    }
    Map<String, String> wanted = new LinkedHashMap<>();
    for (String name : agent.secretNames()) {
      if (all.get(name) instanceof String value && !value.isBlank()) {
        wanted.put(name, value);
      }
    }
    return wanted;
  }

  /** What gives access to repositories; empty when it was never filled. One call. */
  public Optional<String> gitToken() {
    try {
      return Optional.of(read("git").strip()).filter(token -> !token.isEmpty());
    } catch (ResourceNotFoundException _) {
      return Optional.empty();
    }
  }

  private String read(String name) {
    return client.getSecretValue(request -> request.secretId(prefix + name)).secretString();
  }
}
