package dev.outpost.simulation;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.outpost.edge.Json;
import dev.outpost.edge.MalformedJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** API Gateway, and the network between it and whoever calls. */
final class Gateway {
  /** The longest that API Gateway waits for a function (its quota for HTTP APIs). */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration SHORTEST = Duration.ofMillis(5);
  private static final Duration LONGEST = Duration.ofMillis(300);

  private final World world;
  private final Chance chance;
  private long requests;

  Gateway(World world) {
    this.world = world;
    this.chance = world.chance();
  }

  /** Makes a request from a strand; empty when no answer came. */
  Optional<Reply> call(Request request) {
    Timeline timeline = world.timeline();
    Weather weather = world.weather();
    boolean fine = weather.isClear();
    timeline.sleep(chance.between(SHORTEST, LONGEST));
    if (weather.has(Fault.REQUEST_LOST)) {
      timeline.sleep(PATIENCE);
      return Optional.empty();
    }
    Promise<Reply> promise = new Promise<>();
    String name = request.method() + " " + request.path() + " #" + ++requests;
    Strand function =
        timeline.start(name, () -> promise.keep(answer(request, name)), promise::give);
    Reply reply =
        timeline
            .await(promise, PATIENCE)
            .orElse(function.ended() ? Reply.BAD_GATEWAY : Reply.GATEWAY_TIMEOUT);
    timeline.stop(function);
    if (weather.has(Fault.RESPONSE_LOST)) {
      timeline.sleep(PATIENCE);
      return Optional.empty();
    }
    world
        .ledger()
        .require(
            reply.status() < 500 || !(fine || weather.isFair()),
            1,
            name + " was answered " + reply + ", and nothing went wrong");
    timeline.sleep(chance.between(SHORTEST, LONGEST));
    return Optional.of(reply);
  }

  private Reply answer(Request request, String name) {
    Map<String, Object> event = request.event(name, world.timeline().instant().toEpochMilli());
    try {
      if (request.path().startsWith("/runner/")) {
        return reply(call(world.environment().runner, "runner", event));
      }
      Map<?, ?> verdict = call(world.environment().authorizer, "authorizer", event);
      @SuppressWarnings("unchecked")
      Map<String, Object> context = (Map<String, Object>) event.get("requestContext");
      context.put("authorizer", Map.of("lambda", verdict.get("context")));
      return reply(call(world.environment().api, "api", event));
    } catch (RuntimeException e) {
      // A function that throws: API Gateway tells no more than that.
      world.trace("function failed", e);
      return Reply.BAD_GATEWAY;
    }
  }

  private static Reply reply(Map<?, ?> answer) {
    return new Reply(((Number) answer.get("statusCode")).intValue(), (String) answer.get("body"));
  }

  private static Map<?, ?> call(RequestStreamHandler function, String name, Map<?, ?> event) {
    try {
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      function.handleRequest(
          new ByteArrayInputStream(Json.text(event).getBytes(StandardCharsets.UTF_8)),
          answer,
          Functions.invocation(name));
      return Json.object(answer.toString(StandardCharsets.UTF_8));
    } catch (MalformedJson e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
