package dev.outpost.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostTokensTest {
  private static final TenantId BRINGS = TenantId.random();
  private static final String REPOSITORY = "https://git.test/octo/shop.git";

  private final HostTokens tokens =
      new HostTokens("git.test", new Two(), () -> Optional.of("the installation's"));

  /** One tenant that brings a token, and all others that don't. */
  private static final class Two implements TenantSecrets {
    @Override
    public OwnSecrets of(TenantId id) {
      return id.equals(BRINGS)
          ? new OwnSecrets(Map.of(GitTokens.NAME, "the tenant's"))
          : OwnSecrets.NONE;
    }

    @Override
    public List<Kept> list(TenantId id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Keeping put(TenantId id, SecretName name, String value, Instant now) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean remove(TenantId id, SecretName name) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void theTenantsOwnComesFirst() {
    assertThat(tokens.token(BRINGS, REPOSITORY)).contains("the tenant's");
    assertThat(tokens.token(TenantId.random(), REPOSITORY)).contains("the installation's");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.test/octo/shop.git",
        "https://git.test.evil.test/octo/shop.git",
        "https://git.test:8443/octo/shop.git",
        "https://git.test@evil.test/octo/shop.git",
        "https://evil.test/git.test/shop.git",
        "http://git.test/octo/shop.git",
        "ssh://git.test/octo/shop.git",
        "git@git.test:octo/shop.git",
        "file:///git.test/shop.git",
        "not a url"
      })
  void nobodyElsesServerIsSentOne(String repository) {
    assertThat(tokens.token(BRINGS, repository)).isEmpty();
  }

  @Test
  void theHostMayBeWrittenInAnyCase() {
    assertThat(tokens.token(BRINGS, "https://Git.Test/octo/shop.git")).contains("the tenant's");
  }
}
