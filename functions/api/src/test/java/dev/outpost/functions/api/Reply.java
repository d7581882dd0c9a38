package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.edge.Json;
import dev.outpost.edge.MalformedJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What API Gateway gets back from the function, and how clients read it. */
record Reply(int status, Map<?, ?> headers, String body) {
  static Reply of(byte[] written) {
    Map<?, ?> answer = object(new String(written, StandardCharsets.UTF_8));
    assertThat(answer.get("isBase64Encoded")).isEqualTo(false);
    return new Reply(
        (Integer) answer.get("statusCode"),
        (Map<?, ?>) answer.get("headers"),
        (String) answer.get("body"));
  }

  Map<?, ?> json() {
    return object(body);
  }

  /** The data of a success. */
  Map<?, ?> data() {
    assertThat(json().get("success")).as(body).isEqualTo(true);
    return (Map<?, ?>) json().get("data");
  }

  /** The error of a refusal. */
  Map<?, ?> error() {
    assertThat(json().get("success")).as(body).isEqualTo(false);
    return (Map<?, ?>) json().get("error");
  }

  String code() {
    return (String) error().get("code");
  }

  /** Where the mistakes are that a refusal names. */
  List<String> paths() {
    List<String> paths = new ArrayList<>();
    if (error().get("details") instanceof Map<?, ?> details
        && details.get("errors") instanceof List<?> errors) {
      for (Object error : errors) {
        paths.add((String) ((Map<?, ?>) error).get("path"));
      }
    }
    return paths;
  }

  String header(String name) {
    return (String) headers.get(name);
  }

  private static Map<?, ?> object(String text) {
    try {
      return Json.object(text);
    } catch (MalformedJson e) {
      throw new AssertionError(text, e);
    }
  }
}
