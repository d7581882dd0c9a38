package dev.outpost.smallworld;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.reconcile.Reconcile;
import dev.outpost.smallworld.World.Kind;
import dev.outpost.smallworld.World.Scope;
import dev.outpost.workspace.Booking.WhenBusy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Walks small worlds to their very end, every one there is: one or two dispatches of a tenant with
 * one slot, or with one workspace that both want, a cancel, up to so many faults, and every order
 * of all steps.
 */
class SmallWorldTest {
  private static final Set<Kind> NONE = EnumSet.noneOf(Kind.class);

  private static final List<Scope> SCOPES =
      List.of(
          new Scope(1, 0, NONE, true, true),
          new Scope(2, 0, NONE, false, true),
          new Scope(
              1,
              1,
              EnumSet.of(
                  Kind.CALLS,
                  Kind.STOPS,
                  Kind.ROOM,
                  Kind.PLATFORM,
                  Kind.TWINS,
                  Kind.SILENCE,
                  Kind.DELIVERY),
              false,
              true),
          new Scope(1, 1, EnumSet.of(Kind.CALLS, Kind.STOPS, Kind.DELIVERY), false, false),
          new Scope(1, 1, EnumSet.of(Kind.ROOM), true, true),
          new Scope(1, 1, EnumSet.of(Kind.AGES), true, true),
          new Scope(1, 1, EnumSet.of(Kind.SILENCE), true, true),
          new Scope(1, 1, EnumSet.of(Kind.DELIVERY), true, true),
          new Scope(1, 1, EnumSet.of(Kind.STOPS), true, true),
          new Scope(1, 1, EnumSet.of(Kind.CALLS), true, true),
          new Scope(2, 0, NONE, true, true),
          new Scope(1, 1, EnumSet.of(Kind.LATE), false, true),
          new Scope(1, 2, EnumSet.of(Kind.STOPS, Kind.AGES), false, true),
          new Scope(2, 0, NONE, false, true, Optional.of(WhenBusy.WAIT)),
          new Scope(2, 0, NONE, true, true, Optional.of(WhenBusy.REJECT)),
          shared(WhenBusy.WAIT, 1, Kind.ROOM, Kind.PLATFORM),
          shared(WhenBusy.WAIT, 1, Kind.CALLS),
          shared(WhenBusy.WAIT, 1, Kind.STOPS),
          shared(WhenBusy.WAIT, 1, Kind.DELIVERY),
          shared(WhenBusy.WAIT, 1, Kind.TWINS),
          shared(WhenBusy.WAIT, 1, Kind.HANGS),
          shared(WhenBusy.REJECT, 2, Kind.ROOM, Kind.PLATFORM),
          shared(WhenBusy.REJECT, 1, Kind.CALLS, Kind.STOPS));

  /** Two dispatches of one workspace, and what goes wrong; nobody cancels. */
  private static Scope shared(WhenBusy first, int faults, Kind... kinds) {
    return new Scope(2, faults, EnumSet.copyOf(List.of(kinds)), false, true, Optional.of(first));
  }

  /** Told of each of a million rounds that failed, nobody would read a word. */
  private static final Logger RECONCILE = Logger.getLogger(Reconcile.class.getName());

  private final Witness witness = new Witness();

  @BeforeAll
  static void quiet() {
    RECONCILE.setLevel(Level.OFF);
  }

  @AfterAll
  static void aloud() {
    RECONCILE.setLevel(null);
  }

  /**
   * What lies before a world.
   *
   * @param ways how many ways lead from it to an end
   * @param longest how many steps the longest of them has
   */
  private record Ahead(double ways, int longest) {}

  /** Depth first, each world once: what leads to an equal one has an equal future. */
  private static final class Walk {
    private final Map<World, Ahead> known = new HashMap<>();
    private final Deque<String> path = new ArrayDeque<>();
    private long steps;

    Ahead from(World world) {
      Ahead before = known.get(world);
      if (before != null) {
        return before;
      }
      List<World.Step> next = world.steps();
      if (next.isEmpty()) {
        world.close();
      }
      double ways = next.isEmpty() ? 1 : 0;
      int longest = 0;
      for (World.Step step : next) {
        steps++;
        path.addLast(step.what());
        Ahead ahead = from(step.world());
        path.removeLast();
        ways += ahead.ways();
        longest = Math.max(longest, 1 + ahead.longest());
      }
      Ahead all = new Ahead(ways, longest);
      known.put(world, all);
      return all;
    }
  }

  private void walk(Scope scope) {
    Walk walk = new Walk();
    try {
      Ahead all = walk.from(World.of(scope, witness));
      System.out.printf(
          "%s: %,d worlds, %,d steps between them, %.2g interleavings, the longest of %d steps%n",
          scope, walk.known.size(), walk.steps, all.ways(), all.longest());
    } catch (World.Violated e) {
      throw new AssertionError(e.getMessage() + "\nafter:\n  " + String.join("\n  ", walk.path), e);
    }
  }

  @Test
  void everyOrderOfEverythingKeepsThePromises() throws IOException {
    SCOPES.forEach(this::walk);
    assertThat(witness.arrows()).isEqualTo(published());
    assertThat(witness.events()).isEqualTo(kinds());
  }

  /** The arrows of the published diagram, which equals the code. */
  private static Map<String, Set<String>> published() throws IOException {
    Map<String, Set<String>> arrows = new TreeMap<>();
    Matcher arrow =
        Pattern.compile("(?m)^ +([A-Z]\\w+) --> ([A-Z]\\w+): (.+)$")
            .matcher(Files.readString(Path.of("LIFECYCLE.md")));
    while (arrow.find()) {
      arrows.put(
          arrow.group(1) + " --> " + arrow.group(2),
          new TreeSet<>(List.of(arrow.group(3).split(", "))));
    }
    return arrows;
  }

  private static Set<String> kinds() {
    Set<String> kinds = new TreeSet<>();
    Arrays.stream(DispatchEvent.class.getPermittedSubclasses())
        .forEach(kind -> kinds.add(kind.getSimpleName()));
    return kinds;
  }
}
