package dev.outpost.functions.api;

import dev.outpost.tenant.Scope;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** One method of one path. */
sealed interface Route {
  /** The variable part that a path may end with. */
  String ID = "/{id}";

  /** The HTTP method. */
  String method();

  /** The path; may end with {@value #ID}. */
  String path();

  /**
   * For callers whose key has a scope.
   *
   * @param scope the scope
   * @param endpoint what it does
   */
  record Scoped(String method, String path, Scope scope, Endpoint endpoint) implements Route {
    /** Refuses nulls. */
    public Scoped {
      Objects.requireNonNull(method, "method");
      Objects.requireNonNull(path, "path");
      Objects.requireNonNull(scope, "scope");
      Objects.requireNonNull(endpoint, "endpoint");
    }
  }

  /**
   * For everybody, and without the envelope.
   *
   * @param report what it tells
   */
  record Open(String method, String path, Supplier<Report> report) implements Route {
    /** Refuses nulls. */
    public Open {
      Objects.requireNonNull(method, "method");
      Objects.requireNonNull(path, "path");
      Objects.requireNonNull(report, "report");
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
    if (!path().endsWith(ID)) {
      return path().equals(asked) ? Optional.of("") : Optional.empty();
    }
    String before = path().substring(0, path().length() - ID.length() + 1);
    if (!asked.startsWith(before)) {
      return Optional.empty();
    }
    String id = asked.substring(before.length());
    return id.isEmpty() || id.contains("/") ? Optional.empty() : Optional.of(id);
  }
}
