package dev.outpost.functions.api;

import static dev.outpost.audit.AuditRecord.Outcome.DONE;
import static dev.outpost.audit.AuditRecord.Outcome.FAILED;
import static dev.outpost.audit.AuditRecord.Outcome.REFUSED;

import dev.outpost.audit.Audit;
import dev.outpost.audit.AuditRecord;
import dev.outpost.edge.ApiError;
import dev.outpost.edge.Envelope;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.HttpRequest;
import dev.outpost.edge.HttpResponse;
import dev.outpost.edge.Refused;
import dev.outpost.edge.RequestLine;
import dev.outpost.tenant.Principal;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Turns every request into an answer, whatever happens: a success, a refusal with its reason, or a
 * fault that is logged and not shown. Safe for use by many threads.
 */
final class Api {
  /** What is logged of an answer. Nothing else of it is: some hold secrets. */
  private static final List<String> IDS = List.of("dispatchId", "groupId", "webhookId");

  private final Routes routes;
  private final Envelope envelope;
  private final Audit audit;
  private final InstantSource clock;

  Api(Routes routes, Audit audit, InstantSource clock) {
    this.routes = Objects.requireNonNull(routes, "routes");
    this.audit = Objects.requireNonNull(audit, "audit");
    this.envelope = new Envelope(clock);
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  List<RouteKey> routes() {
    return routes.keys();
  }

  Answered answer(HttpRequest request) {
    RequestLine line = new RequestLine(request);
    HttpResponse response;
    try {
      response = respond(request, line);
    } catch (Refused refused) {
      line.with("code", refused.error().code().name());
      count(request, line, 1, refused.error().code().name());
      response = envelope.error(refused.error(), request.requestId());
    } catch (RuntimeException fault) {
      line.failed(fault);
      count(request, line, 1, ErrorCode.INTERNAL_ERROR.name());
      response =
          envelope.error(
              new ApiError(
                  ErrorCode.INTERNAL_ERROR,
                  "Something went wrong on our side; the request's id helps to find out what."),
              request.requestId());
    }
    line.with("status", response.status());
    return new Answered(
        request.method().equals("HEAD")
            ? new HttpResponse(response.status(), response.headers(), "")
            : response,
        line.text());
  }

  private HttpResponse respond(HttpRequest request, RequestLine line) throws Refused {
    return switch (routes.find(request)) {
      case Routes.Destination.Options options -> options(options.methods(), request.requestId());
      case Routes.Destination.Found found -> {
        line.with("route", found.route().key().key());
        yield switch (found.route()) {
          case Route.Open open -> {
            Route.Report report = open.report().get();
            yield envelope.bare(report.status(), report.body(), request.requestId());
          }
          case Route.Scoped scoped -> respond(scoped, request, found.id(), line);
        };
      }
    };
  }

  private HttpResponse respond(Route.Scoped route, HttpRequest request, String id, RequestLine line)
      throws Refused {
    Principal principal = Caller.of(request.authorizer());
    line.with("tenantId", principal.tenantId().value()).with("keyId", principal.keyId());
    if (!principal.may(route.scope())) {
      throw new Refused(
          ErrorCode.AUTHORIZATION_ERROR,
          "The API key lacks the scope " + route.scope().wire() + ".");
    }
    Answer answer = carryOut(route, new Call(request, principal, id), line);
    for (String name : IDS) {
      if (answer.data().get(name) instanceof String made) {
        line.with(name, made);
      }
    }
    count(
        request,
        line,
        answer.data().get("dispatches") instanceof List<?> several ? several.size() : 1,
        answer.headers().containsKey(CreateDispatch.REPLAYED) ? "replayed" : "accepted");
    return envelope.success(answer.status(), answer.data(), request.requestId(), answer.headers());
  }

  /** Has the endpoint answer; what changes something is written down first. */
  private Answer carryOut(Route.Scoped route, Call call, RequestLine line) throws Refused {
    if (!route.key().writtenDown()) {
      return route.endpoint().answer(call);
    }
    AuditRecord asked =
        audit.asked(
            call.principal().tenantId(),
            call.principal().keyId(),
            route.key().act(),
            Subject.of(route.key(), call));
    line.with("auditId", asked.id().value());
    Answer answer;
    try {
      answer = route.endpoint().answer(call);
    } catch (Refused refused) {
      // With a fault of ours or of somebody behind us it may have been done in part.
      audit.ended(
          asked,
          refused.error().code().status() < ErrorCode.INTERNAL_ERROR.status() ? REFUSED : FAILED,
          Optional.empty());
      throw refused;
    } catch (RuntimeException fault) {
      audit.ended(asked, FAILED, Optional.empty());
      throw fault;
    }
    audit.ended(
        asked,
        DONE,
        asked
            .about()
            .or(
                () ->
                    IDS.stream()
                        .map(answer.data()::get)
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .findFirst()));
    return answer;
  }

  /**
   * Counts what becomes of dispatches that are asked for: the figure an operator looks at first.
   */
  private void count(HttpRequest request, RequestLine line, int times, String outcome) {
    if (request.method().equals("POST") && request.path().equals("/dispatch")) {
      line.count(times, "dispatches", "outcome", outcome, clock.instant());
    }
  }

  private static HttpResponse options(String methods, String requestId) {
    return new HttpResponse(204, Map.of("Allow", methods, "X-Request-ID", requestId), "");
  }
}
