package dev.outpost.runner.git;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outpost.runner.scrub.Scrubber;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A work tree on its way into an index of our own, and from there into a patch. */
final class Staging {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final int DEEPEST_NEST = 20;
  private static final int WINDOW = 1 << 20;
  private static final int OVERLAP = 8192;

  /** What agents leave in the tree for themselves: aider the index of its map of the repository. */
  private static final String AGENTS_CACHES = ".aider.tags.cache.*/\n";

  private final WorkTree tree;
  private final Path scratch;
  private final Git git;
  private final List<String> notes = new ArrayList<>();

  private Staging(WorkTree tree, Path scratch, Git git) {
    this.tree = tree;
    this.scratch = scratch;
    this.git = git;
  }

  /** An index with the base in it, in a new repository. */
  static Staging of(WorkTree tree, Git git, Path within) throws IOException {
    // The agent could have put a link in the place of its directory, or removed it.
    if (Files.isSymbolicLink(tree.path())) {
      throw new IOException("the work tree has become a symbolic link");
    }
    Files.createDirectories(tree.path());
    Path scratch = Files.createTempDirectory(within, "patch");
    Path repository = scratch.resolve("repository");
    Git plain = git.unstoppable();
    plain.read(
        LIMIT,
        "init",
        "--quiet",
        "--template=",
        "--object-format=" + tree.base().objectFormat(),
        "--",
        repository.toString());
    Path own = repository.resolve(".git");
    Files.createDirectories(own.resolve("objects/info"));
    Files.writeString(
        own.resolve("objects/info/alternates"), tree.base().objects().toAbsolutePath() + "\n");
    Files.createDirectories(own.resolve("info"));
    Files.writeString(own.resolve("info/exclude"), AGENTS_CACHES);
    Git bound =
        plain
            .in(tree.path())
            .with(
                Map.of(
                    "GIT_DIR", own.toString(),
                    "GIT_WORK_TREE", tree.path().toString(),
                    "GIT_INDEX_FILE", scratch.resolve("index").toString()));
    bound.read(LIMIT, "read-tree", tree.baseCommit().isPresent() ? tree.base().tree() : "--empty");
    return new Staging(tree, scratch, bound);
  }

  List<String> notes() {
    return notes;
  }

  /** Adds all that git can read. Exit code 1 tells of the rest, which the notes name. */
  void addAll() throws IOException {
    for (int i = 0; i < DEEPEST_NEST && dissolveNested(); i++) {
      notes.add("repositories inside the work tree are recorded by their files");
    }
    addEach("--all");
  }

  /** Adds what has become of the base's files, and nothing else. */
  void addTracked() throws IOException {
    addEach("--update");
  }

  private void addEach(String which) throws IOException {
    Git.Answer answer = add(which);
    if (answer.ending() instanceof Git.Ending.Exited(int code) && code > 1) {
      // An attribute of the agent's asks for what git cannot do, e.g. an encoding it lacks.
      notes.add("git attributes are not honoured: " + answer.complaint().strip());
      Path attributes = scratch.resolve("repository/.git/info/attributes");
      Files.createDirectories(attributes.getParent());
      Files.writeString(attributes, "* !working-tree-encoding !text !eol !ident !filter\n");
      answer = add(which);
    }
    if (!(answer.ending() instanceof Git.Ending.Exited(int code) && code <= 1)) {
      throw new IOException("git add failed: " + answer.complaint().strip());
    }
    answer
        .complaint()
        .lines()
        .filter(line -> line.startsWith("error:"))
        .forEach(line -> notes.add("not in the patch: " + line));
  }

  private Git.Answer add(String which) throws IOException {
    return git.run(LIMIT, "add", which, "--ignore-errors", "--", ".");
  }

  /** Removes the .git of untracked repositories; answers whether there was one. */
  private boolean dissolveNested() throws IOException {
    boolean found = false;
    for (String path : list(List.of("ls-files", "-z", "--others", "--exclude-standard"))) {
      // Only a repository is listed as a directory.
      if (path.endsWith("/")) {
        try {
          Path nested = tree.path().resolve(utf8(path)).resolve(".git");
          if (Files.exists(nested, LinkOption.NOFOLLOW_LINKS)) {
            DirectoryRemoval.remove(nested);
            found = true;
          }
        } catch (InvalidPathException _) {
          notes.add("not in the patch: a repository whose name this machine cannot write");
        }
      }
    }
    return found;
  }

  /** Takes out what cannot be scrubbed; answers how many changed files remain. */
  int leaveOut(Scrubber scrubber) throws IOException {
    List<StagedFile> files =
        StagedFile.of(list(diff("--raw", "--numstat", "--no-abbrev", "-z", "--find-renames")));
    StringBuilder undoing = new StringBuilder();
    int left = 0;
    for (StagedFile file : files) {
      if ((file.isNewName() && scrubber.finds(file.path()))
          || (file.binary() && hasSecret(file.newObject(), scrubber))) {
        undoing.append(file.undoing());
        notes.add("not in the patch, for a secret in it: " + utf8(file.path()));
        left++;
      }
    }
    if (left > 0) {
      Path input = scratch.resolve("undoing");
      Files.writeString(input, undoing, ISO_8859_1);
      expect(git.run(input, Git.NOTHING, LIMIT, List.of("update-index", "-z", "--index-info")));
    }
    return files.size() - left;
  }

  private boolean hasSecret(String object, Scrubber scrubber) throws IOException {
    if (object.chars().allMatch(c -> c == '0')) {
      return false;
    }
    Path blob = scratch.resolve("blob");
    expect(git.run(blob, LIMIT, List.of("cat-file", "blob", object)));
    byte[] window = new byte[WINDOW];
    int kept = 0;
    try (InputStream in = Files.newInputStream(blob)) {
      int n = in.readNBytes(window, 0, WINDOW);
      while (n > 0) {
        int length = kept + n;
        if (scrubber.findsOwn(new String(window, 0, length, ISO_8859_1))) {
          return true;
        }
        kept = Math.min(OVERLAP, length);
        System.arraycopy(window, length - kept, window, 0, kept);
        n = in.readNBytes(window, kept, WINDOW - kept);
      }
    }
    return false;
  }

  /** Writes the change as a patch, scrubbed, to a new file. */
  void writeDiff(Path file, Scrubber scrubber) throws IOException {
    Path raw = scratch.resolve("raw");
    expect(git.run(raw, LIMIT, diff("--binary", "--full-index", "--find-renames")));
    PatchScrub.scrub(raw, file, scrubber);
    Files.delete(raw);
  }

  /** The paths of the base's files, before anything is added. */
  Set<String> tracked() throws IOException {
    Set<String> paths = new HashSet<>();
    list(List.of("ls-files", "-z")).forEach(path -> paths.add(utf8(path)));
    return paths;
  }

  /** Writes the change as a patch to a new file, as it is. */
  void writeDiff(Path file) throws IOException {
    expect(git.run(file, LIMIT, diff("--binary", "--full-index", "--no-renames")));
  }

  private List<String> diff(String... options) {
    List<String> words = new ArrayList<>(List.of("diff", "--cached"));
    words.addAll(List.of(options));
    words.addAll(
        List.of(
            "--no-ext-diff",
            "--no-textconv",
            "--no-color",
            "--src-prefix=a/",
            "--dst-prefix=b/",
            tree.base().tree(),
            "--"));
    return words;
  }

  private List<String> list(List<String> words) throws IOException {
    Path out = scratch.resolve("list");
    expect(git.run(out, LIMIT, words));
    return StagedFile.fields(out);
  }

  private static void expect(Git.Answer answer) throws IOException {
    if (!answer.isSuccess()) {
      throw new IOException("git failed: " + answer.complaint().strip());
    }
  }

  private static String utf8(String bytes) {
    return new String(bytes.getBytes(ISO_8859_1), UTF_8);
  }
}
