package dev.outpost.functions.api.request;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.edge.Fields;
import dev.outpost.run.Workspace;
import java.util.Locale;
import java.util.Optional;

/**
 * Repository, branch, and how much of them is brought.
 *
 * <p>Without a wish a repository is brought as its newest commit alone: an agent rarely needs the
 * history, and cloning it is what makes large repositories slow to start.
 */
final class WorkspaceRule {
  private static final String REPO = "repo";
  private static final String BRANCH = "branch";
  private static final String MODE = "workspaceMode";
  private static final String INIT = "workspaceInitMode";

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
    mode(fields);
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
    mode(fields);
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

  private static void mode(Fields fields) {
    if (Choice.read(fields, MODE, Mode.values()).filter(Mode.PERSISTENT::equals).isPresent()) {
      fields.wrong(
          MODE, "must be ephemeral: persistent workspaces are not available on this installation");
    }
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
