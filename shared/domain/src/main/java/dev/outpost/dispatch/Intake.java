package dev.outpost.dispatch;

import dev.outpost.audit.AuditRecord;
import dev.outpost.tenant.TenantId;
import dev.outpost.workspace.Booking;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Dispatches that are accepted together or not at all: one alone, or a whole group.
 *
 * @param dispatches at least one; of one tenant and one instant, and of one group where they are
 *     several
 * @param audited who asked for them, to be written down with them; absent where nobody did, as for
 *     one that falls in for another, and from what was accepted before
 */
public record Intake(List<Dispatch> dispatches, Optional<AuditRecord> audited) {
  /** How many agents may be given one task: one transaction must hold what is stored for all. */
  public static final int MAX = 5;

  /** Copies the list; refuses dispatches that don't belong together. */
  public Intake {
    dispatches = List.copyOf(dispatches);
    Objects.requireNonNull(audited, "audited");
    if (dispatches.isEmpty() || dispatches.size() > MAX) {
      throw new IllegalArgumentException("an intake has 1 to " + MAX + " dispatches");
    }
    Dispatch first = dispatches.getFirst();
    for (Dispatch dispatch : dispatches) {
      if (!dispatch.tenantId().equals(first.tenantId())
          || !dispatch.createdAt().equals(first.createdAt())
          || !dispatch.origin().inGroup().equals(first.origin().inGroup())) {
        throw new IllegalArgumentException("dispatches of one intake must belong together");
      }
    }
    if (dispatches.size() > 1 && first.origin().inGroup().isEmpty()) {
      throw new IllegalArgumentException("several dispatches must be a group");
    }
    if (dispatches.size() > 1
        && dispatches.stream().anyMatch(d -> d.spec().booking().isPresent())) {
      // One after the other they would each see what the one before has left.
      throw new IllegalArgumentException("a group has no persistent workspace");
    }
  }

  /** Dispatches that nobody asks for now. */
  public Intake(List<Dispatch> dispatches) {
    this(dispatches, Optional.empty());
  }

  /** One dispatch alone, that nobody asks for now. */
  public static Intake of(Dispatch dispatch) {
    return new Intake(List.of(dispatch));
  }

  /** The first, or only, dispatch. */
  public Dispatch first() {
    return dispatches.getFirst();
  }

  /** Whose they are. */
  public TenantId tenantId() {
    return first().tenantId();
  }

  /** When they were accepted. */
  public Instant createdAt() {
    return first().createdAt();
  }

  /** Their group, where they are one. */
  public Optional<GroupId> group() {
    return first().origin().inGroup();
  }

  /** What is to be taken with them: the workspace that must be free for the one dispatch. */
  public Optional<Booking> taken() {
    return first().holdsWorkspace().flatMap(_ -> first().spec().booking());
  }

  /** How many they are. */
  public int size() {
    return dispatches.size();
  }
}
