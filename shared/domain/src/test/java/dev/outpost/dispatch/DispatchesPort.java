package dev.outpost.dispatch;

import dev.outpost.audit.AuditTrail;

/** Whoever has dispatches to test. */
interface DispatchesPort {
  /** The port under test; the same store each time. */
  Dispatches dispatches();

  /** The audit beside it, in the same store. */
  AuditTrail audit();
}
