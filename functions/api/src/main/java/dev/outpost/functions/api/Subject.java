package dev.outpost.functions.api;

import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.GroupId;
import dev.outpost.edge.Refused;
import dev.outpost.tenant.SecretName;
import dev.outpost.webhook.WebhookId;
import dev.outpost.workspace.WorkspaceId;
import java.util.Optional;

/**
 * What an act is about, for the audit. Only what has the form of an id or a name is told: any other
 * text is of the client's choosing, may be a secret that was put in the wrong place, and would
 * stand there for a year.
 */
final class Subject {
  private Subject() {}

  /** As far as the request names it before the act is done. */
  static Optional<String> of(RouteKey route, Call call) {
    return switch (route) {
      case CANCEL_DISPATCH -> DispatchId.parse(call.id()).map(DispatchId::value);
      case CANCEL_GROUP -> GroupId.parse(call.id()).map(GroupId::value);
      case PROMOTE -> promoted(call).flatMap(DispatchId::parse).map(DispatchId::value);
      case DELETE_WORKSPACE -> WorkspaceId.parse(call.id()).map(WorkspaceId::value);
      case PUT_SECRET, DELETE_SECRET -> SecretName.parse(call.id()).map(SecretName::value);
      case DELETE_WEBHOOK, ROTATE_WEBHOOK, ENABLE_WEBHOOK, REPLAY_DELIVERY ->
          WebhookId.parse(call.id()).map(WebhookId::value);
      default -> Optional.empty();
    };
  }

  private static Optional<String> promoted(Call call) {
    try {
      return JsonBody.of(call.request()).get("dispatchId") instanceof String id
          ? Optional.of(id)
          : Optional.empty();
    } catch (Refused _) {
      // The endpoint will say what is wrong with the body.
      return Optional.empty();
    }
  }
}
