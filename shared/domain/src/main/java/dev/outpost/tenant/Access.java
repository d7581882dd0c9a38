package dev.outpost.tenant;

import java.util.Locale;
import java.util.Optional;

/** What the authoriser finds of a request's key. */
public enum Access {
  /** The key is good. */
  GRANTED,
  /** The request has no key. */
  MISSING,
  /** The key has no key's form, or nobody has it. */
  UNKNOWN,
  /** The key was revoked. */
  REVOKED,
  /** The key's time is over. */
  EXPIRED,
  /** The key's tenant is suspended. */
  SUSPENDED;

  /** The name in the authoriser's context. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The access of that name, or empty. */
  public static Optional<Access> of(String wire) {
    for (Access access : values()) {
      if (access.wire().equals(wire)) {
        return Optional.of(access);
      }
    }
    return Optional.empty();
  }
}
