package dev.outpost.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.InstallationKey;
import dev.outpost.Ulids;
import dev.outpost.dispatch.DispatchId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RunTokensTest {
  private final DispatchId id = new DispatchId("dsp_" + Ulids.floor(Instant.EPOCH));
  private final RunTokens tokens = new RunTokens(new InstallationKey(new byte[32]));

  @Test
  void aTokenIsGoodForItsDispatchItsAttemptAndItsPurposeOnly() {
    String claim = tokens.claimToken(id, 1);
    assertThat(tokens.isClaimToken(claim, id, 1)).isTrue();
    assertThat(tokens.isClaimToken(claim, id, 2)).isFalse();
    assertThat(tokens.isReportToken(claim, id, 1)).isFalse();
    assertThat(tokens.isClaimToken(claim, new DispatchId("dsp_other"), 1)).isFalse();
    assertThat(tokens.isReportToken(tokens.reportToken(id, 3), id, 3)).isTrue();
  }

  @Test
  void theSameOrderHasTheSameTokenSoThatItsRunTaskIsByteIdentical() {
    assertThat(new RunTokens(new InstallationKey(new byte[32])).claimToken(id, 1))
        .isEqualTo(tokens.claimToken(id, 1));
    byte[] other = new byte[32];
    other[0] = 1;
    assertThat(new RunTokens(new InstallationKey(other)).claimToken(id, 1))
        .isNotEqualTo(tokens.claimToken(id, 1));
  }

  @Test
  void aShortKeyIsRefused() {
    assertThatThrownBy(() -> new RunTokens(new InstallationKey(new byte[16])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32");
  }
}
