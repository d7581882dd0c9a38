package dev.outpost.edge;

import dev.outpost.run.Resumable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an agent's {@code session} in the catalogue: which files hold its conversation, and the
 * words that go on with one, which stand in its command where {@value #PLACE} is.
 */
final class ResumableFields {
  /** A word of the command: the words that resume, or none. */
  static final String PLACE = "{resume}";

  private static final String NAME = "session";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{[a-z_]+\\}");
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9._*-]+");

  private ResumableFields() {}

  /** How an agent with that command resumes, or empty where it can't or nothing could be read. */
  static Optional<Resumable> read(Fields agent, List<String> command) {
    long places = command.stream().filter(PLACE::equals).count();
    Optional<Fields> object = agent.object(NAME);
    if (object.isEmpty()) {
      if (places > 0) {
        agent.wrong("command", "has " + PLACE + ", but the agent has no session");
      }
      return Optional.empty();
    }
    if (places != 1) {
      agent.wrong("command", "must have the word " + PLACE + " once, for there is a session");
    }
    Fields fields = object.get();
    final int before = fields.mistakes();
    final List<String> files = CatalogueFile.words(fields, "files");
    final List<String> resume = CatalogueFile.words(fields, "resume");
    fields.refuseUnknown();
    if (files.isEmpty()) {
      fields.wrong("files", "must name at least one file");
    }
    files.forEach(path -> checkPath(fields, path));
    if (resume.stream().noneMatch(word -> word.contains(Resumable.SESSION))) {
      fields.wrong("resume", "must have " + Resumable.SESSION);
    }
    return fields.mistakes() > before
        ? Optional.empty()
        : Optional.of(new Resumable(files, expanded(command, resume)));
  }

  /** The command with those words in their place. */
  static List<String> expanded(List<String> command, List<String> resume) {
    List<String> words = new ArrayList<>();
    for (String word : command) {
      if (word.equals(PLACE)) {
        words.addAll(resume);
      } else {
        words.add(word);
      }
    }
    return words;
  }

  private static void checkPath(Fields fields, String path) {
    for (String part : path.split("/", -1)) {
      Matcher matcher = PLACEHOLDER.matcher(part);
      while (matcher.find()) {
        if (!Resumable.PLACEHOLDERS.contains(matcher.group())) {
          fields.wrong("files", "has the unknown placeholder " + matcher.group());
        } else if (part.contains("*") && !matcher.group().equals(Resumable.SESSION)) {
          fields.wrong("files", "has * beside " + matcher.group() + ", in " + part);
        }
      }
      String rest = PLACEHOLDER.matcher(part).replaceAll("x");
      if (!PART.matcher(rest).matches() || rest.equals(".") || rest.equals("..")) {
        fields.wrong("files", "has " + path + ", which is no path below HOME");
        return;
      }
    }
  }
}
