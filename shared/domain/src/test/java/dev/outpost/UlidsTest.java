package dev.outpost;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UlidsTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  @Test
  void idsOfOneMillisecondKeepTheirOrder() {
    Ulids ulids = new Ulids(InstantSource.fixed(NOW), new Random(7));
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      ids.add(ulids.next());
    }
    assertThat(ids).isSorted().doesNotHaveDuplicates().allMatch(Ulids::isUlid);
  }

  @Test
  void idsSortByTime() {
    String earlier = new Ulids(InstantSource.fixed(NOW), new Random(1)).next();
    String later = new Ulids(InstantSource.fixed(NOW.plusMillis(1)), new Random(2)).next();
    assertThat(earlier).isLessThan(later).isGreaterThanOrEqualTo(Ulids.floor(NOW));
    assertThat(Ulids.floor(NOW.plusMillis(1))).isGreaterThan(earlier).isLessThanOrEqualTo(later);
  }

  @Test
  void theTimePartIsTheOneOfTheSpecification() {
    // The example of the specification: 1469918176385 ms is 01ARYZ6S41.
    assertThat(Ulids.floor(Instant.ofEpochMilli(1_469_918_176_385L)))
        .isEqualTo("01ARYZ6S410000000000000000");
  }

  @Test
  void allEightyRandomBitsAreUsed() {
    var seen = new HashSet<Character>();
    for (int seed = 0; seed < 500; seed++) {
      seen.add(new Ulids(InstantSource.fixed(NOW), new Random(seed)).next().charAt(13));
    }
    assertThat(seen).hasSize(32);
  }

  @Test
  void foreignLettersAreNoUlid() {
    assertThat(Ulids.isUlid("01ARYZ6S41TSV4RRFFQ69G5FAV")).isTrue();
    assertThat(Ulids.isUlid("01ARYZ6S41TSV4RRFFQ69G5FAU")).isFalse();
    assertThat(Ulids.isUlid("01aryz6s41tsv4rrffq69g5fav")).isFalse();
    assertThat(Ulids.isUlid("81ARYZ6S41TSV4RRFFQ69G5FAV")).isFalse();
    assertThat(Ulids.isUlid("")).isFalse();
  }
}
