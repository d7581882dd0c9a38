package dev.outpost.workspace;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * A persistent workspace that there is: what is known of it beside its content, which is one
 * archive in the artifact store.
 *
 * @param id its id
 * @param tenantId whose it is
 * @param name its name
 * @param repository the repository's address as git is given it
 * @param generation the dispatch for which it was made. One that was deleted and is made again has
 *     another generation, and so never finds the archive of the earlier one
 * @param sizeBytes the size of its archive; zero until one was saved
 * @param createdAt when it was made
 * @param lastUsedAt when it was last saved; when it was made, until then
 * @param lastDispatchId the dispatch that saved it last; the one it was made for, until then
 */
public record KeptWorkspace(
    WorkspaceId id,
    TenantId tenantId,
    String name,
    String repository,
    DispatchId generation,
    long sizeBytes,
    Instant createdAt,
    Instant lastUsedAt,
    DispatchId lastDispatchId) {
  /** How long a workspace is kept after it was last saved: as long as its object in the store. */
  public static final Duration KEPT = Duration.ofDays(90);

  /**
   * Where archives begin in the artifact store. No tenant's artifacts begin so, for those begin
   * with the tenant's id.
   */
  public static final String PREFIX = "workspaces/";

  /** Refuses nulls. */
  public KeptWorkspace {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(tenantId, "tenantId");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(repository, "repository");
    Objects.requireNonNull(generation, "generation");
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(lastUsedAt, "lastUsedAt");
    Objects.requireNonNull(lastDispatchId, "lastDispatchId");
  }

  /**
   * The workspace that the dispatch has booked, as it is made for that dispatch.
   *
   * @throws IllegalArgumentException when the dispatch has booked none
   */
  public static KeptWorkspace of(Dispatch dispatch, Instant now) {
    Booking booking =
        dispatch
            .spec()
            .booking()
            .orElseThrow(() -> new IllegalArgumentException(dispatch.id() + " booked none"));
    return new KeptWorkspace(
        booking.workspace(),
        dispatch.tenantId(),
        booking.name(),
        dispatch.spec().workspace().repository().orElseThrow(),
        dispatch.id(),
        0,
        now,
        now,
        dispatch.id());
  }

  /** When its archive is of no use any more. */
  public Instant expiresAt() {
    return lastUsedAt.plus(KEPT);
  }

  /** Whether it is still there, to the second. */
  public boolean isThere(Instant now) {
    return now.getEpochSecond() < expiresAt().getEpochSecond();
  }

  /** Its archive's key in the artifact store. */
  public String archiveKey() {
    return PREFIX + tenantId + "/" + id + "/" + generation + ".tar.gz";
  }

  /** The same after a run has saved it. */
  public KeptWorkspace saved(DispatchId by, long size, Instant now) {
    return new KeptWorkspace(id, tenantId, name, repository, generation, size, createdAt, now, by);
  }
}
