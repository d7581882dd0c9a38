package dev.outpost.cli.client;

import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** The repository that a person means, as the API wants it. */
final class Repository {
  private static final Pattern ADDRESS =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.+|[^/]+@[^/]+:.+");
  private static final Pattern OWNER_AND_NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9_.-]+");

  private Repository() {}

  /**
   * An address as it is, a folder as its {@code file://} address, and {@code owner/name} as it is
   * unless there is a folder of that name.
   */
  static String of(String text, Shell shell) {
    if (ADDRESS.matcher(text).matches()) {
      return text;
    }
    Path folder = shell.resolve(Path.of(expand(text, shell)));
    if (Files.isDirectory(folder)) {
      return address(folder);
    }
    if (OWNER_AND_NAME.matcher(text).matches() && !text.startsWith(".")) {
      return text;
    }
    throw Refusal.usage(
        "--repo " + text + ": there is no such folder",
        "wanted: a folder with a git repository, owner/name, or an https, ssh or file URL");
  }

  private static String expand(String text, Shell shell) {
    return text.startsWith("~/") ? shell.variable("HOME").orElse("~") + text.substring(1) : text;
  }

  private static String address(Path folder) {
    if (!isRepository(folder)) {
      Optional<Path> above = above(folder);
      throw Refusal.usage(
          "--repo " + folder + " is not a git repository",
          above
              .map(path -> "it lies inside one: --repo " + path)
              .orElse("make it one: git init && git add -A && git commit"));
    }
    String uri = folder.toUri().toString();
    return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
  }

  /** A work tree (whose .git is a file in linked ones), or a bare repository. */
  private static boolean isRepository(Path folder) {
    return Files.exists(folder.resolve(".git"))
        || (Files.isRegularFile(folder.resolve("HEAD"))
            && Files.isDirectory(folder.resolve("objects"))
            && Files.isDirectory(folder.resolve("refs")));
  }

  private static Optional<Path> above(Path folder) {
    for (Path path = folder.getParent(); path != null; path = path.getParent()) {
      if (isRepository(path)) {
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }
}
