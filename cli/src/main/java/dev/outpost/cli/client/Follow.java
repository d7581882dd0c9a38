package dev.outpost.cli.client;

import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Shell;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Stays with a dispatch until it has ended. */
final class Follow {
  // The API answers early when the status changes; a person also wants to see the percentage move.
  private static final Duration LIVE = Duration.ofSeconds(2);
  private static final Duration QUIET = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  // A restart of `outpost up` loses no dispatch, so it should not end the wait for one either.
  private static final int FAILURES_IN_A_ROW = 30;

  private final Api api;
  private final Shell shell;

  Follow(Api api, Shell shell) {
    this.api = Objects.requireNonNull(api, "api");
    this.shell = Objects.requireNonNull(shell, "shell");
  }

  /** The dispatch as it ended; on the way there its progress is told on standard error. */
  Seen untilEnd(String id) {
    try (ProgressLine line = new ProgressLine(shell)) {
      Seen seen = look(id, Duration.ZERO);
      line.show(seen);
      Duration wait = shell.terminal().err() ? LIVE : QUIET;
      while (!seen.hasEnded()) {
        Instant asked = shell.clock().instant();
        String before = seen.status();
        seen = look(id, wait);
        line.show(seen);
        Duration took = Duration.between(asked, shell.clock().instant());
        if (!seen.hasEnded() && seen.status().equals(before) && took.compareTo(PAUSE) < 0) {
          // It would not wait for us, so we must.
          shell.pause().of(PAUSE);
        }
      }
      return seen;
    }
  }

  /** The same, and on to the dispatch that a failure is handed to, until nobody stands by. */
  Seen untilLast(String id) {
    Seen seen = untilEnd(id);
    Optional<String> next = seen.text("fallbackId");
    while (next.isPresent()) {
      shell
          .complaints()
          .println(
              shell.terminal().paint(seen.status())
                  + seen.text("cause").map(cause -> ": " + cause).orElse("")
                  + "; handed on to "
                  + next.get());
      Optional<Seen> last = handedOn(next.get());
      if (last.isEmpty()) {
        return seen;
      }
      seen = last.get();
      next = seen.text("fallbackId");
    }
    return seen;
  }

  /** Empty when it did not come about: the day was used up. */
  private Optional<Seen> handedOn(String id) {
    for (int looks = 0; looks < FAILURES_IN_A_ROW; looks++) {
      try {
        return Optional.of(untilEnd(id));
      } catch (Refusal refusal) {
        if (!refusal.code().equals("NOT_FOUND")) {
          throw refusal;
        }
        shell.pause().of(PAUSE);
      }
    }
    return Optional.empty();
  }

  private Seen look(String id, Duration wait) {
    for (int failures = 0; ; failures++) {
      try {
        return read(api, id, wait);
      } catch (Refusal refusal) {
        if (!refusal.passing() || failures >= FAILURES_IN_A_ROW) {
          throw refusal;
        }
        shell.pause().of(PAUSE);
      }
    }
  }

  /** The dispatch without its log, at once or when its status changes. */
  static Seen read(Api api, String id, Duration wait) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("skipLogs", "true");
    if (wait.isPositive()) {
      query.put("waitSeconds", Long.toString(wait.toSeconds()));
    }
    return new Seen(api.get("/dispatch/" + Api.encode(id), query));
  }
}
