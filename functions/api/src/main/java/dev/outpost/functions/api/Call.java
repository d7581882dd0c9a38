package dev.outpost.functions.api;

import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.GroupId;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.HttpRequest;
import dev.outpost.edge.Refused;
import dev.outpost.tenant.Principal;
import dev.outpost.webhook.Webhook;
import dev.outpost.webhook.WebhookId;
import dev.outpost.webhook.Webhooks;
import java.util.Objects;

/**
 * A request of somebody who may make it.
 *
 * @param request the request
 * @param principal who sends it
 * @param id the variable part of the path; empty when there is none
 */
record Call(HttpRequest request, Principal principal, String id) {
  /** Refuses nulls. */
  Call {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(principal, "principal");
    Objects.requireNonNull(id, "id");
  }

  /**
   * The dispatch that the path names.
   *
   * @throws Refused when the text is no id at all: exactly as for an id that nobody has
   */
  DispatchId dispatchId() throws Refused {
    return DispatchId.parse(id).orElseThrow(Call::noSuchDispatch);
  }

  /**
   * The group that the path names.
   *
   * @throws Refused when the text is no id at all: exactly as for an id that nobody has
   */
  GroupId groupId() throws Refused {
    return GroupId.parse(id).orElseThrow(Call::noSuchGroup);
  }

  /**
   * The webhook that the path names.
   *
   * @throws Refused when the text is no id at all, or nobody's or another tenant's
   */
  Webhook webhook(Webhooks webhooks) throws Refused {
    return WebhookId.parse(id)
        .flatMap(webhookId -> webhooks.find(principal.tenantId(), webhookId))
        .orElseThrow(Call::noSuchWebhook);
  }

  /** The one answer for an unknown id, another tenant's id, and what is no id. */
  static Refused noSuchDispatch() {
    return new Refused(ErrorCode.NOT_FOUND, "There is no such dispatch.");
  }

  /** The same for groups. */
  static Refused noSuchGroup() {
    return new Refused(ErrorCode.NOT_FOUND, "There is no such group.");
  }

  /** The same for webhooks. */
  static Refused noSuchWebhook() {
    return new Refused(ErrorCode.NOT_FOUND, "There is no such webhook.");
  }
}
