package dev.outpost.edge;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The one line that a function logs of a request: a JSON object, which CloudWatch indexes as it is.
 * It names who asked for what and what came of it; never a header, never a body. Not safe for use
 * by several threads.
 *
 * <p>Counts travel in the same line, in CloudWatch's embedded metric format.
 */
public final class RequestLine {
  /** The namespace of all metrics. */
  public static final String NAMESPACE = "Outpost";

  /** Longest stack trace that is logged, in characters. */
  private static final int MAX_TRACE = 8_000;

  private final Map<String, Object> fields = new LinkedHashMap<>();

  /** The line of that request. */
  public RequestLine(HttpRequest request) {
    fields.put("level", "INFO");
    fields.put("message", "request");
    fields.put("requestId", request.requestId());
    fields.put("method", request.method());
  }

  /** Adds a field; text of a client's choosing has no place here. */
  public RequestLine with(String name, Object value) {
    fields.put(name, value);
    return this;
  }

  /** Adds what went wrong in a way that nobody foresaw. */
  public RequestLine failed(Throwable fault) {
    StringWriter trace = new StringWriter();
    fault.printStackTrace(new PrintWriter(trace));
    String text = trace.toString();
    fields.put("level", "ERROR");
    fields.put("fault", text.length() <= MAX_TRACE ? text : text.substring(0, MAX_TRACE));
    return this;
  }

  /**
   * Counts.
   *
   * @param times how many
   * @param metric what is counted
   * @param dimension what the count is split by
   * @param value the split's value; one of few, for each is a metric of its own
   */
  public RequestLine count(int times, String metric, String dimension, String value, Instant now) {
    fields.put(
        "_aws",
        Map.of(
            "Timestamp",
            now.toEpochMilli(),
            "CloudWatchMetrics",
            List.of(
                Map.of(
                    "Namespace",
                    NAMESPACE,
                    "Dimensions",
                    List.of(List.of(dimension)),
                    "Metrics",
                    List.of(Map.of("Name", metric, "Unit", "Count"))))));
    fields.put(dimension, value);
    fields.put(metric, times);
    return this;
  }

  /** The line's text. */
  public String text() {
    return Json.text(fields);
  }
}
