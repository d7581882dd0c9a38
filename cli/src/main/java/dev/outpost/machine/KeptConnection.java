package dev.outpost.machine;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * An HTTP client of one kept connection that costs next to nothing, because it shares the machine
 * with what it measures. Knows no more of HTTP than our server speaks. For one thread.
 */
final class KeptConnection implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 40_000;

  private final String host;
  private final Socket socket;
  private final InputStream in;

  /**
   * An answer.
   *
   * @param status the HTTP status
   * @param body the body's text
   */
  record Answer(int status, String body) {}

  /** Connects. */
  KeptConnection(URI url) throws IOException {
    host = url.getAuthority();
    socket = new Socket(InetAddress.getByName(url.getHost()), url.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Asks without a key or a body. */
  Answer get(String path) throws IOException {
    return send("GET", path, Optional.empty(), "");
  }

  /** Asks with that key, and a JSON body unless it is empty. */
  Answer send(String method, String path, Optional<String> key, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: ").append(host);
    key.ifPresent(secret -> head.append("\r\nX-API-Key: ").append(secret));
    if (body.length > 0) {
      head.append("\r\nContent-Type: application/json\r\nContent-Length: ").append(body.length);
    }
    ByteArrayOutputStream request = new ByteArrayOutputStream(head.length() + 4 + body.length);
    request.writeBytes(head.append("\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(body);
    request.writeTo(socket.getOutputStream());
    return answer();
  }

  private Answer answer() throws IOException {
    String line = line();
    int status = Integer.parseInt(line.substring(9, 12));
    int length = 0;
    for (line = line(); !line.isEmpty(); line = line()) {
      String header = line.toLowerCase(Locale.ROOT);
      if (header.startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(header.indexOf(':') + 1).strip());
      }
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the connection was closed");
    }
    return new Answer(status, new String(body, StandardCharsets.UTF_8));
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection was closed");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
