package dev.outpost.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Kills the machine, runners and agents, and starts the machine again on the same folder and port.
 * Remembers which dispatches were hit, and by what. For one thread.
 */
final class Havoc implements AutoCloseable {
  /** How long a moment is waited for; the load brings each about much sooner. */
  private static final Duration MOMENT = Duration.ofSeconds(60);

  private static final int LONGEST_START_MILLIS = 1_500;
  private static final int KILL_ROUNDS = 50;

  private final Path data;
  private final int port;
  private final Path marks;
  private final Random random;
  private final Map<String, Set<Blow>> hits = new HashMap<>();
  private final Map<Blow, Integer> dealt = new EnumMap<>(Blow.class);
  private UpProcess up;

  /** On that machine, which is closed with this. */
  Havoc(UpProcess up, Path data, Path marks, Random random) throws IOException {
    this.up = up;
    this.data = data;
    this.port = up.port();
    this.marks = marks;
    this.random = random;
  }

  /** The machine as it runs now. */
  UpProcess up() {
    return up;
  }

  /** How often each blow was dealt. */
  Map<Blow, Integer> dealt() {
    return new EnumMap<>(dealt);
  }

  /** What each dispatch was hit by. */
  Map<String, Set<Blow>> hits() {
    return Map.copyOf(hits);
  }

  /**
   * Deals a blow; when it returns, the machine is up.
   *
   * @return whether there was anything to hit
   */
  boolean deal(Blow blow, CrashLoad load) throws Exception {
    boolean hit =
        switch (blow) {
          case MACHINE -> {
            killMachine();
            yield true;
          }
          case MACHINE_AFTER_ANSWER -> {
            int before = accepted(load);
            boolean came = comes(() -> accepted(load) > before);
            killMachine();
            yield came;
          }
          case MACHINE_AS_RUNNER_STARTS -> {
            Set<String> before = ours().keySet();
            boolean came = comes(() -> !before.containsAll(ours().keySet()));
            killMachine();
            yield came;
          }
          case MACHINE_AS_AGENT_BEGINS -> {
            int before = Marks.read(marks).begins().size();
            boolean came = comes(() -> Marks.read(marks).begins().size() > before);
            killMachine();
            yield came;
          }
          case MACHINE_AS_AGENT_ENDS -> {
            int before = Marks.read(marks).ends().size();
            boolean came = comes(() -> Marks.read(marks).ends().size() > before);
            killMachine();
            yield came;
          }
          case MACHINE_WHILE_STARTING -> {
            killMachine();
            up = UpProcess.launch(data, port);
            Thread.sleep(random.nextInt(LONGEST_START_MILLIS));
            killMachine();
            yield true;
          }
          case RUNNER -> comes(() -> killRunner(blow));
          case AGENT -> comes(() -> killAgent(blow, load));
          case RUNNER_WHILE_DOWN -> {
            boolean came = comes(() -> !runners().isEmpty());
            killMachine();
            yield killRunner(blow) && came;
          }
          case AGENT_WHILE_DOWN -> {
            boolean came = comes(() -> !agents(load).isEmpty());
            killMachine();
            yield killAgent(blow, load) && came;
          }
          case EVERYTHING -> {
            boolean came = comes(() -> !runners().isEmpty());
            killMachine();
            killAllTasks(blow);
            yield came;
          }
        };
    if (blow.hitsMachine()) {
      up = UpProcess.start(data, port);
    }
    if (hit) {
      dealt.merge(blow, 1, Integer::sum);
    }
    return hit;
  }

  /** Kills the machine and starts it again. */
  void restart() throws Exception {
    killMachine();
    up = UpProcess.start(data, port);
  }

  private void killMachine() throws InterruptedException {
    up.kill();
  }

  private static int accepted(CrashLoad load) {
    return Math.toIntExact(load.asked().stream().filter(Asked::wasAccepted).count());
  }

  /** Whether that comes about in time. */
  private static boolean comes(Poll.Condition moment) throws Exception {
    long until = System.nanoTime() + MOMENT.toNanos();
    while (!moment.holds()) {
      if (System.nanoTime() > until) {
        return false;
      }
      Thread.sleep(2);
    }
    return true;
  }

  /** The runners' processes by their dispatches. */
  private Map<String, Long> runners() throws IOException {
    Map<String, Long> runners = new HashMap<>();
    ours()
        .forEach((id, tree) -> TaskTree.runner(tree).ifPresent(runner -> runners.put(id, runner)));
    return runners;
  }

  private boolean killRunner(Blow blow) throws IOException {
    Map<String, Long> runners = runners();
    Optional<String> victim = oneOf(runners.keySet());
    victim.ifPresent(id -> kill(id, runners.get(id), blow));
    return victim.isPresent();
  }

  /** The agents' processes by their dispatches: those that began and have not come to their end. */
  private Map<String, Long> agents(CrashLoad load) throws IOException {
    Marks seen = Marks.read(marks);
    Map<String, Long> runners = runners();
    Map<String, Long> agents = new HashMap<>();
    for (Asked one : load.asked()) {
      Long pid = seen.pids().get(one.name());
      Long runner = one.id().map(runners::get).orElse(null);
      if (pid != null
          && runner != null
          && seen.ends(one.name()) == 0
          && ProcessTable.row(pid).filter(row -> row.parent() == runner).isPresent()) {
        agents.put(one.id().orElseThrow(), pid);
      }
    }
    return agents;
  }

  private boolean killAgent(Blow blow, CrashLoad load) throws IOException {
    Map<String, Long> agents = agents(load);
    Optional<String> victim = oneOf(agents.keySet());
    victim.ifPresent(id -> kill(id, agents.get(id), blow));
    return victim.isPresent();
  }

  private void killAllTasks(Blow blow) throws IOException, InterruptedException {
    Map<String, Set<Long>> all = ours();
    for (int round = 0; round < KILL_ROUNDS && !all.isEmpty(); round++) {
      all.forEach((id, tree) -> tree.forEach(pid -> kill(id, pid, blow)));
      Thread.sleep(5);
      all = ours();
    }
  }

  /** The tasks of our machine: somebody else's may run beside it. */
  private Map<String, Set<Long>> ours() throws IOException {
    return TaskTree.under(data);
  }

  private void kill(String id, long pid, Blow blow) {
    // Before the kill: a campaign must not call untrue what it did not note in time.
    hits.computeIfAbsent(id, _ -> EnumSet.noneOf(Blow.class)).add(blow);
    TaskTree.kill(pid);
  }

  private Optional<String> oneOf(Set<String> ids) {
    List<String> sorted = new ArrayList<>(new HashSet<>(ids));
    sorted.sort(null);
    return sorted.isEmpty()
        ? Optional.empty()
        : Optional.of(sorted.get(random.nextInt(sorted.size())));
  }

  @Override
  public void close() throws IOException {
    up.close();
  }
}
