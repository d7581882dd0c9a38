package dev.outpost.functions.api;

import dev.outpost.tenant.Scope;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** One method of one path. */
sealed interface Route {
  /** The variable part that a path may have: one whole segment of it. */
  String ID = "{id}";

  /** Which of the API's routes it is. */
  RouteKey key();

  /** The HTTP method. */
  default String method() {
    return key().method();
  }

  /** The path; may have one {@value #ID}. */
  default String path() {
    return key().path();
  }

  /**
   * For callers whose key has a scope.
   *
   * @param endpoint what it does
   */
  record Scoped(RouteKey key, Endpoint endpoint) implements Route {
    /** Refuses nulls, and a key without a scope. */
    public Scoped {
      Objects.requireNonNull(endpoint, "endpoint");
      if (key.scope().isEmpty()) {
        throw new IllegalArgumentException(key + " has no scope");
      }
    }

    /** The scope that it takes. */
    Scope scope() {
      return key.scope().orElseThrow();
    }
  }

  /**
   * For everybody, and without the envelope.
   *
   * @param report what it tells
   */
  record Open(RouteKey key, Supplier<Report> report) implements Route {
    /** Refuses nulls, and a key with a scope. */
    public Open {
      Objects.requireNonNull(report, "report");
      if (key.scope().isPresent()) {
        throw new IllegalArgumentException(key + " has a scope");
      }
    }
  }

  /**
   * What an open route tells.
   *
   * @param status the HTTP status
   * @param body the body's JSON
   */
  record Report(int status, Map<String, ?> body) {
    /** Refuses null. */
    public Report {
      Objects.requireNonNull(body, "body");
    }
  }

  /** The variable part of a path that is this route's (empty when it has none), or else nothing. */
  default Optional<String> match(String asked) {
    int at = path().indexOf(ID);
    if (at < 0) {
      return path().equals(asked) ? Optional.of("") : Optional.empty();
    }
    String after = path().substring(at + ID.length());
    int end = asked.length() - after.length();
    if (end <= at || !asked.startsWith(path().substring(0, at)) || !asked.endsWith(after)) {
      return Optional.empty();
    }
    String id = asked.substring(at, end);
    return id.contains("/") ? Optional.empty() : Optional.of(id);
  }
}
