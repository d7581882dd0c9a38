package dev.outpost.runner.git;

import dev.outpost.run.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A repository elsewhere, with what opens it.
 *
 * @param repository where it is
 * @param workspace what is wanted of it
 * @param caller the git that reaches it
 * @param options what its calls begin with
 */
record Remote(RepositoryUrl repository, Workspace workspace, Git caller, List<String> options) {
  Remote {
    options = List.copyOf(options);
  }

  static Remote of(RepositoryUrl repository, Workspace workspace, Git git) {
    if (repository.credentials().isEmpty()) {
      return new Remote(repository, workspace, git, List.of());
    }
    // Through the environment: neither the process list nor .git/config shows them.
    RepositoryUrl.Credentials credentials = repository.credentials().get();
    Git caller =
        git.with(
            Map.of(
                "CLONE_USER", credentials.user(),
                "CLONE_PASSWORD", credentials.password()));
    return new Remote(
        repository,
        workspace,
        caller,
        List.of(
            "-c",
            "credential.helper=",
            "-c",
            // Of this host alone: a redirect to another must not be sent them.
            "credential."
                + repository.origin()
                + ".helper=!f() { test \"$1\" = get && printf 'username=%s\\npassword=%s\\n'"
                + " \"$CLONE_USER\" \"$CLONE_PASSWORD\"; }; f"));
  }

  /** The same for calls in that directory. */
  Remote in(Path directory) {
    return new Remote(repository, workspace, caller.in(directory), options);
  }

  Git.Answer run(Duration limit, List<String> words) throws IOException {
    List<String> all = new ArrayList<>(options);
    all.addAll(words);
    return caller.run(Git.NOTHING, limit, all);
  }
}
