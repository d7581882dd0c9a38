package dev.outpost.cdk;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.services.logs.RetentionDays;

/** How long CloudWatch keeps logs: it knows a few numbers of days only. */
final class Retention {
  private static final Map<Integer, RetentionDays> KNOWN =
      Map.of(
          1, RetentionDays.ONE_DAY,
          7, RetentionDays.ONE_WEEK,
          14, RetentionDays.TWO_WEEKS,
          30, RetentionDays.ONE_MONTH,
          90, RetentionDays.THREE_MONTHS,
          180, RetentionDays.SIX_MONTHS,
          365, RetentionDays.ONE_YEAR);

  private Retention() {}

  /**
   * That many days.
   *
   * @throws IllegalArgumentException when it is none of the numbers that CloudWatch knows
   */
  static RetentionDays days(int days) {
    RetentionDays known = KNOWN.get(days);
    if (known == null) {
      throw new IllegalArgumentException(
          "logDays must be one of "
              + Arrays.toString(new TreeMap<>(KNOWN).keySet().toArray())
              + ", not "
              + days);
    }
    return known;
  }
}
