package dev.outpost.secrets;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.InstallationKey;
import dev.outpost.agent.Agent;
import dev.outpost.claim.Credentials;
import dev.outpost.claim.RunTokens;
import dev.outpost.webhook.SigningSecrets;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/**
 * The installation's secrets in Secrets Manager: {@code outpost/{stage}/run-token-key} and {@code
 * outpost/{stage}/webhook-key}, at least 32 bytes in hex each, for each agent {@code
 * outpost/{stage}/agents/{agent}}, a JSON object of variables, and {@code outpost/{stage}/git}, the
 * token for repositories. Safe for use by many threads.
 *
 * <p>Each call costs as much as the rest of a claim together, so what agents and git need is kept
 * for {@link #KEPT}: a secret that is changed, or filled for the first time, is used by all within
 * that time. What a vendor is told to revoke should be revoked after it.
 */
public final class Secrets implements Credentials {
  /** How long a secret that was read is used without another look. */
  public static final Duration KEPT = Duration.ofMinutes(5);

  private final SecretsManagerClient client;
  private final String prefix;
  private final InstantSource clock;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /**
   * A secret as it was read.
   *
   * @param text its text; empty when it was never filled
   * @param until when it must be read again
   */
  private record Known(Optional<String> text, Instant until) {
    @Override
    public String toString() {
      return "Known[until=" + until + "]";
    }
  }

  /** The secrets of that stage. */
  public Secrets(SecretsManagerClient client, String stage, InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    this.client = Objects.requireNonNull(client, "client");
    this.prefix = "outpost/" + Objects.requireNonNull(stage, "stage") + "/";
  }

  /** The tokens of runs under the installation's key. One call. */
  public RunTokens runTokens() {
    return new RunTokens(key("run-token-key"));
  }

  /** The secrets that sign webhooks under the installation's key. One call. */
  public SigningSecrets signingSecrets() {
    return new SigningSecrets(key("webhook-key"));
  }

  @Override
  public Map<String, String> of(Agent agent) {
    if (agent.secretNames().isEmpty()) {
      return Map.of();
    }
    Optional<String> text = known("agents/" + agent.id());
    if (text.isEmpty()) {
      // It was never filled: the agent will say which variable it misses.
      return Map.of();
    }
    Map<String, Object> all;
    try {
      all = JSON.std.mapFrom(text.get());
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

  /** What gives access to repositories; empty when it was never filled. */
  public Optional<String> gitToken() {
    return known("git").map(String::strip).filter(token -> !token.isEmpty());
  }

  /** The secret as it is, or was less than {@link #KEPT} ago. A failure is not kept. */
  private Optional<String> known(String name) {
    Instant now = clock.instant();
    Known kept = known.get(name);
    if (kept != null && now.isBefore(kept.until())) {
      return kept.text();
    }
    Optional<String> text;
    try {
      text = Optional.of(read(name));
    } catch (ResourceNotFoundException _) {
      text = Optional.empty();
    }
    known.put(name, new Known(text, now.plus(KEPT)));
    return text;
  }

  private InstallationKey key(String name) {
    return new InstallationKey(HexFormat.of().parseHex(read(name).strip()));
  }

  private String read(String name) {
    return client.getSecretValue(request -> request.secretId(prefix + name)).secretString();
  }
}
