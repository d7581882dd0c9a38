package dev.outpost.edge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The variables that configure a function.
 *
 * <pre>{@code
 * record Config(String stage, String queue) {}
 * Config config = new Environment(System.getenv())
 *     .read(variables -> new Config(variables.text("OUTPOST_STAGE"), variables.text("…")));
 * }</pre>
 *
 * <p>Whatever is missing is named in one go, not one by one from start to start.
 */
public final class Environment {
  private final Map<String, String> variables;

  /**
   * Reads from these variables, in production {@code System.getenv()}. They are not copied, so that
   * a map that takes notes can tell which of them a function reads.
   */
  public Environment(Map<String, String> variables) {
    this.variables = Objects.requireNonNull(variables, "variables");
  }

  /**
   * Reads a configuration.
   *
   * @param read makes the configuration of what it asks for; while something is missing its result
   *     is thrown away
   * @throws IllegalStateException when variables are missing; names all that {@code read} asked for
   */
  public <T> T read(Function<Variables, T> read) {
    Set<String> missing = new TreeSet<>();
    T configuration;
    try {
      configuration = read.apply(new Variables(variables, missing));
    } catch (RuntimeException e) {
      // What fails because a variable is missing is better told by the variable's name.
      if (missing.isEmpty()) {
        throw e;
      }
      throw complaint(missing);
    }
    if (!missing.isEmpty()) {
      throw complaint(missing);
    }
    return configuration;
  }

  private static IllegalStateException complaint(Set<String> missing) {
    return new IllegalStateException(
        "missing environment variables: " + String.join(", ", missing));
  }

  /** What a configuration is made of. */
  public static final class Variables {
    private final Map<String, String> values;
    private final Set<String> missing;

    private Variables(Map<String, String> values, Set<String> missing) {
      this.values = Objects.requireNonNull(values, "values");
      this.missing = Objects.requireNonNull(missing, "missing");
    }

    /** A variable that must be set. */
    public String text(String name) {
      Optional<String> value = optional(name);
      if (value.isEmpty()) {
        missing.add(name);
      }
      return value.orElse("");
    }

    /** A variable that may be left out; an empty one counts as left out. */
    public Optional<String> optional(String name) {
      return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
    }

    /** The words of a variable that may be left out, separated by commas. */
    public List<String> words(String name) {
      List<String> words = new ArrayList<>();
      for (String word : optional(name).orElse("").split(",", -1)) {
        if (!word.isBlank()) {
          words.add(word.strip());
        }
      }
      return List.copyOf(words);
    }
  }
}
