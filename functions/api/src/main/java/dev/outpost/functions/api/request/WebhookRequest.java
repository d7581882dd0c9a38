package dev.outpost.functions.api.request;

import dev.outpost.dispatch.Status;
import java.net.URI;
import java.util.Objects;
import java.util.Set;

/**
 * A webhook that a client may have.
 *
 * @param url where it is told
 * @param statuses what it is told of
 */
public record WebhookRequest(URI url, Set<Status> statuses) {
  /** Copies the set. */
  public WebhookRequest {
    Objects.requireNonNull(url, "url");
    statuses = Set.copyOf(statuses);
  }
}
