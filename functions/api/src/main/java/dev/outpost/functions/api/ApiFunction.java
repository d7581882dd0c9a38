package dev.outpost.functions.api;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.outpost.edge.HttpRequest;
import dev.outpost.edge.start.Primed;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;

/** The function behind the HTTP API: reads API Gateway's event, has it answered, writes. */
public final class ApiFunction implements RequestStreamHandler, Primed {
  private final Api api;
  private final ApiParts parts;

  /** For Lambda: wired from the environment. */
  public ApiFunction() {
    this(ApiWiring.fromEnvironment(System.getenv()));
    Primed.register(this);
  }

  /** On these parts. */
  public ApiFunction(ApiParts parts) {
    this.parts = Objects.requireNonNull(parts, "parts");
    this.api = parts.api();
  }

  /** The routes that lead here, in the order of the documentation. */
  public List<RouteKey> routes() {
    return api.routes();
  }

  @Override
  public void rehearse(Context context) throws IOException {
    Rehearsal.REQUESTS.forEach(api::answer);
    Rehearsal.accept(parts);
  }

  @Override
  public void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    Answered answered = api.answer(HttpRequest.read(event));
    context.getLogger().log(answered.line() + "\n");
    answered.response().writeTo(answer);
  }
}
