package dev.outpost.runner.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.HttpExchange;
import dev.outpost.run.ModelProtocol;
import java.io.IOException;
import java.util.Map;

/**
 * A call that the gateway itself answers, in the provider's own form, so that every agent
 * understands it.
 *
 * @param status the HTTP status
 * @param type the kind of error, by the provider's naming
 * @param message a sentence
 */
record Refusal(int status, String type, String message) {
  static Refusal unknownKey() {
    return new Refusal(401, "authentication_error", "The key is not this run's.");
  }

  static Refusal notFound() {
    return new Refusal(404, "not_found_error", "The gateway does not pass this on.");
  }

  static Refusal invalid(String why) {
    return new Refusal(400, "invalid_request_error", why);
  }

  static Refusal tooLarge() {
    return new Refusal(413, "request_too_large", "The request is too large.");
  }

  static Refusal overBudget(String spent) {
    return new Refusal(402, "budget_exceeded", "Outpost ends this run: " + spent + ".");
  }

  static Refusal unreachable(String why) {
    return new Refusal(502, "api_error", "The model's provider could not be reached: " + why);
  }

  void answer(ModelProtocol protocol, HttpExchange exchange) throws IOException {
    Map<String, Object> body =
        switch (protocol) {
          case ANTHROPIC ->
              Map.of("type", "error", "error", Map.of("type", type, "message", message));
          case OPENAI -> Map.of("error", Map.of("type", type, "code", type, "message", message));
          case GEMINI ->
              Map.of("error", Map.of("code", status, "status", type, "message", message));
        };
    byte[] bytes = JSON.std.asString(body).getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
