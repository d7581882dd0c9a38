package dev.outpost.simulation;

import dev.outpost.edge.Json;
import dev.outpost.edge.MalformedJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An answer to a request, as its client sees it.
 *
 * @param status the HTTP status
 * @param body the body's text
 */
record Reply(int status, String body) {
  /** What API Gateway answers when the function did not. */
  static final Reply GATEWAY_TIMEOUT = new Reply(504, "{\"message\":\"Gateway Timeout\"}");

  /** What API Gateway answers when the function failed. */
  static final Reply BAD_GATEWAY = new Reply(500, "{\"message\":\"Internal Server Error\"}");

  boolean succeeded() {
    return status >= 200 && status < 300;
  }

  /** Whether the client may hope that the same request succeeds later. */
  boolean mayPass() {
    return status >= 500 || status == 429;
  }

  /** A text of the answer's data. */
  String data(String name) {
    return object("data").get(name) instanceof String text ? text : "";
  }

  /** What the answer tells of each dispatch of a group. */
  List<Map<?, ?>> dispatches() {
    List<Map<?, ?>> all = new ArrayList<>();
    if (object("data").get("dispatches") instanceof List<?> list) {
      list.forEach(entry -> all.add((Map<?, ?>) entry));
    }
    return all;
  }

  /** A whole number of the answer's data; -1 when there is none. */
  int number(String name) {
    return object("data").get(name) instanceof Number number ? number.intValue() : -1;
  }

  /** The messages of a log that the answer has. */
  List<String> log() {
    List<String> lines = new ArrayList<>();
    if (object("data").get("logs") instanceof List<?> list) {
      list.forEach(entry -> lines.add((String) ((Map<?, ?>) entry).get("message")));
    }
    return lines;
  }

  /** The ids of the workspaces that the answer lists. */
  List<String> workspaceIds() {
    List<String> ids = new ArrayList<>();
    if (object("data").get("workspaces") instanceof List<?> list) {
      list.forEach(entry -> ids.add((String) ((Map<?, ?>) entry).get("workspaceId")));
    }
    return ids;
  }

  /** The ids of a group's dispatches. */
  List<String> dispatchIds() {
    return dispatches().stream().map(entry -> (String) entry.get("dispatchId")).toList();
  }

  /** The error's code; empty when there is none. */
  String code() {
    return object("error").get("code") instanceof String code ? code : "";
  }

  /** The error as it stands there. */
  String error() {
    return Json.text(object("error"));
  }

  Map<?, ?> object(String name) {
    try {
      return Json.object(body).get(name) instanceof Map<?, ?> map ? map : Map.of();
    } catch (MalformedJson e) {
      throw new IllegalStateException("an answer that is no JSON: " + body, e);
    }
  }
}
