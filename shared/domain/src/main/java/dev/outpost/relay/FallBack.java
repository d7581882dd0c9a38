package dev.outpost.relay;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Catalogue;
import dev.outpost.dispatch.Admission;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.Tenants;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.Optional;

/**
 * Hands a dispatch that failed in a retryable way on to the next of the agents that stand by. Safe
 * for use by many threads and processes.
 *
 * <p>What comes of it is a dispatch of its own, which counts against the day of the failure. Its id
 * and all that is stored of it follow from the failed one, so that doing it twice makes it once.
 */
public final class FallBack {
  private static final Logger LOG = System.getLogger(FallBack.class.getName());

  private final Dispatches dispatches;
  private final Tenants tenants;
  private final Catalogue catalogue;
  private final LaunchQueue queue;

  /** The use case on these ports. */
  public FallBack(Dispatches dispatches, Tenants tenants, Catalogue catalogue, LaunchQueue queue) {
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.tenants = Objects.requireNonNull(tenants, "tenants");
    this.catalogue = Objects.requireNonNull(catalogue, "catalogue");
    this.queue = Objects.requireNonNull(queue, "queue");
  }

  /**
   * Hands it on, if it has ended so and an agent stands by; the chain may end here for good
   * reasons, which are logged.
   *
   * @param ended the dispatch, its task possibly shortened
   * @return the id of the dispatch that was accepted
   */
  public Optional<DispatchId> from(Dispatch ended) {
    if (ended.fallbackId().isEmpty()) {
      return Optional.empty();
    }
    String name = ended.spec().fallback().getFirst();
    Optional<Agent> next = catalogue.find(name);
    Optional<Tenant> tenant = tenants.find(ended.tenantId()).filter(t -> !t.suspended());
    Optional<Dispatch> whole = dispatches.find(ended.id());
    if (next.isEmpty() || tenant.isEmpty() || whole.isEmpty()) {
      String why =
          next.isEmpty()
              ? "no agent is called " + name + " any more"
              : tenant.isEmpty() ? "its tenant is suspended or gone" : "its record is gone";
      return ends(ended, why);
    }
    Dispatch child = whole.get().handedTo(next.get()).orElseThrow();
    return switch (dispatches.admit(child, tenant.get().tier().perDay(), Optional.empty())) {
      case Admission.Accepted _ -> {
        queue.send(child.id(), child.tenantId());
        yield Optional.of(child.id());
      }
      case Admission.DayUsedUp _ -> ends(ended, "its tenant's day is used up");
      case Admission.Replayed _, Admission.KeyReused _ ->
          throw new IllegalStateException("a fallback has no idempotency key");
      case Admission.WorkspaceBusy _ ->
          throw new IllegalStateException("a fallback waits for its workspace");
    };
  }

  private static Optional<DispatchId> ends(Dispatch ended, String why) {
    LOG.log(Level.WARNING, "nobody falls in for dispatch " + ended.id() + ": " + why);
    return Optional.empty();
  }
}
