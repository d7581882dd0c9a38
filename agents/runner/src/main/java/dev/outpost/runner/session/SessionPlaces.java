package dev.outpost.runner.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outpost.run.Resumable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Where one conversation is in one run. The same file has a name without what differs from run to
 * run: the path as the catalogue writes it, with its placeholders, and the true name only where
 * that has a {@code *}.
 *
 * @param patterns paths below HOME, see {@link Resumable#files()}
 * @param session the conversation's id
 * @param home the agent's HOME
 * @param tree its work tree
 */
record SessionPlaces(List<String> patterns, String session, Path home, Path tree) {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,127}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");

  /** An agent can fill a directory with names to no end. */
  private static final int MOST_NAMES = 10_000;

  /** Whether that may be a conversation's id: it gets into paths and command lines. */
  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /**
   * The files that are there, by their names. Links are not followed, wherever they are: what an
   * agent put into its HOME may point anywhere.
   *
   * @throws IOException when a directory can't be read, or there are more than that many files
   */
  Map<String, Path> find(int most) throws IOException {
    Search search = new Search(most);
    for (String pattern : patterns) {
      search.below(home, "", List.of(pattern.split("/")));
    }
    return search.found;
  }

  /** One search, which ends when it has looked at too much. */
  private final class Search {
    private final int most;
    private final Map<String, Path> found = new TreeMap<>();
    private int names;

    Search(int most) {
      this.most = most;
    }

    void below(Path directory, String name, List<String> parts) throws IOException {
      String part = parts.getFirst();
      if (!part.contains("*")) {
        take(directory.resolve(filled(part)), name + part, parts);
        return;
      }
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
        for (Path entry : entries) {
          if (++names > MOST_NAMES) {
            throw new IOException("there are too many files where it should be");
          }
          String own = entry.getFileName().toString();
          if (isA(part, own)) {
            take(entry, name + own, parts);
          }
        }
      }
    }

    private void take(Path path, String name, List<String> parts) throws IOException {
      if (parts.size() > 1) {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          below(path, name + "/", parts.subList(1, parts.size()));
        }
      } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        found.put(name, path);
        if (found.size() > most) {
          throw new IOException("it has more than " + most + " files");
        }
      }
    }
  }

  /** Where the file of that name belongs here; empty for a name that no pattern makes. */
  Optional<Path> place(String name) {
    List<String> parts = List.of(name.split("/", -1));
    for (String pattern : patterns) {
      List<String> wanted = List.of(pattern.split("/"));
      if (wanted.size() != parts.size()) {
        continue;
      }
      Path path = home;
      boolean matches = true;
      for (int i = 0; i < parts.size() && matches; i++) {
        boolean free = wanted.get(i).contains("*");
        matches = free ? isA(wanted.get(i), parts.get(i)) : wanted.get(i).equals(parts.get(i));
        path = matches ? path.resolve(free ? parts.get(i) : filled(wanted.get(i))) : path;
      }
      if (matches) {
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }

  /** Whether a name is one that the part of a pattern means: plain, and so no way out of HOME. */
  private boolean isA(String part, String name) {
    StringBuilder regex = new StringBuilder();
    for (String fixed : filled(part).split("\\*", -1)) {
      regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(fixed));
    }
    return NAME.matcher(name).matches() && name.matches(regex.toString());
  }

  private String filled(String part) {
    return part.replace(Resumable.SESSION, session)
        .replace(Resumable.TREE_NAME, tree.getFileName().toString())
        .replace(Resumable.TREE_DASHED, tree.toString().replaceAll("[^A-Za-z0-9]", "-"))
        .replace(Resumable.TREE_PERCENT, percent(tree.toString()));
  }

  private static String percent(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(UTF_8)) {
      char c = (char) (b & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || "-_.~".indexOf(c) >= 0)) {
        encoded.append(c);
      } else {
        encoded.append("%%%02X".formatted((int) c));
      }
    }
    return encoded.toString();
  }
}
