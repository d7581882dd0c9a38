package dev.outpost.functions.api.request;

import dev.outpost.agent.Agent;
import dev.outpost.dispatch.IdempotencyKey;
import dev.outpost.dispatch.Spec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A request for a dispatch, or for a group of them, that keeps every rule.
 *
 * @param agents all whom it needs
 * @param specs what is asked for, defaults filled in: one for each dispatch
 * @param key the client's idempotency key, if it sent one
 */
public record DispatchRequest(List<Agent> agents, List<Spec> specs, Optional<IdempotencyKey> key) {
  /** Copies the lists. */
  public DispatchRequest {
    agents = List.copyOf(agents);
    specs = List.copyOf(specs);
    Objects.requireNonNull(key, "key");
  }
}
