package dev.outpost.functions.api;

import dev.outpost.edge.ApiError;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.HttpRequest;
import dev.outpost.edge.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of routes. Immutable. */
final class Routes {
  private final List<Route> routes;

  Routes(List<Route> routes) {
    this.routes = List.copyOf(routes);
  }

  /** The same for API Gateway. */
  List<RouteKey> keys() {
    return routes.stream().map(Route::key).toList();
  }

  /**
   * Where a request leads.
   *
   * @throws Refused when the path is unknown, or known but not with that method
   */
  Destination find(HttpRequest request) throws Refused {
    // A HEAD is a GET whose body is not sent (RFC 9110, section 9.3.2).
    String method = request.method().equals("HEAD") ? "GET" : request.method();
    List<String> allowed = new ArrayList<>();
    for (Route route : routes) {
      Optional<String> id = route.match(request.path());
      if (id.isPresent()) {
        if (route.method().equals(method)) {
          return new Destination.Found(route, id.get());
        }
        allowed.add(route.method());
      }
    }
    if (allowed.isEmpty()) {
      throw new Refused(ErrorCode.NOT_FOUND, "There is nothing at this path.");
    }
    String methods = methods(allowed);
    if (method.equals("OPTIONS")) {
      return new Destination.Options(methods);
    }
    throw new Refused(ApiError.methodNotAllowed(methods));
  }

  private static String methods(List<String> allowed) {
    List<String> all = new ArrayList<>(allowed);
    if (all.contains("GET")) {
      all.add("HEAD");
    }
    all.add("OPTIONS");
    return String.join(", ", all);
  }

  /** Where a request leads. */
  sealed interface Destination {
    /**
     * To a route.
     *
     * @param route the route
     * @param id the variable part of the path; empty when there is none
     */
    record Found(Route route, String id) implements Destination {}

    /**
     * To a list of the path's methods.
     *
     * @param methods the methods
     */
    record Options(String methods) implements Destination {}
  }
}
