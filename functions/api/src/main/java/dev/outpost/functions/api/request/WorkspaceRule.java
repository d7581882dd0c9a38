package dev.outpost.functions.api.request;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.edge.Fields;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.TenantId;
import dev.outpost.workspace.Booking;
import dev.outpost.workspace.WorkspaceId;
import java.util.Locale;
import java.util.Optional;

/**
 * Repository, branch, how much of them is brought, and what is kept of the work.
 *
 * <p>Without a wish a repository is brought as its newest commit alone: an agent rarely needs the
 * history, and cloning it is what makes large repositories slow to start.
 */
final class WorkspaceRule {
  private static final String REPO = "repo";
  private static final String BRANCH = "branch";
  private static final String MODE = "workspaceMode";
  private static final String NAME = "workspaceName";
  private static final String BUSY = "workspaceBusy";
  private static final String INIT = "workspaceInitMode";

  private static final String WITHOUT_WORKSPACE =
      "has no meaning unless workspaceMode is persistent; leave it out";

  private final InstallationPolicy policy;

  WorkspaceRule(InstallationPolicy policy) {
    this.policy = policy;
  }

  /** How long a work tree lives. */
  private enum Mode {
    EPHEMERAL,
    PERSISTENT
  }

  /** Where a follow-up works: where its parent did. */
  Workspace read(Fields fields, Dispatch parent) {
    Workspace workspace = parent.spec().workspace();
    same(fields, REPO, fields.text(REPO), parent.spec().repo());
    same(fields, BRANCH, fields.text(BRANCH), workspace.branch());
    same(
        fields,
        INIT,
        fields.text(INIT),
        Optional.of(workspace.init().name().toLowerCase(Locale.ROOT)));
    return workspace;
  }

  private static void same(
      Fields fields, String name, Optional<String> given, Optional<String> parents) {
    if (given.isPresent() && !given.equals(parents)) {
      fields.wrong(
          name,
          "must be left out: a follow-up works where its parent did"
              + parents.map(value -> ", which is " + value).orElse(""));
    }
  }

  Workspace read(Fields fields) {
    Optional<String> url = url(fields);
    Optional<String> branch = fields.text(BRANCH);
    branch.flatMap(BranchName::flaw).ifPresent(flaw -> fields.wrong(BRANCH, flaw));
    Optional<Workspace.Init> init = Choice.read(fields, INIT, Workspace.Init.values());
    if (!fields.has(REPO)) {
      withoutRepo(fields, branch, init);
      return new Workspace(Optional.empty(), Optional.empty(), Workspace.Init.NONE);
    }
    if (branch.isPresent() && init.filter(Workspace.Init.NONE::equals).isPresent()) {
      fields.wrong(BRANCH, "has no meaning when workspaceInitMode is none; leave one of them out");
    }
    return new Workspace(url, branch, init.orElse(Workspace.Init.MINIMAL));
  }

  /**
   * The persistent workspace that is asked for, if any.
   *
   * @param workspace where the dispatch works, as was read before
   */
  static Optional<Booking> booking(
      Fields fields, TenantId tenantId, Workspace workspace, ParentRule parent) {
    boolean persistent =
        Choice.read(fields, MODE, Mode.values()).filter(Mode.PERSISTENT::equals).isPresent();
    Optional<Booking.WhenBusy> busy = Choice.read(fields, BUSY, Booking.WhenBusy.values());
    Optional<String> given = fields.text(NAME);
    String name = given.orElse(Booking.DEFAULT_NAME);
    if (!persistent) {
      given.ifPresent(_ -> fields.wrong(NAME, WITHOUT_WORKSPACE));
      busy.ifPresent(_ -> fields.wrong(BUSY, WITHOUT_WORKSPACE));
      return Optional.empty();
    }
    flaw(fields, parent).ifPresent(flaw -> fields.wrong(MODE, flaw));
    if (fields.has(REPO) && workspace.init() == Workspace.Init.NONE) {
      fields.wrong(INIT, "must be minimal or full in a persistent workspace: it is of a clone");
    }
    if (!Booking.isName(name)) {
      fields.wrong(NAME, Booking.NAME_FORM);
      return Optional.empty();
    }
    return workspace
        .repository()
        .map(
            url ->
                new Booking(
                    WorkspaceId.of(tenantId, url, name), name, busy.orElse(Booking.WhenBusy.WAIT)));
  }

  private static Optional<String> flaw(Fields fields, ParentRule parent) {
    if (parent.named()) {
      return Optional.of(
          "can't be persistent with a parentId: both would say on what the work begins");
    }
    if (fields.isList("agent")) {
      return Optional.of(
          "can't be persistent for several agents: each would work on what the one before has left");
    }
    return fields.has(REPO)
        ? Optional.empty()
        : Optional.of("can't be persistent without a repo: a workspace is one repository's");
  }

  private Optional<String> url(Fields fields) {
    Optional<String> repo = fields.text(REPO);
    if (repo.isEmpty()) {
      return Optional.empty();
    }
    return switch (RepoAddress.parse(repo.get(), policy.repoSchemes())) {
      case RepoAddress.Good good -> Optional.of(good.url());
      case RepoAddress.Bad bad -> {
        fields.wrong(REPO, bad.flaw());
        yield Optional.empty();
      }
    };
  }

  private static void withoutRepo(
      Fields fields, Optional<String> branch, Optional<Workspace.Init> init) {
    if (branch.isPresent()) {
      fields.wrong(BRANCH, "needs a repo; name the repository or leave the branch out");
    }
    if (init.filter(wish -> wish != Workspace.Init.NONE).isPresent()) {
      fields.wrong(INIT, "must be none or left out where there is no repo");
    }
  }
}
