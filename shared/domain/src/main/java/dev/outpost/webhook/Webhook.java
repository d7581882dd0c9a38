package dev.outpost.webhook;

import dev.outpost.dispatch.Status;
import dev.outpost.relay.LifecycleEvent;
import dev.outpost.tenant.TenantId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An endpoint of a tenant's that is told when its dispatches take another status.
 *
 * @param id its id
 * @param tenantId whose it is
 * @param url where it is told; https, unless the installation allows more
 * @param statuses what it is told of; at least one
 * @param generation which of its signing secrets is the present one, from 1
 * @param rotatedAt when the present secret took the place of the one before; empty for the first
 * @param disabledAt since when it is told nothing; empty while it is
 * @param createdAt when it was registered: of earlier changes it is not told
 */
public record Webhook(
    WebhookId id,
    TenantId tenantId,
    URI url,
    Set<Status> statuses,
    int generation,
    Optional<Instant> rotatedAt,
    Optional<Instant> disabledAt,
    Instant createdAt) {
  /** Longest URL, in characters. */
  public static final int MAX_URL = 2_048;

  /** How long the secret before the present one still signs, so that both sides can change. */
  public static final Duration OVERLAP = Duration.ofHours(24);

  /** Refuses nulls and an empty set. */
  public Webhook {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(tenantId, "tenantId");
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(rotatedAt, "rotatedAt");
    Objects.requireNonNull(disabledAt, "disabledAt");
    Objects.requireNonNull(createdAt, "createdAt");
    statuses = Set.copyOf(statuses);
    if (statuses.isEmpty() || generation < 1) {
      throw new IllegalArgumentException("a webhook is told of something, under some secret");
    }
  }

  /** A new one. */
  public static Webhook of(
      WebhookId id, TenantId tenantId, URI url, Set<Status> statuses, Instant now) {
    return new Webhook(id, tenantId, url, statuses, 1, Optional.empty(), Optional.empty(), now);
  }

  /** Whether it is told anything at all. */
  public boolean enabled() {
    return disabledAt.isEmpty();
  }

  /** Whether it is told of that change. */
  public boolean wants(LifecycleEvent event) {
    return enabled()
        && event.tenantId().equals(tenantId)
        && statuses.contains(event.status())
        && !event.at().isBefore(createdAt);
  }

  /** The generations of the secrets that sign at that time, the present one first. */
  public List<Integer> signing(Instant now) {
    boolean overlaps = rotatedAt.filter(at -> now.isBefore(at.plus(OVERLAP))).isPresent();
    return overlaps ? List.of(generation, generation - 1) : List.of(generation);
  }

  /** The same with the secret of that generation; itself when it has that one or a later. */
  public Webhook rotated(int to, Instant now) {
    return to <= generation
        ? this
        : new Webhook(id, tenantId, url, statuses, to, Optional.of(now), disabledAt, createdAt);
  }

  /** The same, told nothing from now on. */
  public Webhook disabled(Instant now) {
    return enabled()
        ? new Webhook(
            id, tenantId, url, statuses, generation, rotatedAt, Optional.of(now), createdAt)
        : this;
  }

  /** The same, told again of what changes from now on. */
  public Webhook enabledAgain() {
    return new Webhook(
        id, tenantId, url, statuses, generation, rotatedAt, Optional.empty(), createdAt);
  }
}
