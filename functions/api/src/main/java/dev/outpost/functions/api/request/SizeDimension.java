package dev.outpost.functions.api.request;

/** A part of a task's size. */
public enum SizeDimension {
  /** CPU. */
  CPU,
  /** Memory. */
  MEMORY,
  /** Ephemeral storage. */
  DISK
}
