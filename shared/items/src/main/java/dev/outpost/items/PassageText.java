package dev.outpost.items;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Passage;
import dev.outpost.dispatch.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The statuses that a dispatch has taken as a short text, for each byte of its item counts: of each
 * its letter, the version, and the nanoseconds since the acceptance to the base 36, such as {@code
 * V2:7pvm3R4:j6zq1k}. Not the first, which the acceptance tells, nor the end, which the state does.
 */
final class PassageText {
  private static final Pattern ONE = Pattern.compile("([A-Z])(\\d+):(-?[0-9a-z]+)");
  private static final int RADIX = 36;

  private PassageText() {}

  /** The text; empty as long as it has had but the first. */
  static Optional<String> of(Dispatch dispatch) {
    long accepted = Nanos.of(dispatch.createdAt());
    StringBuilder text = new StringBuilder();
    for (Passage passage : dispatch.passages().subList(1, dispatch.passages().size())) {
      if (passage.status().isTerminal()) {
        break;
      }
      text.append(letter(passage.status()))
          .append(passage.version())
          .append(':')
          .append(Long.toString(Nanos.of(passage.at()) - accepted, RADIX));
    }
    return Optional.of(text.toString()).filter(written -> !written.isEmpty());
  }

  /**
   * What {@link #of} has written, with what it left out.
   *
   * @param version the record's, by which it ended if it has
   */
  static List<Passage> read(
      Optional<String> text, Instant createdAt, DispatchState state, long version) {
    List<Passage> passages = new ArrayList<>();
    passages.add(new Passage(Status.PENDING, 1, createdAt));
    long accepted = Nanos.of(createdAt);
    Matcher one = ONE.matcher(text.orElse(""));
    while (one.find()) {
      passages.add(
          new Passage(
              status(one.group(1).charAt(0)),
              Long.parseLong(one.group(2)),
              Nanos.instant(accepted + Long.parseLong(one.group(3), RADIX))));
    }
    if (passages.getLast().status() != state.status()) {
      // The end; or what an earlier version wrote, which had no text.
      passages.add(new Passage(state.status(), version, state.begin(createdAt)));
    }
    return passages;
  }

  private static char letter(Status status) {
    return switch (status) {
      case PENDING -> 'P';
      case PROVISIONING -> 'V';
      case RUNNING -> 'R';
      case COMPLETING -> 'C';
      case SUCCESS, FAILED, TIMEOUT, CANCELLED ->
          throw new IllegalArgumentException("an end is in the state: " + status);
    };
  }

  private static Status status(char letter) {
    return switch (letter) {
      case 'P' -> Status.PENDING;
      case 'V' -> Status.PROVISIONING;
      case 'R' -> Status.RUNNING;
      case 'C' -> Status.COMPLETING;
      default -> throw new IllegalArgumentException("no status has the letter " + letter);
    };
  }
}
