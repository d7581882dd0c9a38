package dev.outpost.functions.api;

import dev.outpost.edge.Refused;

/** What one method of one path does for a caller who may use it. Safe for use by many threads. */
@FunctionalInterface
interface Endpoint {
  /**
   * Does what the call asks for.
   *
   * @throws Refused when it is not to be; then it had no effect
   */
  Answer answer(Call call) throws Refused;
}
