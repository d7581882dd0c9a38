package dev.outpost.simulation.aws;

import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** How DynamoDB compares and counts with attribute values. */
final class Values {
  private Values() {}

  /** Whether they are equal: numbers by their value, sets without an order. */
  static boolean equal(AttributeValue one, AttributeValue other) {
    if (one.type() != other.type()) {
      return false;
    }
    return switch (one.type()) {
      case N -> number(one).compareTo(number(other)) == 0;
      case SS -> Set.copyOf(one.ss()).equals(Set.copyOf(other.ss()));
      default -> one.equals(other);
    };
  }

  /** Their order; of values of different types there is none. */
  static int compare(AttributeValue one, AttributeValue other) {
    if (one.type() != other.type()) {
      throw new IllegalArgumentException("no order of " + one.type() + " and " + other.type());
    }
    return switch (one.type()) {
      case N -> number(one).compareTo(number(other));
      case S -> one.s().compareTo(other.s());
      default -> throw new IllegalArgumentException("no order of " + one.type());
    };
  }

  static boolean comparable(AttributeValue one, AttributeValue other) {
    return one.type() == other.type()
        && (one.type() == AttributeValue.Type.N || one.type() == AttributeValue.Type.S);
  }

  static BigDecimal number(AttributeValue value) {
    return new BigDecimal(value.n());
  }

  static AttributeValue number(BigDecimal number) {
    return AttributeValue.fromN(number.stripTrailingZeros().toPlainString());
  }

  static int size(AttributeValue value) {
    return switch (value.type()) {
      case S -> value.s().length();
      case SS -> value.ss().size();
      case L -> value.l().size();
      case M -> value.m().size();
      default -> throw new IllegalArgumentException("no size of " + value.type());
    };
  }

  static boolean contains(AttributeValue whole, AttributeValue part) {
    return switch (whole.type()) {
      case S -> whole.s().contains(part.s());
      case SS -> whole.ss().contains(part.s());
      case L -> whole.l().contains(part);
      default -> false;
    };
  }

  /** ADD: to a number, or to a set. */
  static AttributeValue plus(AttributeValue before, AttributeValue more) {
    if (more.type() == AttributeValue.Type.SS) {
      Set<String> all = new LinkedHashSet<>(before == null ? List.of() : before.ss());
      all.addAll(more.ss());
      return AttributeValue.fromSs(List.copyOf(all));
    }
    return number((before == null ? BigDecimal.ZERO : number(before)).add(number(more)));
  }

  /** DELETE from a set; null when nothing is left, for an empty set does not exist. */
  static AttributeValue minus(AttributeValue before, AttributeValue less) {
    if (before == null) {
      return null;
    }
    Set<String> rest = new LinkedHashSet<>(before.ss());
    less.ss().forEach(rest::remove);
    return rest.isEmpty() ? null : AttributeValue.fromSs(List.copyOf(rest));
  }
}
