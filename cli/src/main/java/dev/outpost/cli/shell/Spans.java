package dev.outpost.cli.shell;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time and instants, as people type and read them. */
public final class Spans {
  private static final Pattern SPAN = Pattern.compile("([1-9][0-9]{0,8})([smhdw])");

  private Spans() {}

  /** The length that {@code 90d}, {@code 12h}, {@code 30m}, {@code 45s} or {@code 2w} means. */
  public static Optional<Duration> parse(String text) {
    Matcher matcher = SPAN.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          case "d" -> Duration.ofDays(count);
          default -> Duration.ofDays(7 * count);
        });
  }

  /** The instant that an ISO instant, an ISO day (in UTC) or a length of time ago means. */
  public static Optional<Instant> instant(String text, Instant now) {
    Optional<Duration> ago = parse(text);
    if (ago.isPresent()) {
      return Optional.of(now.minus(ago.get()).truncatedTo(ChronoUnit.SECONDS));
    }
    try {
      return Optional.of(
          text.contains("T")
              ? Instant.parse(text)
              : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  /** The length in its two largest units: {@code 8s}, {@code 2m 05s}, {@code 3h 20m}. */
  public static String brief(Duration length) {
    long seconds = Math.max(0, length.toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return seconds / 60 + "m " + two(seconds % 60) + "s";
    }
    if (seconds < 86_400) {
      return seconds / 3600 + "h " + two(seconds / 60 % 60) + "m";
    }
    return seconds / 86_400 + "d " + two(seconds / 3600 % 24) + "h";
  }

  private static String two(long number) {
    return number < 10 ? "0" + number : Long.toString(number);
  }
}
