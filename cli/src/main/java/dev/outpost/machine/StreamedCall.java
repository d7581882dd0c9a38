package dev.outpost.machine;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Calls of a model over one kept connection, whose answers come in chunks (RFC 9112, section 7.1),
 * timed to their first byte. For one thread.
 */
final class StreamedCall implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final byte[] request;

  /**
   * An answer that has come wholly.
   *
   * @param firstByteNanos from the request's first byte sent to the answer's first byte come
   * @param nanos to its last
   * @param bytes how many it had
   */
  record Came(long firstByteNanos, long nanos, long bytes) {}

  /**
   * Connects; each call asks the same.
   *
   * @param prefix what stands before the path
   */
  StreamedCall(URI url, String prefix, String key, String json) throws IOException {
    socket = new Socket(InetAddress.getByName(url.getHost()), url.getPort());
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    byte[] head =
        ("POST "
                + prefix
                + "/v1/messages HTTP/1.1\r\nHost: "
                + url.getAuthority()
                + "\r\nx-api-key: "
                + key
                + "\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    request = new byte[head.length + body.length];
    System.arraycopy(head, 0, request, 0, head.length);
    System.arraycopy(body, 0, request, head.length, body.length);
  }

  Came call() throws IOException {
    OutputStream out = socket.getOutputStream();
    long started = System.nanoTime();
    out.write(request);
    String status = line();
    if (!status.contains(" 200 ")) {
      throw new IOException("answered " + status);
    }
    boolean chunked = false;
    for (String line = line(); !line.isEmpty(); line = line()) {
      chunked |= line.toLowerCase(Locale.ROOT).startsWith("transfer-encoding: chunked");
    }
    if (!chunked) {
      throw new IOException("the answer did not come in chunks");
    }
    long first = 0;
    long bytes = 0;
    for (int size = size(); size > 0; size = size()) {
      if (first == 0) {
        in.mark(1);
        if (in.read() < 0) {
          throw new EOFException("the connection was closed");
        }
        in.reset();
        first = System.nanoTime();
      }
      in.skipNBytes(size);
      bytes += size;
      line();
    }
    line();
    return new Came(first - started, System.nanoTime() - started, bytes);
  }

  private int size() throws IOException {
    return Integer.parseInt(line().strip(), 16);
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
