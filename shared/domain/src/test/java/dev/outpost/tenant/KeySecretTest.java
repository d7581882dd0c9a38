package dev.outpost.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySecretTest {
  private final KeySecret key = KeySecret.random(new Random(1));

  @Test
  void aKeyIsItsMarkAndSixtyFourHexCharacters() {
    assertThat(key.reveal()).matches("otp_[0-9a-f]{64}");
    assertThat(key.prefix()).hasSize(12).isEqualTo(key.reveal().substring(0, 12));
    assertThat(KeySecret.parse(key.reveal()).orElseThrow().hash()).isEqualTo(key.hash());
  }

  @Test
  void itIsNeverPrintedWhole() {
    assertThat(key.toString()).doesNotContain(key.reveal().substring(12));
  }

  @Test
  void itIsStoredAsItsSha256() {
    // echo -n otp_000…0 | sha256sum
    assertThat(KeySecret.parse("otp_" + "0".repeat(64)).orElseThrow().hash().value())
        .hasSize(64)
        .matches("[0-9a-f]+");
    assertThat(key.hash()).isNotEqualTo(KeySecret.random(new Random(2)).hash());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "otp_", "otp_12", "OTP_00", "Bearer otp_0", "otp_ABCDEF"})
  void whatHasNotItsFormIsNoKey(String text) {
    assertThat(KeySecret.parse(text)).isEmpty();
    assertThat(KeySecret.parse(text + "G".repeat(64))).isEmpty();
  }
}
