package dev.outpost.cdk;

import static dev.outpost.cdk.Template.list;
import static dev.outpost.cdk.Template.map;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * A role's policies, asked as IAM asks them: what no statement allows is denied, and what one
 * denies is denied whatever allows it (IAM User Guide, "Policy evaluation logic").
 *
 * <p>It knows what these templates have: {@code Action}, {@code Resource}, and the conditions
 * {@code StringEquals}, {@code StringLike}, {@code ArnEquals} and {@code ArnLike} of single values.
 * Anything else is an error and never a guess.
 */
record Policy(List<Statement> statements) {
  Policy {
    statements = List.copyOf(statements);
  }

  /** A condition: the key's value must be like one of the patterns. */
  private record Condition(String key, List<String> patterns, boolean wildcards) {
    boolean holds(Asking asking) {
      String value = asking.context().get(key);
      return value != null
          && patterns.stream().anyMatch(p -> wildcards ? like(p, value, false) : p.equals(value));
    }
  }

  /** A statement with its references worked out. */
  private record Statement(
      boolean allows, List<String> actions, List<String> resources, List<Condition> conditions) {
    boolean fits(Asking asking) {
      return actions.stream().anyMatch(action -> like(action, asking.action(), true))
          && resources.stream().anyMatch(resource -> like(resource, asking.resource(), false))
          && conditions.stream().allMatch(condition -> condition.holds(asking));
    }
  }

  /**
   * The policies of these documents, as a template has them.
   *
   * @param concrete what a reference means, such as another role's ARN
   */
  static Policy of(List<?> documents, UnaryOperator<String> concrete) {
    List<Statement> statements = new ArrayList<>();
    for (Object document : documents) {
      for (Object statement : list(map(document).get("Statement"))) {
        statements.add(statement(map(statement), concrete));
      }
    }
    return new Policy(statements);
  }

  private static Statement statement(Map<?, ?> json, UnaryOperator<String> concrete) {
    for (Object key : json.keySet()) {
      if (!List.of("Sid", "Effect", "Action", "Resource", "Condition").contains(key)) {
        throw new IllegalArgumentException("unknown to this proof: " + key + " in " + json);
      }
    }
    List<Condition> conditions = new ArrayList<>();
    map(json.get("Condition"))
        .forEach(
            (operator, keys) ->
                map(keys)
                    .forEach(
                        (key, values) ->
                            conditions.add(
                                new Condition(
                                    String.valueOf(key),
                                    texts(values, concrete),
                                    hasWildcards(String.valueOf(operator))))));
    return new Statement(
        "Allow".equals(json.get("Effect")),
        texts(json.get("Action"), concrete),
        texts(json.get("Resource"), concrete),
        conditions);
  }

  private static boolean hasWildcards(String operator) {
    return switch (operator) {
      case "StringEquals" -> false;
      // For ARNs the two are the same (IAM User Guide, "Amazon Resource Name condition operators").
      case "StringLike", "ArnLike", "ArnEquals" -> true;
      default -> throw new IllegalArgumentException("unknown to this proof: " + operator);
    };
  }

  private static List<String> texts(Object value, UnaryOperator<String> concrete) {
    Objects.requireNonNull(value, "a statement without actions or resources");
    List<?> values = value instanceof List<?> several ? several : List.of(value);
    return values.stream().map(Template::text).map(concrete).toList();
  }

  /** Whether IAM allows that. */
  boolean allows(Asking asking) {
    return statements.stream().anyMatch(s -> s.allows() && s.fits(asking))
        && statements.stream().noneMatch(s -> !s.allows() && s.fits(asking));
  }

  /**
   * What is allowed and was never asked: each action of a statement on each of its resources. An
   * action with a wildcard counts as never asked, for it allows what nobody has thought of.
   */
  List<String> unused(Collection<Asking> asked) {
    List<String> unused = new ArrayList<>();
    for (Statement statement : statements) {
      if (!statement.allows()) {
        continue;
      }
      for (String action : statement.actions()) {
        for (String resource : statement.resources()) {
          Statement one =
              new Statement(true, List.of(action), List.of(resource), statement.conditions());
          if (action.contains("*") || asked.stream().noneMatch(one::fits)) {
            unused.add(action + " on " + resource);
          }
        }
      }
    }
    return unused;
  }

  /**
   * In patterns {@code *} stands for any characters and {@code ?} for one; actions have no case.
   */
  private static boolean like(String pattern, String text, boolean anyCase) {
    StringBuilder regex = new StringBuilder();
    for (char c : (anyCase ? pattern.toLowerCase(Locale.ROOT) : pattern).toCharArray()) {
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.matches(regex.toString(), anyCase ? text.toLowerCase(Locale.ROOT) : text);
  }
}
