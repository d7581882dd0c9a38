package dev.outpost.webhook;

import dev.outpost.InstallationKey;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * The secrets that sign what webhooks are sent. They follow from a key of the installation and are
 * stored nowhere. Safe for use by many threads.
 */
public final class SigningSecrets {
  /** What a secret begins with (Standard Webhooks, "Signature scheme"). */
  public static final String MARK = "whsec_";

  private final InstallationKey key;

  /** Secrets under that key. */
  public SigningSecrets(InstallationKey key) {
    this.key = Objects.requireNonNull(key, "key");
  }

  /** A webhook's secret of that generation: {@value #MARK} and 32 bytes in base64. */
  public String of(WebhookId id, int generation) {
    return MARK + Base64.getEncoder().encodeToString(key.derive("webhook", id.value(), generation));
  }

  /** A webhook's secrets of those generations. */
  public List<String> of(WebhookId id, List<Integer> generations) {
    return generations.stream().map(generation -> of(id, generation)).toList();
  }
}
