package dev.outpost.functions.api.request;

import java.util.Locale;

/** How a repository may be reached. */
public enum RepoScheme {
  /** {@code https://host/path}, and {@code owner/name} on GitHub. */
  HTTPS,
  /** {@code ssh://host/path}, and {@code git@host:path}. */
  SSH,
  /** {@code file:///path}: a repository on the machine that runs the task. */
  FILE;

  /** The scheme as it stands in a URL. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
