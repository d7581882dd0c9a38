package dev.outpost.runner.stub;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the model does with a request. The task's own text chooses it, by a word like {@code
 * stub-model:status-429} anywhere in it, so that dispatches of one machine can meet different
 * models at once.
 */
public sealed interface Behaviour {
  /** Has the file edited and says that it is done. */
  record Work() implements Behaviour {}

  /** As {@link Work}, in small pieces with a pause after each. */
  record Slow() implements Behaviour {}

  /** Answers every request with that error. */
  record Refuse(int status) implements Behaviour {}

  /** Takes every request and never answers. */
  record Hang() implements Behaviour {}

  /** Has the file edited, and never answers the request after that. */
  record HangAfterEdit() implements Behaviour {}

  /** Has the file edited, and then a shell command started that takes ten minutes. */
  record LongCommand() implements Behaviour {}

  /** Answers every request with 200 and bytes that mean nothing. */
  record Garbage() implements Behaviour {}

  /** Breaks the connection off in the middle of every answer. */
  record BreakOff() implements Behaviour {}

  /** Has the file edited again and again, and never says that it is done. */
  record Endless() implements Behaviour {}

  /** The behaviour that a request's text chooses. */
  static Behaviour of(String request) {
    Matcher matcher = Choice.PATTERN.matcher(request);
    if (!matcher.find()) {
      return new Work();
    }
    String word = matcher.group(1);
    if (word.startsWith("status-")) {
      return new Refuse(Integer.parseInt(word.substring("status-".length())));
    }
    return switch (word) {
      case "slow" -> new Slow();
      case "hang" -> new Hang();
      case "hang-after-edit" -> new HangAfterEdit();
      case "long-command" -> new LongCommand();
      case "garbage" -> new Garbage();
      case "break-off" -> new BreakOff();
      case "endless" -> new Endless();
      default -> throw new IllegalArgumentException("the stub model knows no " + word);
    };
  }

  /** The word that chooses. */
  final class Choice {
    private static final Pattern PATTERN =
        Pattern.compile("stub-model:([a-z]+(?:-[a-z]+)*(?:-[45]\\d\\d)?)");

    private Choice() {}
  }
}
