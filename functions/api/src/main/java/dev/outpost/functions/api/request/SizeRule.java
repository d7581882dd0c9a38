package dev.outpost.functions.api.request;

import dev.outpost.agent.Agent;
import dev.outpost.agent.TaskSize;
import dev.outpost.edge.Fields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The task's size where the client wants another than the agent's. What it leaves out is the
 * agent's own; CPU and memory must be a pair that Fargate has.
 */
final class SizeRule {
  private static final String NAME = "resourceConstraints";
  private static final String CPU = "maxCpuUnits";
  private static final String MEMORY = "maxMemoryMb";
  private static final String DISK = "maxDiskGb";
  private static final int[] CPUS = {256, 512, 1024, 2048, 4096, 8192, 16_384};
  private static final int MEMORY_STEP = 512;
  private static final int MAX_MEMORY = 122_880;

  private final InstallationPolicy policy;

  SizeRule(InstallationPolicy policy) {
    this.policy = policy;
  }

  /** The size by the id of each agent for which it differs from its own. */
  Map<String, TaskSize> read(Fields fields, List<Agent> agents) {
    Optional<Fields> object = fields.object(NAME);
    if (object.isEmpty()) {
      return Map.of();
    }
    Fields wish = object.get();
    final int before = wish.mistakes();
    OptionalInt cpu = wish.integer(CPU);
    OptionalInt memory = wish.integer(MEMORY);
    OptionalInt disk = wish.integer(DISK);
    wish.refuseUnknown();
    refuseUnenforced(wish, CPU, SizeDimension.CPU);
    refuseUnenforced(wish, MEMORY, SizeDimension.MEMORY);
    refuseUnenforced(wish, DISK, SizeDimension.DISK);
    if (disk.isPresent()
        && (disk.getAsInt() < TaskSize.MIN_DISK_GB || disk.getAsInt() > TaskSize.MAX_DISK_GB)) {
      wish.wrong(DISK, "must be " + TaskSize.MIN_DISK_GB + " to " + TaskSize.MAX_DISK_GB);
    }
    Map<String, TaskSize> sizes = new HashMap<>();
    for (Agent agent : agents) {
      if (wish.mistakes() > before) {
        break;
      }
      TaskSize usual = agent.size();
      TaskSize size =
          new TaskSize(
              cpu.orElse(usual.cpuUnits()),
              memory.orElse(usual.memoryMb()),
              disk.isPresent() ? disk : usual.diskGb());
      if (!size.isFargatePair()) {
        refusePair(wish, size, cpu.isPresent(), memory.isPresent());
      }
      if (!size.equals(usual)) {
        sizes.put(agent.id(), size);
      }
    }
    return sizes;
  }

  private void refuseUnenforced(Fields wish, String field, SizeDimension dimension) {
    if (wish.has(field) && !policy.sizes().contains(dimension)) {
      wish.wrong(field, "must be left out: this installation can't enforce it");
    }
  }

  /** Says which of the two to change, and to what. */
  private static void refusePair(
      Fields wish, TaskSize size, boolean cpuGiven, boolean memoryGiven) {
    List<Integer> memories = memories(size.cpuUnits());
    if (memories.isEmpty()) {
      wish.wrong(CPU, "must be one of 256, 512, 1024, 2048, 4096, 8192, 16384");
      return;
    }
    String fits =
        "with " + size.cpuUnits() + " CPU units the memory must be " + listed(memories) + " MB";
    if (memoryGiven) {
      wish.wrong(MEMORY, "does not fit the CPU: " + fits + (cpuGiven ? "" : " (the agent's CPU)"));
    } else {
      wish.wrong(
          CPU,
          "does not fit the agent's memory of "
              + size.memoryMb()
              + " MB: "
              + fits
              + "; give maxMemoryMb too");
    }
  }

  private static List<Integer> memories(int cpuUnits) {
    List<Integer> memories = new ArrayList<>();
    for (int cpu : CPUS) {
      for (int memory = MEMORY_STEP;
          cpu == cpuUnits && memory <= MAX_MEMORY;
          memory += MEMORY_STEP) {
        if (new TaskSize(cpu, memory, OptionalInt.empty()).isFargatePair()) {
          memories.add(memory);
        }
      }
    }
    return memories;
  }

  /** Few values one by one, many as their range. */
  private static String listed(List<Integer> values) {
    if (values.size() > 4) {
      return values.getFirst()
          + " to "
          + values.getLast()
          + " in steps of "
          + (values.get(1) - values.getFirst());
    }
    List<String> words = values.stream().map(String::valueOf).toList();
    return String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
  }
}
