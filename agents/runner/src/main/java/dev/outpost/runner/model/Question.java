package dev.outpost.runner.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;

/** The body of a call, as it may pass. Immutable. */
final class Question {
  /** Of a call without a body. */
  static final Question EMPTY = new Question(new byte[0], "");

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // What says one thing to us and another to the provider is not passed on.
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private static final String ASKED = "{\"include_usage\":true}";

  private final byte[] body;
  private final String model;

  private Question(byte[] body, String model) {
    this.body = body;
    this.model = model;
  }

  /** The model that is asked for; empty where the body does not tell. */
  String model() {
    return model;
  }

  /** Its length in bytes. */
  int length() {
    return body.length;
  }

  /** Sends it. */
  HttpRequest.BodyPublisher publisher() {
    return body.length == 0
        ? HttpRequest.BodyPublishers.noBody()
        : HttpRequest.BodyPublishers.ofByteArray(body);
  }

  /** A body that must not pass; the message is for the agent. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * Reads a body, and makes a chat that is streamed tell its usage.
   *
   * @throws Refused when it is no JSON object, or asks for work that no answer tells of
   */
  static Question of(byte[] body, Endpoints.Kind kind) throws Refused {
    String model = "";
    boolean streams = false;
    long optionsFrom = -1;
    long optionsTo = -1;
    try (JsonParser parser = FACTORY.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new Refused("The body must be a JSON object.");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        long from = parser.currentTokenLocation().getByteOffset();
        switch (name) {
          case "model" -> model = value == JsonToken.VALUE_STRING ? parser.getText() : "";
          case "stream" -> streams = value == JsonToken.VALUE_TRUE;
          case "background" -> {
            if (value == JsonToken.VALUE_TRUE) {
              throw new Refused("background must be false: its usage could not be metered.");
            }
          }
          default -> {
            // Not ours.
          }
        }
        parser.skipChildren();
        if (name.equals("stream_options")) {
          optionsFrom = from;
          optionsTo = parser.currentLocation().getByteOffset();
        }
      }
      if (parser.nextToken() != null) {
        throw new Refused("There is something after the JSON object.");
      }
    } catch (IOException _) {
      throw new Refused("The body is not valid JSON.");
    }
    return new Question(
        kind == Endpoints.Kind.CHAT && streams ? asking(body, optionsFrom, optionsTo) : body,
        model);
  }

  /** The same body with the wish for usage in the place of other options, or in front. */
  private static byte[] asking(byte[] body, long from, long to) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 64);
    if (from >= 0) {
      out.write(body, 0, (int) from);
      out.writeBytes(ASKED.getBytes(UTF_8));
      out.write(body, (int) to, body.length - (int) to);
    } else {
      int brace = 0;
      while (body[brace] != '{') {
        brace++;
      }
      out.write(body, 0, brace + 1);
      out.writeBytes(("\"stream_options\":" + ASKED + ",").getBytes(UTF_8));
      out.write(body, brace + 1, body.length - brace - 1);
    }
    return out.toByteArray();
  }
}
