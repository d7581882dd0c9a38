package dev.outpost.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.InstallationKey;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class SigningSecretsTest {
  private final WebhookId id = new WebhookId("whk_01KANWJ0M8Q2Z5Y7X3C9D4E6FG");
  private final SigningSecrets secrets = new SigningSecrets(new InstallationKey(key(0)));

  private static byte[] key(int from) {
    byte[] key = new byte[InstallationKey.MIN_BYTES];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (from + i);
    }
    return key;
  }

  /** Tenants have copied them, so they must be the same for ever. */
  @Test
  void aSecretFollowsFromTheKeyTheWebhookAndTheGeneration() {
    assertThat(secrets.of(id, 1)).isEqualTo("whsec_BIjc4ayHjHEEGNwz6MiDRNSc+KMooaZ4rJSdoYduAdM=");
    assertThat(secrets.of(id, 2)).isEqualTo("whsec_rWUinFMhw5goCPdvjtY0qpBSYUCKMIP2kBLHwZQ5W9M=");
  }

  @Test
  void anotherWebhookAndAnotherInstallationHaveOthers() {
    assertThat(secrets.of(Samples.webhookId(), 1)).isNotEqualTo(secrets.of(id, 1));
    assertThat(new SigningSecrets(new InstallationKey(key(1))).of(id, 1))
        .isNotEqualTo(secrets.of(id, 1));
  }

  /** Standard Webhooks, "Signature scheme": between 24 and 64 bytes. */
  @Test
  void aSecretHasAsManyBytesAsTheHashThatItIsFor() {
    String secret = secrets.of(id, 1);
    assertThat(secret).startsWith(SigningSecrets.MARK);
    assertThat(Base64.getDecoder().decode(secret.substring(SigningSecrets.MARK.length())))
        .hasSize(32);
  }

  @Test
  void secretsOfGenerationsComeInTheirOrder() {
    assertThat(secrets.of(id, List.of(2, 1))).containsExactly(secrets.of(id, 2), secrets.of(id, 1));
  }
}
