package dev.outpost.runner.git;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real git repository of a test's, or any directory in which git is called. */
public record Repository(Path path) {
  /** A new repository on branch main, without a commit. */
  public static Repository make(Path path) throws IOException {
    Files.createDirectories(path);
    Repository repository = new Repository(path);
    repository.git("init", "--quiet", "--initial-branch=main");
    repository.git("config", "user.name", "Tester");
    repository.git("config", "user.email", "tester@localhost");
    return repository;
  }

  /** Writes a file. */
  public Repository write(String name, String content) throws IOException {
    Path file = path.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    return this;
  }

  /** Commits all that is there and answers the commit. */
  public String commit(String message) throws IOException {
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--message", message);
    return git("rev-parse", "HEAD");
  }

  /** The URL by which it is cloned as from afar. */
  public String url() {
    return "file://" + path;
  }

  /** Calls git, which must succeed, and answers what it prints. */
  public String git(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(path.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("git " + String.join(" ", words) + ": " + output);
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
    return output;
  }
}
