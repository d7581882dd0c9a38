package dev.outpost.simulation.aws;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * DynamoDB's expressions, worked out on an item while they are read: conditions, filters and key
 * conditions, and updates (Developer Guide, "Expressions in DynamoDB"). Attributes are top-level
 * ones; whatever else the language has is refused loudly.
 */
final class Expression {
  private final Tokens tokens;
  private final Map<String, String> names;
  private final Map<String, AttributeValue> values;
  private final Map<String, AttributeValue> item;

  private Expression(
      String text,
      Map<String, String> names,
      Map<String, AttributeValue> values,
      Map<String, AttributeValue> item) {
    this.tokens = new Tokens(text);
    this.names = names;
    this.values = values;
    this.item = item;
  }

  /** Whether the condition holds for the item; one that is absent is empty. */
  static boolean holds(
      String condition,
      Map<String, String> names,
      Map<String, AttributeValue> values,
      Map<String, AttributeValue> item) {
    if (condition == null) {
      return true;
    }
    Expression expression = new Expression(condition, names, values, item);
    boolean holds = expression.or();
    if (!expression.tokens.isEmpty()) {
      throw expression.tokens.unexpected(expression.tokens.peek());
    }
    return holds;
  }

  /** The item after the update. */
  static Map<String, AttributeValue> updated(
      String update,
      Map<String, String> names,
      Map<String, AttributeValue> values,
      Map<String, AttributeValue> item) {
    return new Expression(update, names, values, item).update();
  }

  // Both sides are always read, for the words must be passed over.

  private boolean or() {
    boolean holds = and();
    while (tokens.take("OR")) {
      boolean other = and();
      holds = holds || other;
    }
    return holds;
  }

  private boolean and() {
    boolean holds = not();
    while (tokens.take("AND")) {
      boolean other = not();
      holds = holds && other;
    }
    return holds;
  }

  private boolean not() {
    if (tokens.take("NOT")) {
      return !not();
    }
    if (tokens.take("(")) {
      boolean holds = or();
      tokens.expect(")");
      return holds;
    }
    return term();
  }

  private boolean term() {
    return switch (tokens.peek().toLowerCase(Locale.ROOT)) {
      case "attribute_exists" -> argument().isPresent();
      case "attribute_not_exists" -> argument().isEmpty();
      case "contains" -> pair((whole, part) -> Values.contains(whole, part));
      case "begins_with" -> pair((whole, part) -> whole.s().startsWith(part.s()));
      default -> comparison();
    };
  }

  private Optional<AttributeValue> argument() {
    tokens.next();
    tokens.expect("(");
    Optional<AttributeValue> value = operand();
    tokens.expect(")");
    return value;
  }

  private interface Test {
    boolean of(AttributeValue one, AttributeValue other);
  }

  private boolean pair(Test test) {
    tokens.next();
    tokens.expect("(");
    Optional<AttributeValue> one = operand();
    tokens.expect(",");
    Optional<AttributeValue> other = operand();
    tokens.expect(")");
    return one.isPresent() && other.isPresent() && test.of(one.get(), other.get());
  }

  private boolean comparison() {
    Optional<AttributeValue> left = operand();
    if (tokens.take("BETWEEN")) {
      Optional<AttributeValue> least = operand();
      tokens.expect("AND");
      Optional<AttributeValue> most = operand();
      return compares(left, least, order -> order >= 0)
          && compares(left, most, order -> order <= 0);
    }
    String operator = tokens.next();
    Optional<AttributeValue> right = operand();
    return switch (operator) {
      case "=" -> both(left, right) && Values.equal(left.get(), right.get());
      case "<>" -> !(both(left, right) && Values.equal(left.get(), right.get()));
      case "<" -> compares(left, right, order -> order < 0);
      case "<=" -> compares(left, right, order -> order <= 0);
      case ">" -> compares(left, right, order -> order > 0);
      case ">=" -> compares(left, right, order -> order >= 0);
      default -> throw tokens.unexpected(operator);
    };
  }

  private static boolean both(Optional<AttributeValue> one, Optional<AttributeValue> other) {
    return one.isPresent() && other.isPresent();
  }

  /** An attribute that is absent compares with nothing. */
  private static boolean compares(
      Optional<AttributeValue> one,
      Optional<AttributeValue> other,
      java.util.function.IntPredicate order) {
    return both(one, other)
        && Values.comparable(one.get(), other.get())
        && order.test(Values.compare(one.get(), other.get()));
  }

  private Optional<AttributeValue> operand() {
    String word = tokens.next();
    if (word.equals("size")) {
      tokens.expect("(");
      Optional<AttributeValue> of = operand();
      tokens.expect(")");
      return of.map(value -> AttributeValue.fromN(String.valueOf(Values.size(value))));
    }
    if (word.equals("if_not_exists")) {
      tokens.expect("(");
      Optional<AttributeValue> present = operand();
      tokens.expect(",");
      Optional<AttributeValue> other = operand();
      tokens.expect(")");
      return present.isPresent() ? present : other;
    }
    if (word.startsWith(":")) {
      AttributeValue value = values.get(word);
      if (value == null) {
        throw tokens.unexpected(word + ", which has no value");
      }
      return Optional.of(value);
    }
    return Optional.ofNullable(item.get(name(word)));
  }

  private String name(String word) {
    if (!word.startsWith("#")) {
      return word;
    }
    String name = names.get(word);
    if (name == null) {
      throw tokens.unexpected(word + ", which is no name");
    }
    return name;
  }

  private Map<String, AttributeValue> update() {
    Map<String, AttributeValue> next = new LinkedHashMap<>(item);
    while (!tokens.isEmpty()) {
      String clause = tokens.next().toUpperCase(Locale.ROOT);
      do {
        String name = name(tokens.next());
        switch (clause) {
          case "SET" -> {
            tokens.expect("=");
            next.put(name, sum());
          }
          case "ADD" -> next.put(name, Values.plus(item.get(name), operand().orElseThrow()));
          case "DELETE" -> {
            AttributeValue rest = Values.minus(item.get(name), operand().orElseThrow());
            if (rest == null) {
              next.remove(name);
            } else {
              next.put(name, rest);
            }
          }
          case "REMOVE" -> next.remove(name);
          default -> throw tokens.unexpected(clause);
        }
      } while (tokens.take(","));
    }
    return next;
  }

  private AttributeValue sum() {
    AttributeValue value = operand().orElseThrow();
    if (tokens.take("+")) {
      return Values.number(Values.number(value).add(Values.number(operand().orElseThrow())));
    }
    if (tokens.take("-")) {
      return Values.number(Values.number(value).subtract(Values.number(operand().orElseThrow())));
    }
    return value;
  }
}
