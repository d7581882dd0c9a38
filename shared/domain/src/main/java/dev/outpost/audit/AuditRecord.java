package dev.outpost.audit;

import dev.outpost.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * One line of a tenant's audit. An act has two, what was asked for and what came of it; a dispatch
 * that is accepted has one, which is written with it in one transaction.
 *
 * @param id the record's own
 * @param tenantId whose audit it stands in
 * @param at when it was written
 * @param by who acts: a key's public id, or {@value #OPERATOR}; at most {@value #MAX_LENGTH}
 *     characters
 * @param act what is done, e.g. {@code cancel_dispatch}
 * @param about to what it is done: an id or a name, of a tenant its tier and whether it is
 *     suspended; at most {@value #MAX_LENGTH} characters, and never a text of a client's choosing.
 *     Absent where what is made has no id yet, or the request named nothing of that form
 * @param outcome what came of it
 * @param askedId the record of the asking, for one that tells what came of it
 */
public record AuditRecord(
    AuditId id,
    TenantId tenantId,
    Instant at,
    String by,
    String act,
    Optional<String> about,
    Outcome outcome,
    Optional<AuditId> askedId) {
  /** Who administers an installation, by its commands. */
  public static final String OPERATOR = "operator";

  /** How long {@code by} and {@code about} may be: an item of the audit is to stay small. */
  public static final int MAX_LENGTH = 128;

  /** How long a record is kept; on one machine longer. */
  public static final Duration KEPT = Duration.ofDays(365);

  /** Refuses nulls, and what is too long. */
  public AuditRecord {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(tenantId, "tenantId");
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(by, "by");
    Objects.requireNonNull(act, "act");
    Objects.requireNonNull(about, "about");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(askedId, "askedId");
    if (by.length() > MAX_LENGTH || about.filter(a -> a.length() > MAX_LENGTH).isPresent()) {
      throw new IllegalArgumentException("a record of the audit is too long");
    }
  }

  /** How far an act has come. */
  public enum Outcome {
    /** It is about to begin; without a later record, nobody knows what came of it. */
    ASKED("asked"),
    /** It was done. */
    DONE("done"),
    /** It was refused, and had no effect. */
    REFUSED("refused"),
    /** It broke off, and may have had its effect or not. */
    FAILED("failed");

    private final String wire;

    Outcome(String wire) {
      this.wire = wire;
    }

    /** As clients and tables see it. */
    public String wire() {
      return wire;
    }

    /** The outcome of that word. */
    public static Optional<Outcome> of(String wire) {
      return Arrays.stream(values()).filter(o -> o.wire.equals(wire)).findFirst();
    }
  }
}
