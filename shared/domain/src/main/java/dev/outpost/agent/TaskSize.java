package dev.outpost.agent;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * The size of a task.
 *
 * @param cpuUnits CPU in Fargate's units, 1024 to a core
 * @param memoryMb memory in MiB
 * @param diskGb ephemeral storage in GiB, {@value #MIN_DISK_GB} to {@value #MAX_DISK_GB}; empty for
 *     the platform's default
 */
public record TaskSize(int cpuUnits, int memoryMb, OptionalInt diskGb) {
  /** Least ephemeral storage that can be asked for (ECS: EphemeralStorage.sizeInGiB). */
  public static final int MIN_DISK_GB = 21;

  /** Most ephemeral storage that can be asked for (ECS: EphemeralStorage.sizeInGiB). */
  public static final int MAX_DISK_GB = 200;

  /** Refuses null. */
  public TaskSize {
    Objects.requireNonNull(diskGb, "diskGb");
  }

  /**
   * Whether Fargate knows the pair of CPU and memory (Amazon ECS Developer Guide, "Task CPU and
   * memory" for Fargate on Linux).
   */
  public boolean isFargatePair() {
    return switch (cpuUnits) {
      case 256 -> memoryMb == 512 || memoryMb == 1024 || memoryMb == 2048;
      case 512 -> step(1024, 4096, 1024);
      case 1024 -> step(2048, 8192, 1024);
      case 2048 -> step(4096, 16_384, 1024);
      case 4096 -> step(8192, 30_720, 1024);
      case 8192 -> step(16_384, 61_440, 4096);
      case 16_384 -> step(32_768, 122_880, 8192);
      default -> false;
    };
  }

  private boolean step(int least, int most, int by) {
    return memoryMb >= least && memoryMb <= most && memoryMb % by == 0;
  }
}
