package dev.outpost.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * One process for ever: its id, and when it started, because ids are used again.
 *
 * @param pid the process id
 * @param boot which run of the system it belongs to
 * @param start on Linux in ticks since the boot, which no change of the clock moves; elsewhere the
 *     time that the system tells
 */
record ProcessMark(long pid, String boot, String start) {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  ProcessMark {
    Objects.requireNonNull(boot, "boot");
    Objects.requireNonNull(start, "start");
  }

  /** The mark of a process that is there now; of a dead one that nobody has waited for, none. */
  static Optional<ProcessMark> of(long pid) {
    if (ProcessTable.isLinux()) {
      return ProcessTable.row(pid).filter(row -> !row.isZombie()).map(ProcessMark::of);
    }
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .flatMap(handle -> handle.info().startInstant())
        .map(start -> new ProcessMark(pid, bootId(), start.toString()));
  }

  private static ProcessMark of(ProcessTable.Row row) {
    return new ProcessMark(row.pid(), bootId(), Long.toString(row.startTicks()));
  }

  /** The mark of a process that ended before it could be looked at. */
  static ProcessMark ended(long pid) {
    return new ProcessMark(pid, bootId(), "ended");
  }

  boolean isAlive() {
    return of(pid).filter(this::equals).isPresent();
  }

  /**
   * Whether a session or a child that names this process's id can still mean this process: as long
   * as either exists, the system gives the id to nobody else. So not after a restart of the system,
   * and not when the id is somebody else's.
   */
  boolean canBeMeant() {
    if (!boot.equals(bootId())) {
      return false;
    }
    return ProcessTable.isLinux()
        ? ProcessTable.row(pid).map(row -> of(row).equals(this)).orElse(true)
        : of(pid).map(this::equals).orElse(true);
  }

  private static String bootId() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException _) {
      return ""; // Only Linux has one.
    }
  }
}
