package dev.outpost.simulation;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.Launch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The witness of logs (invariant 15): who reads a dispatch's log is told consecutive lines of one
 * task of that dispatch from where they asked on, and, once all is calm, every line.
 */
final class Readings {
  private final World world;
  private final Ledger ledger;
  private final Map<String, List<String>> printed = new HashMap<>();

  Readings(World world, Ledger ledger) {
    this.world = world;
    this.ledger = ledger;
  }

  /** A task's runner has printed its next line. */
  void printed(String arn, String line) {
    printed.computeIfAbsent(arn, _ -> new ArrayList<>()).add(line);
  }

  /** A client sets out to read so many lines of a log. */
  Reading begin(String dispatch, int offset, int limit) {
    return new Reading(dispatch, offset, limit);
  }

  private List<String> linesOf(String arn) {
    return printed.getOrDefault(arn, List.of());
  }

  private static List<String> part(List<String> lines, int offset, int limit) {
    int from = Math.min(offset, lines.size());
    return lines.subList(from, Math.min(lines.size(), from + limit));
  }

  /** One request for a part of a log. */
  final class Reading {
    private final String dispatch;
    private final int offset;
    private final int limit;

    /** The task that the record named when the request was sent. */
    private final Optional<String> task;

    /** All that there is to be read, if nothing is to come and nothing goes wrong any more. */
    private final Optional<List<String>> whole;

    private Reading(String dispatch, int offset, int limit) {
      this.dispatch = dispatch;
      this.offset = offset;
      this.limit = limit;
      this.task = taskNow();
      Instant found = world.timeline().instant().minus(World.LONGEST_INGESTION);
      this.whole =
          task.filter(_ -> world.weather().isClear() && record().state().isTerminal())
              .filter(arn -> endedBefore(arn, found))
              .map(arn -> List.copyOf(part(linesOf(arn), offset, limit)));
    }

    private Dispatch record() {
      return ledger.dispatches().get(dispatch);
    }

    private Optional<String> taskNow() {
      return record().state().launched().flatMap(Launch::taskArn);
    }

    private boolean endedBefore(String arn, Instant found) {
      return ledger.story(dispatch).task(arn).endedAt.filter(found::isAfter).isPresent();
    }

    /** It was answered with these lines, and where to read on. */
    void told(List<String> lines, int next) {
      // The record may have come to another task meanwhile.
      Set<String> tasks =
          task.isPresent() && task.equals(taskNow())
              ? Set.of(task.get())
              : ledger.story(dispatch).tasks.keySet();
      require(
          lines.size() <= limit
              && (lines.isEmpty()
                  || tasks.stream()
                      .anyMatch(arn -> part(linesOf(arn), offset, lines.size()).equals(lines))),
          "was told as " + lines);
      require(next == offset + lines.size(), "is to be read on from " + next);
      require(whole.isEmpty() || whole.get().equals(lines), "has " + whole + ", told is " + lines);
    }

    private void require(boolean holds, String what) {
      ledger.require(holds, 15, "the log of " + dispatch + " from " + offset + " on " + what);
    }
  }
}
