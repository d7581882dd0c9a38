package dev.outpost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class InstallationKeyTest {
  private final byte[] bytes = new byte[InstallationKey.MIN_BYTES];
  private final InstallationKey key;

  InstallationKeyTest() {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    key = new InstallationKey(bytes);
  }

  @Test
  void aWordIsTheHmacOfWhatItIsFor() {
    // Computed by Python's hmac from b"a purpose|an id|7".
    assertThat(HexFormat.of().formatHex(key.derive("a purpose", "an id", 7)))
        .isEqualTo("03f82a94bb3fd6185da96885c46872c7ef80b528c658f6064d70f4be49ecbc86");
  }

  @Test
  void eachPurposeIdAndNumberHasItsOwn() {
    byte[] word = key.derive("claim", "dsp_1", 1);
    assertThat(key.derive("claim", "dsp_1", 1)).isEqualTo(word).hasSize(32);
    assertThat(key.derive("report", "dsp_1", 1)).isNotEqualTo(word);
    assertThat(key.derive("claim", "dsp_2", 1)).isNotEqualTo(word);
    assertThat(key.derive("claim", "dsp_1", 2)).isNotEqualTo(word);
  }

  @Test
  void itIsNotChangedWithTheBytesItWasMadeOf() {
    byte[] word = key.derive("claim", "dsp_1", 1);
    bytes[0] = 99;
    assertThat(key.derive("claim", "dsp_1", 1)).isEqualTo(word);
    assertThat(new InstallationKey(bytes).derive("claim", "dsp_1", 1)).isNotEqualTo(word);
  }

  @Test
  void aShortOneIsRefused() {
    assertThatThrownBy(() -> new InstallationKey(new byte[InstallationKey.MIN_BYTES - 1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32");
  }
}
