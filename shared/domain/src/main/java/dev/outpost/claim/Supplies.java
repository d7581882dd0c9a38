package dev.outpost.claim;

import dev.outpost.agent.Agent;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.Spec;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.ContextDocument;
import dev.outpost.tenant.ContextDocuments;
import dev.outpost.tenant.HostTokens;
import dev.outpost.tenant.OwnSecrets;
import dev.outpost.tenant.TenantSecrets;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a run gets what is not in its dispatch: the tenant's own things, and the installation's
 * where the tenant has none. Each source is asked only by a run that needs it, for in AWS each is a
 * call.
 *
 * @param installation the installation's own credentials
 * @param secrets the tenants' secrets
 * @param gitTokens what opens repositories
 * @param documents the tenants' standing context documents
 */
public record Supplies(
    Credentials installation,
    TenantSecrets secrets,
    HostTokens gitTokens,
    ContextDocuments documents) {
  /** Whoever brings a token names this user: GitHub wants it so, and others take any. */
  private static final String TOKEN_USER = "x-access-token";

  /** Refuses nulls. */
  public Supplies {
    Objects.requireNonNull(installation, "installation");
    Objects.requireNonNull(secrets, "secrets");
    Objects.requireNonNull(gitTokens, "gitTokens");
    Objects.requireNonNull(documents, "documents");
  }

  /** The tenant's secrets, where the run may need one of them. */
  OwnSecrets own(Dispatch dispatch, Agent agent) {
    Spec spec = dispatch.spec();
    return agent.secretNames().isEmpty()
            && spec.secrets().isEmpty()
            && closed(spec.workspace()).isEmpty()
        ? OwnSecrets.NONE
        : secrets.of(dispatch.tenantId());
  }

  /** What the agent can't do without, by name: the tenant's own key before the installation's. */
  Map<String, String> credentials(Agent agent, OwnSecrets own) {
    Map<String, String> known = new HashMap<>();
    for (String name : agent.secretNames()) {
      own.value(name).ifPresent(value -> known.put(name, value));
    }
    if (!known.keySet().containsAll(agent.secretNames())) {
      installation.of(agent).forEach(known::putIfAbsent);
    }
    return known;
  }

  /**
   * The workspace with the token for its repository in the URL, which is where the runner looks for
   * credentials; it keeps them from git's command line and configuration.
   */
  Workspace opened(Workspace workspace, OwnSecrets own) {
    return closed(workspace)
        .flatMap(url -> gitTokens.token(own).map(token -> with(url, token)))
        .map(url -> new Workspace(Optional.of(url), workspace.branch(), workspace.init()))
        .orElse(workspace);
  }

  /** The tenant's document, for a run that takes a preamble. */
  Optional<String> document(Dispatch dispatch) {
    return dispatch
        .spec()
        .context()
        .flatMap(_ -> documents.find(dispatch.tenantId()))
        .map(ContextDocument::text);
  }

  /** The URL of a repository that is to be cloned and that tokens are meant for. */
  private Optional<String> closed(Workspace workspace) {
    return workspace
        .repository()
        .filter(_ -> workspace.init() != Workspace.Init.NONE)
        .filter(gitTokens::serves);
  }

  private static String with(String url, String token) {
    int host = url.indexOf("://") + "://".length();
    String written = URLEncoder.encode(token, StandardCharsets.UTF_8).replace("+", "%20");
    return url.substring(0, host) + TOKEN_USER + ":" + written + "@" + url.substring(host);
  }
}
