package dev.outpost.machine;

/**
 * What the Fargate stand-in knows of a task definition's family.
 *
 * @param cpuUnits CPU in Fargate's units, 1024 to a core; told, not enforced
 * @param memoryMb memory in MiB; enforced where the system tells a process's memory
 * @param revision its newest and only revision
 */
public record LocalTaskDefinition(int cpuUnits, int memoryMb, int revision) {}
