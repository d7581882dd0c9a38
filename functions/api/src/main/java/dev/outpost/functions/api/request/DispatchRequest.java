package dev.outpost.functions.api.request;

import dev.outpost.agent.Agent;
import dev.outpost.dispatch.IdempotencyKey;
import dev.outpost.dispatch.Spec;
import java.util.Objects;
import java.util.Optional;

/**
 * A request for a dispatch that keeps every rule.
 *
 * @param agent whom it is for
 * @param spec what is asked for, defaults filled in
 * @param key the client's idempotency key, if it sent one
 */
public record DispatchRequest(Agent agent, Spec spec, Optional<IdempotencyKey> key) {
  /** Refuses nulls. */
  public DispatchRequest {
    Objects.requireNonNull(agent, "agent");
    Objects.requireNonNull(spec, "spec");
    Objects.requireNonNull(key, "key");
  }
}
