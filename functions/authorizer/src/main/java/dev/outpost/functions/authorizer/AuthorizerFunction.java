package dev.outpost.functions.authorizer;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.outpost.edge.HttpRequest;
import dev.outpost.edge.Json;
import dev.outpost.edge.start.Primed;
import dev.outpost.tenant.Access;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The authoriser of the HTTP API (payload format 2.0, simple answers).
 *
 * <p>It always lets the request through, with its verdict in the context: API Gateway gives no way
 * to shape the body of an authoriser's refusal, so the function behind it words the refusal, and
 * lets nothing pass that is not granted. See RATIONALE.md.
 */
public final class AuthorizerFunction implements RequestStreamHandler, Primed {
  /** Memory that it is given, in MB: a client waits for its processor time. */
  public static final int MEMORY_MB = 512;

  private final Authorize authorize;

  /** For Lambda: wired from the environment. */
  public AuthorizerFunction() {
    this(AuthorizerWiring.fromEnvironment(System.getenv()));
    Primed.register(this);
  }

  /** On that use case. */
  public AuthorizerFunction(Authorize authorize) {
    this.authorize = Objects.requireNonNull(authorize, "authorize");
  }

  @Override
  public void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    HttpRequest request = HttpRequest.read(event);
    Authorize.Verdict verdict =
        authorize.judge(request.header("x-api-key"), request.header("authorization"));
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("isAuthorized", true);
    told.put("context", context(verdict));
    answer.write(Json.text(told).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A request without a key, and one with a key that nobody has, which opens the way to the store.
   */
  @Override
  public Round rehearsal() {
    return context -> {
      handleRequest(Rehearsal.event(""), OutputStream.nullOutputStream(), context);
      handleRequest(
          Rehearsal.event(Rehearsal.NOBODYS_KEY), OutputStream.nullOutputStream(), context);
    };
  }

  private static Map<String, String> context(Authorize.Verdict verdict) {
    return switch (verdict) {
      case Authorize.Verdict.Granted granted -> granted(granted.key());
      case Authorize.Verdict.Refused refused -> Map.of("access", refused.why().wire());
    };
  }

  private static Map<String, String> granted(ApiKey key) {
    Map<String, String> context = new LinkedHashMap<>();
    context.put("access", Access.GRANTED.wire());
    context.put("tenantId", key.tenantId().value());
    context.put("keyId", key.keyId());
    context.put(
        "scopes", String.join(" ", key.scopes().stream().map(Scope::wire).sorted().toList()));
    context.put("tier", key.tier().wire());
    return context;
  }
}
