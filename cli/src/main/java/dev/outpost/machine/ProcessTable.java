package dev.outpost.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The machine's processes at one moment: from {@code /proc} on Linux (proc(5)), elsewhere what Java
 * tells of them, which is parents only.
 */
final class ProcessTable {
  private static final Path PROC = Path.of("/proc");
  private static final Pattern RSS = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");
  private static final Pattern PSS = Pattern.compile("(?m)^Pss:\\s+(\\d+) kB$");
  private static final int NO_SESSION = -1;

  /** Rows that follow their process's name in {@code /proc/<pid>/stat}, counted from its state. */
  private static final int STATE = 0;

  private static final int PARENT = 1;
  private static final int SESSION = 3;
  private static final int START = 19;

  private final List<Row> rows;

  private ProcessTable(List<Row> rows) {
    this.rows = rows;
  }

  /**
   * A process.
   *
   * @param session the session's id, which is its leader's process id; −1 where it is not told
   * @param startTicks when it started, in ticks since the boot; 0 where it is not told
   */
  record Row(long pid, long parent, long session, long startTicks, char state) {
    boolean isZombie() {
      return state == 'Z' || state == 'X';
    }
  }

  static boolean isLinux() {
    return Files.isReadable(PROC.resolve("self/stat"));
  }

  static ProcessTable now() {
    if (isLinux()) {
      List<Row> rows = new ArrayList<>();
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
        for (Path entry : entries) {
          row(Long.parseLong(entry.getFileName().toString())).ifPresent(rows::add);
        }
      } catch (IOException _) {
        // What was read until now is what there is to go by.
      }
      return new ProcessTable(rows);
    }
    return new ProcessTable(
        ProcessHandle.allProcesses()
            .map(
                p ->
                    new Row(
                        p.pid(), p.parent().map(ProcessHandle::pid).orElse(0L), NO_SESSION, 0, 'R'))
            .toList());
  }

  /** One process of {@code /proc}. */
  static Optional<Row> row(long pid) {
    try {
      String stat = read(pid, "stat");
      // The name, in parentheses, may itself hold spaces and parentheses.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Optional.of(
          new Row(
              pid,
              Long.parseLong(fields[PARENT]),
              Long.parseLong(fields[SESSION]),
              Long.parseLong(fields[START]),
              fields[STATE].charAt(0)));
    } catch (IOException | RuntimeException _) {
      return Optional.empty(); // It ended while it was looked at.
    }
  }

  private static String read(long pid, String file) throws IOException {
    return Files.readString(
        PROC.resolve(Long.toString(pid)).resolve(file), StandardCharsets.ISO_8859_1);
  }

  /**
   * Living processes of a task: its session, those with its mark in their environment, and what
   * descends from either.
   *
   * @param leader the process id of the session's leader
   * @param environment tells the task's own environment, given as NUL-terminated variables
   */
  Set<Long> members(long leader, Predicate<String> environment) {
    Set<Long> members = new HashSet<>();
    long self = ProcessHandle.current().pid();
    for (Row row : rows) {
      if (row.pid() == leader
          || row.session() == leader
          || (row.session() != NO_SESSION && environment.test(environment(row.pid())))) {
        members.add(row.pid());
      }
    }
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Row row : rows) {
        grown |= members.contains(row.parent()) && members.add(row.pid());
      }
    }
    members.remove(self);
    rows.stream().filter(Row::isZombie).map(Row::pid).forEach(members::remove);
    return members;
  }

  /** The living children of a process. */
  List<Long> children(long parent) {
    return rows.stream()
        .filter(row -> row.parent() == parent && !row.isZombie())
        .map(Row::pid)
        .toList();
  }

  /**
   * Memory of the processes in KiB; pages that they share count once for each. Zero where the
   * system does not tell.
   */
  static long rssKib(Set<Long> pids) {
    return sum(pids, "status", RSS);
  }

  /** The same with shared pages divided among their processes, which takes longer to find out. */
  static long pssKib(Set<Long> pids) {
    return sum(pids, "smaps_rollup", PSS);
  }

  private static long sum(Set<Long> pids, String file, Pattern kib) {
    long sum = 0;
    for (long pid : pids) {
      try {
        sum +=
            kib.matcher(read(pid, file))
                .results()
                .mapToLong(match -> Long.parseLong(match.group(1)))
                .sum();
      } catch (IOException _) {
        // It ended, and uses nothing.
      }
    }
    return sum;
  }

  private static String environment(long pid) {
    try {
      return read(pid, "environ");
    } catch (IOException _) {
      return ""; // Another user's, or gone.
    }
  }
}
