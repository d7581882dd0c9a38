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
  /** Memory that it is given, in MB: a client waits for its processor time. */
  public static final int MEMORY_MB = 512;

  private final Api api;
  private final ApiParts parts;
  private final Lines lines;

  /** Where the one line of a request goes. */
  private interface Lines {
    void log(Context context, String line);
  }

  /** For Lambda: wired from the environment. */
  public ApiFunction() {
    // Not Lambda's own logger: it would put the line into one of its own, in which CloudWatch finds
    // no metric. What is printed is taken as it is.
    this(ApiWiring.fromEnvironment(System.getenv()), (_, line) -> System.out.println(line));
    Primed.register(this);
  }

  /** On these parts. */
  public ApiFunction(ApiParts parts) {
    this(parts, (context, line) -> context.getLogger().log(line + "\n"));
  }

  private ApiFunction(ApiParts parts, Lines lines) {
    this.parts = Objects.requireNonNull(parts, "parts");
    this.lines = Objects.requireNonNull(lines, "lines");
    this.api = parts.api();
  }

  /** The routes that lead here, in the order of the documentation. */
  public List<RouteKey> routes() {
    return api.routes();
  }

  @Override
  public Round rehearsal() {
    Rehearsal rehearsal = new Rehearsal(parts);
    return _ -> {
      Rehearsal.REQUESTS.forEach(api::answer);
      rehearsal.accept();
    };
  }

  @Override
  public void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    Answered answered = api.answer(HttpRequest.read(event));
    lines.log(context, answered.line());
    answered.response().writeTo(answer);
  }
}
