package dev.outpost.runner.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outpost.run.ContainerContract;
import dev.outpost.run.Context;
import dev.outpost.run.Job;
import dev.outpost.run.Parent;
import dev.outpost.run.RunResult;
import dev.outpost.runner.scrub.Scrubber;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The task as the agent gets it: what it continues, what the tenant wants all its agents to know
 * and the repository's own guides, as far as they fit, and the task.
 *
 * @param text what the agent is given
 * @param guides names of the files that went in, in order
 * @param guideCharacters how many characters the preamble has
 * @param standingCharacters how many of them are the tenant's own document
 */
public record TaskText(
    String text, List<String> guides, int guideCharacters, int standingCharacters) {
  private static final List<String> PATTERNS =
      List.of("AGENTS.md", "CLAUDE.md", "README*", "CONTRIBUTING*");
  private static final int CHARACTERS_PER_TOKEN = 4;
  private static final int LARGEST_READ = 64 * 1024;
  private static final int SMALLEST_PART = 80;
  private static final String STANDING = "What holds for all of your work here:\n";
  private static final String STANDING_END = "\n\n";
  private static final String EARLIER =
      "You continue earlier work: its changes are in the work tree, not committed.\n";
  private static final String REMEMBERED = EARLIER + "---\n";
  private static final int LONGEST_EARLIER_TASK = 1000;
  private static final String OPENING = "This repository's own guides, shortened:\n";
  private static final String CLOSING = "\n\nThe task:\n\n";

  /** Copies the list. */
  public TaskText {
    guides = List.copyOf(guides);
  }

  /** The task alone. */
  public static TaskText plain(String task) {
    return new TaskText(task, List.of(), 0, 0);
  }

  /**
   * The task alone, for an agent that talks to a model. A slash at its beginning would make it a
   * command of the program's own: claude takes {@code /clear} for one, asks no model, and calls
   * that a success.
   */
  public static TaskText spoken(String task) {
    return task.stripLeading().startsWith("/")
        ? plain(CLOSING.strip() + "\n\n" + task)
        : plain(task);
  }

  /**
   * The task of a job behind a preamble of at most {@code context.tokens()} times four characters:
   * what it continues, then the tenant's document, which leaves half of the rest to a repository
   * with guides, then those. Beyond that budget, for it belongs to the task: what data is to be
   * returned.
   *
   * @param tree where the guides are
   * @param resumed whether the agent remembers what it continues
   * @throws IOException when the tree cannot be read
   */
  public static TaskText of(Job job, Path tree, boolean resumed, Scrubber scrubber)
      throws IOException {
    String earlier =
        job.parent().map(parent -> resumed ? REMEMBERED : earlier(parent, scrubber)).orElse("");
    Context context = job.context().orElse(Context.MINIMAL);
    int budget = context.tokens() * CHARACTERS_PER_TOKEN - earlier.length() - CLOSING.length();
    List<Path> found = find(tree);
    int room = found.isEmpty() ? budget : budget / 2;
    String standing = job.standingContext().map(t -> standing(t, room, scrubber)).orElse("");
    List<String> names = new ArrayList<>();
    String preamble =
        earlier
            + standing
            + guides(found, budget - standing.length(), scrubber, names)
            + job.outputSchema().map(TaskText::wanted).orElse("");
    if (preamble.isEmpty()) {
      return spoken(job.task());
    }
    String text = preamble + CLOSING;
    return new TaskText(text + job.task(), names, text.length(), standing.length());
  }

  /** What the agent must know of the work that it continues, scrubbed before it is cut. */
  private static String earlier(Parent parent, Scrubber scrubber) {
    String summary = scrubber.scrub(parent.summary()).strip();
    return EARLIER
        + "--- the earlier task ---\n"
        + cut(scrubber.scrub(parent.task()).strip(), LONGEST_EARLIER_TASK)
        + (summary.isEmpty()
            ? ""
            : "\n--- what its agent said at the end ---\n" + cut(summary, RunResult.MAX_SUMMARY))
        + "\n---\n";
  }

  private static String standing(String document, int room, Scrubber scrubber) {
    int left = room - STANDING.length() - STANDING_END.length();
    String text = left < SMALLEST_PART ? "" : fitted(document, left, scrubber);
    return text.isEmpty() ? "" : STANDING + text + STANDING_END;
  }

  private static String wanted(String schema) {
    return "\nYour result is wanted as data. When you have finished, write one JSON document that is"
        + " valid against the JSON Schema below to the file whose path is in the environment"
        + " variable "
        + ContainerContract.OUTPUT
        + " (it lies outside the work tree). If you can't write files, make the JSON document your"
        + " whole last message.\n--- JSON Schema ---\n"
        + schema
        + "\n---\n";
  }

  /**
   * A repository's own guides, as far as they fit into a preamble of that size.
   *
   * @throws IOException when the tree cannot be read
   */
  public static String guides(Path tree, Context context, Scrubber scrubber) throws IOException {
    return guides(find(tree), context.tokens() * CHARACTERS_PER_TOKEN, scrubber, new ArrayList<>());
  }

  private static String guides(List<Path> found, int budget, Scrubber scrubber, List<String> names)
      throws IOException {
    StringBuilder guides = new StringBuilder();
    for (Path guide : found) {
      String heading =
          (guides.isEmpty() ? OPENING : "") + "\n--- " + guide.getFileName() + " ---\n";
      int room = budget - guides.length() - heading.length();
      if (room < SMALLEST_PART) {
        break;
      }
      String content = fitted(beginning(guide), room, scrubber);
      if (!content.isEmpty()) {
        guides.append(heading).append(content);
        names.add(guide.getFileName().toString());
      }
    }
    return guides.toString();
  }

  /**
   * Scrubbed before the cut, which could leave half of a secret that nobody recognises, and after
   * it, for what was harmless in its place may not be at an end.
   */
  private static String fitted(String text, int room, Scrubber scrubber) {
    return cut(scrubber.scrub(cut(scrubber.scrub(text).strip(), room)), room);
  }

  private static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int end = length - 1;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }

  /** Regular files at the root, in order; a link counts when it stays inside, each file once. */
  private static List<Path> find(Path tree) throws IOException {
    Path root = tree.toRealPath();
    List<Path> found = new ArrayList<>();
    List<Path> seen = new ArrayList<>();
    for (String pattern : PATTERNS) {
      TreeSet<Path> matches = new TreeSet<>();
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, pattern)) {
        entries.forEach(matches::add);
      }
      for (Path match : matches) {
        if (!Files.isRegularFile(match)) {
          continue;
        }
        Path real = match.toRealPath();
        if (real.startsWith(root)
            && !real.startsWith(root.resolve(".git"))
            && !seen.contains(real)) {
          seen.add(real);
          found.add(match);
        }
      }
    }
    return found;
  }

  private static String beginning(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(LARGEST_READ), UTF_8);
    }
  }
}
