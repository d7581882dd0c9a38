package dev.outpost.dispatch;

/** Whoever has dispatches to test. */
interface DispatchesPort {
  /** The port under test; the same store each time. */
  Dispatches dispatches();
}
