package dev.outpost.simulation;

import java.util.Optional;

/** A value that one strand will have and another waits for. */
final class Promise<T> {
  private Optional<T> value = Optional.empty();
  private Runnable waiting = () -> {};

  void keep(T kept) {
    value = Optional.of(kept);
    waiting.run();
  }

  /** It will never be kept: whoever waits need not wait longer. */
  void give() {
    waiting.run();
  }

  Optional<T> value() {
    return value;
  }

  void onceKept(Runnable action) {
    waiting = action;
  }
}
