package dev.outpost.machine;

import static dev.outpost.run.ContainerContract.ATTEMPT;
import static dev.outpost.run.ContainerContract.DISPATCH_ID;
import static dev.outpost.run.ContainerContract.EXIT_KILLED;
import static dev.outpost.run.ContainerContract.TASK_ARN;
import static dev.outpost.run.ContainerContract.WORK_DIR;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * The operating system's side of tasks. A task is a session of its own whose leader is a shell that
 * starts the runner and writes down its exit code: so the code is known even when this process was
 * killed meanwhile, and all that the task left behind can be found.
 */
final class TaskProcesses {
  /** Arguments: the task's directory, then the runner's command. */
  private static final String LEADER =
      "dir=$1; shift; echo $$ > \"$dir/pid\"; \"$@\"; code=$?; "
          + "echo $code > \"$dir/exit.new\" && mv \"$dir/exit.new\" \"$dir/exit\"";

  private static final List<String> INHERITED = List.of("PATH", "HOME", "LANG", "JAVA_HOME");

  /** No process has this id, and no session. */
  private static final long NOBODY = -2;

  private static final int KILL_ROUNDS = 100;
  private static final long KILL_PAUSE_NANOS = 10_000_000;
  private static final long LOOK_NANOS = 200_000_000;

  private final Path directory;
  private final List<String> runner;
  private final Map<String, String> inherited;

  /**
   * The processes of tasks under a directory.
   *
   * @param directory has or gets {@code tasks} and {@code logs}
   * @param runner the runner's command line
   * @param host this process's environment, of which little is handed on
   */
  TaskProcesses(Path directory, List<String> runner, Map<String, String> host) {
    this.directory = directory.toAbsolutePath();
    this.runner = List.copyOf(runner);
    this.inherited = new HashMap<>(host);
    this.inherited.keySet().retainAll(INHERITED);
  }

  private Path home(String taskId) {
    return directory.resolve("tasks").resolve(taskId);
  }

  private Path work(String taskId) {
    return home(taskId).resolve("work");
  }

  /** Starts a task's processes, their output going to {@code logs/<task id>.jsonl}. */
  ProcessMark start(LocalTask task) throws IOException {
    Path home = home(task.id());
    Files.createDirectories(work(task.id()));
    Files.createDirectories(directory.resolve("logs"));
    List<String> command = new ArrayList<>(ownSession());
    command.addAll(List.of("sh", "-c", LEADER, "outpost-task", home.toString()));
    command.addAll(runner);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(work(task.id()).toFile())
            .redirectInput(new File("/dev/null"))
            .redirectOutput(append(task.id() + ".jsonl"))
            .redirectError(append(task.id() + ".stderr"));
    builder.environment().clear();
    builder.environment().putAll(inherited);
    builder.environment().putAll(task.environment());
    builder.environment().put(WORK_DIR, work(task.id()).toString());
    builder.environment().put(TASK_ARN, task.arn());
    long pid = builder.start().pid();
    return ProcessMark.of(pid).orElse(ProcessMark.ended(pid));
  }

  private ProcessBuilder.Redirect append(String file) {
    return ProcessBuilder.Redirect.appendTo(directory.resolve("logs").resolve(file).toFile());
  }

  /** A command that runs the rest of its line in a session of its own; macOS has no setsid(1). */
  private List<String> ownSession() {
    for (String place :
        inherited.getOrDefault("PATH", "/usr/bin:/bin").split(File.pathSeparator, -1)) {
      if (!place.isEmpty() && Files.isExecutable(Path.of(place, "setsid"))) {
        return List.of("setsid");
      }
    }
    return List.of("perl", "-e", "use POSIX; POSIX::setsid(); exec @ARGV or exit 127;");
  }

  /**
   * The leader of a task of which it was not written down whether it was started. One that is gone
   * was started all the same: a task's container never starts twice.
   */
  Optional<ProcessMark> search(LocalTask task) {
    try {
      long pid = Long.parseLong(Files.readString(home(task.id()).resolve("pid")).strip());
      return Optional.of(
          ProcessMark.of(pid)
              .filter(mark -> !ProcessTable.isLinux() || isOf(task, mark))
              .orElse(ProcessMark.ended(pid)));
    } catch (IOException | NumberFormatException _) {
      return Optional.empty();
    }
  }

  private boolean isOf(LocalTask task, ProcessMark found) {
    return ProcessTable.now().members(NOBODY, mark(task, false)).contains(found.pid());
  }

  /** Waits until the leader is gone. Without a bound: the task's own limits are the bound. */
  void await(ProcessMark leader) throws InterruptedException {
    Optional<ProcessHandle> child =
        ProcessHandle.of(leader.pid())
            .filter(handle -> handle.parent().filter(ProcessHandle.current()::equals).isPresent());
    if (child.isPresent() && leader.isAlive()) {
      try {
        child.get().onExit().get();
        return;
      } catch (java.util.concurrent.ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
    // Nobody tells us of the end of a process that we did not start.
    while (leader.isAlive()) {
      LockSupport.parkNanos(LOOK_NANOS);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  /** The runner's exit code as it was written down; of one that was killed with its leader: 137. */
  int exitCode(String taskId) {
    try {
      return Integer.parseInt(Files.readString(home(taskId).resolve("exit")).strip());
    } catch (IOException | NumberFormatException _) {
      return EXIT_KILLED;
    }
  }

  /**
   * Asks the runner to end: SIGTERM.
   *
   * @return whether there was one
   */
  boolean terminate(ProcessMark leader) {
    List<Long> children = leader.isAlive() ? ProcessTable.now().children(leader.pid()) : List.of();
    children.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy));
    return !children.isEmpty();
  }

  /**
   * Kills all that lives of the task, again and again until nothing is found.
   *
   * @param alone whether it is the only task of its dispatch; else what carries only the dispatch's
   *     name is left alone
   */
  void killAll(LocalTask task, ProcessMark leader, boolean alone) {
    for (int round = 0; round < KILL_ROUNDS; round++) {
      Set<Long> members = members(task, leader, alone);
      if (members.isEmpty()) {
        return;
      }
      members.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
      LockSupport.parkNanos(KILL_PAUSE_NANOS);
    }
  }

  /** What lives of the task. */
  Set<Long> members(LocalTask task, ProcessMark leader, boolean alone) {
    return ProcessTable.now()
        .members(leader.canBeMeant() ? leader.pid() : NOBODY, mark(task, alone));
  }

  private Predicate<String> mark(LocalTask task, boolean alone) {
    String work = variable(WORK_DIR, work(task.id()).toString());
    String dispatch = variable(DISPATCH_ID, task.environment().getOrDefault(DISPATCH_ID, ""));
    String attempt = variable(ATTEMPT, task.environment().getOrDefault(ATTEMPT, ""));
    boolean named = alone && task.environment().containsKey(DISPATCH_ID);
    return text -> {
      String environment = "\0" + text;
      return environment.contains(work)
          || (named
              && environment.contains(dispatch)
              && (environment.contains(attempt) || !environment.contains("\0" + ATTEMPT + "=")));
    };
  }

  private static String variable(String name, String value) {
    return "\0" + name + "=" + value + "\0";
  }

  /** Removes all files of the task but its log. */
  void remove(String taskId) {
    DirectoryRemoval.remove(home(taskId));
  }

  /** The ids of the tasks that have files. */
  List<String> withFiles() {
    try (var entries = Files.list(directory.resolve("tasks"))) {
      return entries.map(path -> path.getFileName().toString()).toList();
    } catch (IOException _) {
      return List.of();
    }
  }
}
