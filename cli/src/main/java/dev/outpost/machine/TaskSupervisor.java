package dev.outpost.machine;

import dev.outpost.run.ContainerContract;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Leads each task from its RunTask to its end, on a thread of its own; after a restart it takes up
 * what goes on and ends what has ended meanwhile. Every step is first written down, so that it can
 * be taken up at any point:
 *
 * <ol>
 *   <li>PROVISIONING or PENDING without a process: it is started, unless the leader's own note says
 *       that it was.
 *   <li>RUNNING: its process is waited for, or, when it is gone, its exit code read.
 *   <li>To be stopped: the runner gets SIGTERM, and after the stop timeout all of the task SIGKILL.
 *   <li>Runner gone: what it left is killed, then the task is STOPPED, then its files are removed.
 * </ol>
 */
final class TaskSupervisor implements AutoCloseable {
  private static final Duration WATCH_EVERY = Duration.ofSeconds(1);
  private static final Duration CHILD_LOOK = Duration.ofMillis(20);
  private static final long KIB_PER_MIB = 1024;

  private final Logger log = System.getLogger(TaskSupervisor.class.getName());
  private final LocalTasks tasks;
  private final TaskProcesses processes;
  private final Duration stopTimeout;
  private final InstantSource clock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  TaskSupervisor(
      LocalTasks tasks, TaskProcesses processes, Duration stopTimeout, InstantSource clock) {
    this.tasks = tasks;
    this.processes = processes;
    this.stopTimeout = stopTimeout;
    this.clock = clock;
  }

  /** Takes up all tasks that have not ended, and watches their memory. */
  void start() {
    for (String id : processes.withFiles()) {
      if (tasks.find(id).map(LocalTask::isStopped).orElse(true)) {
        processes.remove(id);
      }
    }
    tasks.all().stream().filter(task -> !task.isStopped()).forEach(task -> lead(task.id()));
    if (ProcessTable.isLinux()) {
      run(this::watchMemory);
    }
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private void run(Work work) {
    var _ =
        threads.submit(
            () -> {
              try {
                work.run();
              } catch (InterruptedException _) {
                // Closed: the task goes on, and the next start takes it up.
              } catch (RuntimeException | Error e) {
                log.log(Level.ERROR, "a task's supervision failed", e);
              }
            });
  }

  /** Leads a task to its end, on another thread. */
  void lead(String id) {
    run(() -> tasks.find(id).filter(task -> !task.isStopped()).ifPresent(this::lead));
  }

  private void lead(LocalTask task) {
    try {
      Optional<ProcessMark> leader = task.leader().or(() -> adopted(task));
      if (leader.isEmpty()) {
        leader = started(task.id());
        if (leader.isEmpty()) {
          return;
        }
      }
      tasks.find(task.id()).filter(LocalTask::isToStop).ifPresent(this::stop);
      processes.await(leader.get());
      end(task.id());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<ProcessMark> adopted(LocalTask task) {
    Optional<ProcessMark> found = processes.search(task);
    found.ifPresent(leader -> running(task.id(), leader));
    return found;
  }

  private Optional<ProcessMark> started(String id) {
    Optional<LocalTask> task =
        tasks.change(
            id, t -> t.isToStop() || t.lastStatus().equals("PENDING") ? t : t.in("PENDING"));
    if (task.isEmpty() || task.get().isToStop()) {
      neverRan(id);
      return Optional.empty();
    }
    try {
      ProcessMark leader = processes.start(task.get());
      running(id, leader);
      return Optional.of(leader);
    } catch (IOException e) {
      String reason = "CannotStartContainerError: " + e.getMessage();
      tasks.change(
          id,
          t ->
              t.toStop("TaskFailedToStart", reason, clock.instant())
                  .withContainer(Map.of("reason", reason)));
      neverRan(id);
      return Optional.empty();
    }
  }

  private void running(String id, ProcessMark leader) {
    String now = clock.instant().toString();
    tasks.change(
        id,
        t ->
            t.startedAs(leader)
                .in("RUNNING")
                .withContainer(Map.of("lastStatus", "RUNNING"))
                .with(
                    Map.of(
                        "connectivity", "CONNECTED",
                        "connectivityAt", now,
                        "pullStartedAt", now,
                        "pullStoppedAt", now,
                        "startedAt", now)));
  }

  private void neverRan(String id) {
    tasks.change(id, t -> t.stopped(clock.instant()));
    processes.remove(id);
  }

  private void end(String id) {
    LocalTask task = tasks.find(id).orElseThrow();
    task.leader().ifPresent(leader -> processes.killAll(task, leader, isAlone(task)));
    Instant now = clock.instant();
    tasks.change(
        id,
        t -> {
          Map<String, Object> container = new LinkedHashMap<>();
          container.put("lastStatus", "STOPPED");
          container.put(
              "exitCode",
              t.isOutOfMemory() ? ContainerContract.EXIT_KILLED : processes.exitCode(id));
          return t.toStop("EssentialContainerExited", "Essential container in task exited", now)
              .in("DEPROVISIONING")
              .withContainer(container)
              .with(Map.of("executionStoppedAt", now.toString()));
        });
    tasks.change(id, t -> t.stopped(clock.instant()));
    processes.remove(id);
  }

  /** Whether no other living task is of the same dispatch. */
  private boolean isAlone(LocalTask task) {
    return tasks.all().stream()
        .noneMatch(
            other ->
                !other.id().equals(task.id())
                    && !other.isStopped()
                    && other.startedBy().equals(task.startedBy()));
  }

  /** Ends the processes of a task that is to stop, on another thread. */
  void stop(LocalTask task) {
    task.leader().ifPresent(leader -> run(() -> stop(task, leader)));
  }

  private void stop(LocalTask task, ProcessMark leader) throws InterruptedException {
    Instant patience = task.time("stoppingAt").orElseGet(clock::instant).plus(stopTimeout);
    boolean told = false;
    while (leader.isAlive() && clock.instant().isBefore(patience)) {
      // The leader may not have started the runner yet.
      told = told || processes.terminate(leader);
      TimeUnit.MILLISECONDS.sleep(CHILD_LOOK.toMillis());
    }
    if (leader.isAlive()) {
      processes.killAll(task, leader, isAlone(task));
    }
  }

  private void watchMemory() throws InterruptedException {
    while (true) {
      TimeUnit.MILLISECONDS.sleep(WATCH_EVERY.toMillis());
      for (LocalTask task : tasks.all()) {
        if (!task.isStopped() && task.leader().filter(ProcessMark::isAlive).isPresent()) {
          watchMemory(task, task.leader().get());
        }
      }
    }
  }

  private void watchMemory(LocalTask task, ProcessMark leader) {
    long limit = task.memoryMb() * KIB_PER_MIB;
    Set<Long> members = processes.members(task, leader, isAlone(task));
    if (ProcessTable.rssKib(members) > limit && ProcessTable.pssKib(members) > limit) {
      tasks.change(task.id(), t -> t.withContainer(Map.of("reason", LocalTask.OUT_OF_MEMORY)));
      processes.killAll(task, leader, isAlone(task));
    }
  }

  /** Stops supervising. The tasks go on. */
  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }
}
