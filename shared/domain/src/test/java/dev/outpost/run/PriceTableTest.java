package dev.outpost.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceTableTest {
  private static final Price SMALL = new Price(1, 2, 0.1, 5);
  private static final Price LARGE = new Price(3, 1, 0.3, 4);
  private static final PriceTable TABLE =
      new PriceTable(
          Optional.of(LocalDate.of(2026, 11, 25)), Map.of("m-1", SMALL, "m-1-large", LARGE));

  @ParameterizedTest
  @CsvSource({
    "m-1, 1",
    "vendor/m-1, 1",
    "m-1-2026-01-15, 1",
    "vendor/m-1@latest, 1",
    "m-1-large, 3",
    "m-1-large-2026-01-15, 3",
    "m-1-larger, 1"
  })
  void aModelIsKnownByItsNameWhereverItIsAndWhateverItsVersion(String model, double input) {
    assertThat(TABLE.of(model).orElseThrow().input()).isEqualTo(input);
  }

  @ParameterizedTest
  @CsvSource({"m-2", "m-10", "m", "am-1", "''", "m-1/x"})
  void anotherModelHasNoPrice(String model) {
    assertThat(TABLE.of(model)).isEmpty();
  }

  @Test
  void whatIsUnknownMayCostAsMuchAsTheDearestInEachPart() {
    assertThat(TABLE.dearest()).contains(new Price(3, 2, 0.3, 5));
    assertThat(PriceTable.EMPTY.dearest()).isEmpty();
  }

  @Test
  void aPriceIsForAMillionTokens() {
    assertThat(SMALL.of(1_000_000, 500_000, 2_000_000, 100_000)).isEqualTo(2.7, within(1e-12));
    assertThat(SMALL.of(0, 0, 0, 0)).isZero();
  }

  @Test
  void pricesNeedTheirDay() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PriceTable(Optional.empty(), Map.of("m", SMALL)));
  }
}
