package dev.outpost.run;

import java.util.List;

/**
 * How an agent's program keeps a conversation, and goes on with it in a later run.
 *
 * @param files where the conversation is, as paths below HOME whose parts may have the placeholders
 *     of {@link #PLACEHOLDERS}; a part may have {@code *}s, for anything but a slash, beside {@link
 *     #SESSION} alone. No other file is kept, and each must be text
 * @param command the command line that goes on with it, instead of {@link Job#command()}; of the
 *     placeholders of this class it may have {@link #SESSION}
 */
public record Resumable(List<String> files, List<String> command) {
  /** Stands for the conversation's id, as the program told it. */
  public static final String SESSION = "{session}";

  /** Stands for the name of the work tree's directory. */
  public static final String TREE_NAME = "{tree_name}";

  /** Stands for the work tree's path, where all but letters and digits is a dash. */
  public static final String TREE_DASHED = "{tree_dashed}";

  /** Stands for the work tree's path, percent-encoded (RFC 3986, section 2.1). */
  public static final String TREE_PERCENT = "{tree_percent}";

  /** What may stand in {@code files}. */
  public static final List<String> PLACEHOLDERS =
      List.of(SESSION, TREE_NAME, TREE_DASHED, TREE_PERCENT);

  /** Copies the lists; refuses empty ones. */
  public Resumable {
    files = List.copyOf(files);
    command = List.copyOf(command);
    if (files.isEmpty() || command.isEmpty()) {
      throw new IllegalArgumentException("a session has files and a command that resumes it");
    }
  }
}
