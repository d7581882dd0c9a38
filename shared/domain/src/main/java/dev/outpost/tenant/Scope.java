package dev.outpost.tenant;

import java.util.Locale;
import java.util.Optional;

/** What a key may do. */
public enum Scope {
  /** Create dispatches. */
  DISPATCH,
  /** Read one dispatch and its artifacts. */
  STATUS,
  /** List dispatches. */
  LIST,
  /** Cancel dispatches. */
  CANCEL,
  /** Delete workspaces. */
  DELETE,
  /** Push a dispatch's changes as a branch. */
  PROMOTE,
  /** All of a tenant's. */
  ADMIN,
  /** Administer tenants; only the installation's own keys have it. */
  OPERATOR;

  /** The name in API, tables and command line. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The scope of that name, or empty. */
  public static Optional<Scope> of(String wire) {
    for (Scope scope : values()) {
      if (scope.wire().equals(wire)) {
        return Optional.of(scope);
      }
    }
    return Optional.empty();
  }
}
