package dev.outpost.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretNameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "A",
        "ANTHROPIC_API_KEY",
        "GIT_TOKEN",
        "NPM_TOKEN",
        "NODE_AUTH_TOKEN",
        "DB_PASSWORD"
      })
  void usualNamesAreGood(String name) {
    assertThat(SecretName.flaw(name)).isEmpty();
    assertThat(SecretName.parse(name)).contains(new SecretName(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "1A", "_A", "A-B", "A B", "A\n", "Ä", "A=B"})
  void otherFormsAreNone(String name) {
    assertThat(SecretName.flaw(name)).contains(SecretName.FORM);
  }

  @Test
  void aNameHasAtMost64Characters() {
    assertThat(SecretName.parse("A".repeat(64))).isPresent();
    assertThat(SecretName.parse("A".repeat(65))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PATH",
        "HOME",
        "LD_PRELOAD",
        "LD_LIBRARY_PATH",
        "NODE_OPTIONS",
        "BASH_ENV",
        "ENV",
        "GIT_SSH_COMMAND",
        "GIT_CONFIG_GLOBAL",
        "GIT_TOKEN_2",
        "OUTPOST_API_URL",
        "HTTPS_PROXY",
        "ANTHROPIC_BASE_URL",
        "JAVA_TOOL_OPTIONS",
        "PYTHONSTARTUP",
        "PERL5OPT",
        "RUBYOPT",
        "SSL_CERT_FILE",
        "NPM_CONFIG_REGISTRY"
      })
  void whatSteersAProcessIsNoSecret(String name) {
    assertThat(SecretName.flaw(name)).hasValueSatisfying(why -> assertThat(why).contains("steers"));
    assertThatThrownBy(() -> new SecretName(name)).isInstanceOf(IllegalArgumentException.class);
  }
}
