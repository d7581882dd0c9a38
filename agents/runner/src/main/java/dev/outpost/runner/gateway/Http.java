package dev.outpost.runner.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outpost.runner.stop.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/** One HTTP exchange at a time, without redirects, retries or cookies. Thread-safe. */
final class Http {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final Duration UPLOAD_ANSWER = Duration.ofMinutes(2);
  private static final int LARGEST_ANSWER = 4 * 1024 * 1024;

  /** A status and the body's text. */
  record Answer(int status, String body) {
    boolean isSuccess() {
      return status >= 200 && status < 300;
    }

    /** Whether the same request may succeed later. */
    boolean mayPass() {
      return status >= 500 || status == 408 || status == 425 || status == 429;
    }
  }

  private interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  Answer post(URI to, String json) throws IOException {
    byte[] bytes = json.getBytes(UTF_8);
    return exchange("POST", to, "application/json", bytes.length, ANSWER, out -> out.write(bytes));
  }

  /**
   * Sends the first {@code size} bytes of a file, which may be growing.
   *
   * @param deadline asked between any two parts
   */
  Answer put(URI to, String contentType, Path file, long size, Deadline deadline)
      throws IOException {
    return exchange(
        "PUT",
        to,
        contentType,
        size,
        UPLOAD_ANSWER,
        out -> {
          try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[64 * 1024];
            long left = size;
            while (left > 0) {
              int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
              if (n < 0) {
                throw new IOException("the file has become shorter");
              }
              deadline.check();
              out.write(buffer, 0, n);
              left -= n;
            }
          }
        });
  }

  /** Fetches what is there into a file; the answer's text is empty. */
  Answer get(URI from, Path file) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) from.toURL().openConnection();
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout((int) CONNECT.toMillis());
    connection.setReadTimeout((int) UPLOAD_ANSWER.toMillis());
    int status = connection.getResponseCode();
    if (status == HttpURLConnection.HTTP_OK) {
      try (InputStream in = connection.getInputStream()) {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return new Answer(status, "");
  }

  private static Answer exchange(
      String method, URI to, String contentType, long length, Duration wait, Body body)
      throws IOException {
    HttpURLConnection connection = (HttpURLConnection) to.toURL().openConnection();
    try {
      connection.setRequestMethod(method);
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setConnectTimeout((int) CONNECT.toMillis());
      connection.setReadTimeout((int) wait.toMillis());
      connection.setRequestProperty("Content-Type", contentType);
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(length);
      try (OutputStream out = connection.getOutputStream()) {
        body.writeTo(out);
      }
      int status = connection.getResponseCode();
      return new Answer(status, read(connection, status));
    } catch (HttpRetryException e) {
      // How HttpURLConnection tells a 401 to a streamed request.
      return new Answer(e.responseCode(), "");
    }
  }

  private static String read(HttpURLConnection connection, int status) throws IOException {
    try (InputStream in =
        status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
      if (in == null) {
        return "";
      }
      byte[] bytes = in.readNBytes(LARGEST_ANSWER + 1);
      if (bytes.length > LARGEST_ANSWER) {
        throw new IOException("the answer is too large");
      }
      return new String(bytes, UTF_8);
    }
  }
}
