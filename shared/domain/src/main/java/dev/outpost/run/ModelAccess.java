package dev.outpost.run;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * How a run reaches its model. The runner keeps it to itself: the agent is told of the runner's own
 * loopback gateway and of a key that is good for nothing else.
 *
 * @param protocol how the model is called
 * @param upstream the one address that model calls may go to; the agent's paths are put behind it
 * @param key the credential there; empty where none is known or needed
 * @param prices for what the provider tells no cost of
 */
public record ModelAccess(
    ModelProtocol protocol, URI upstream, Optional<String> key, PriceTable prices) {
  /** Refuses nulls. */
  public ModelAccess {
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(upstream, "upstream");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(prices, "prices");
  }

  /** Leaves the key out. */
  @Override
  public String toString() {
    return "ModelAccess[" + protocol + " " + upstream + "]";
  }
}
