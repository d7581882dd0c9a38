package dev.outpost.agent;

import dev.outpost.run.ModelProtocol;
import dev.outpost.run.PriceTable;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * Where an agent's models are, and what they cost there.
 *
 * @param protocol how they are called
 * @param upstream the address that calls go to: the vendor's, or another that speaks the same
 *     protocol
 * @param credential the name of the secret that opens it; empty for one that needs none
 * @param prices list prices
 */
public record ModelProvider(
    ModelProtocol protocol, URI upstream, Optional<String> credential, PriceTable prices) {
  /** Refuses an address that can't be called, or that hides something. */
  public ModelProvider {
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(credential, "credential");
    Objects.requireNonNull(prices, "prices");
    flaw(upstream)
        .ifPresent(
            flaw -> {
              throw new IllegalArgumentException("an upstream " + flaw);
            });
  }

  /** The same provider at another address. */
  public ModelProvider at(URI other) {
    return new ModelProvider(protocol, other, credential, prices);
  }

  /** What is wrong with an upstream's address; empty when nothing is. */
  public static Optional<String> flaw(URI upstream) {
    String scheme = upstream.getScheme();
    if (scheme == null || !(scheme.equals("https") || scheme.equals("http"))) {
      return Optional.of("must be an http or https URL");
    }
    if (upstream.getHost() == null) {
      return Optional.of("must name a host");
    }
    if (upstream.getRawUserInfo() != null
        || upstream.getRawQuery() != null
        || upstream.getRawFragment() != null) {
      return Optional.of("must have no user, query or fragment");
    }
    for (String step : upstream.getPath().split("/", -1)) {
      if (step.equals(".") || step.equals("..")) {
        return Optional.of("must not have . or .. in its path");
      }
    }
    return Optional.empty();
  }
}
