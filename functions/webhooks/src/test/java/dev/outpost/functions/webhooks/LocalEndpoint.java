package dev.outpost.functions.webhooks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** An endpoint on loopback that hears requests and answers what it is told to, byte by byte. */
final class LocalEndpoint implements AutoCloseable {
  private final ServerSocket server;
  private final String scheme;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Answer answer;

  /** What an endpoint writes. */
  interface Answer {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  /** A request that came, its headers under their names in lower case. */
  record Request(String line, Map<String, String> headers, String body) {}

  /** By http. */
  LocalEndpoint(Answer answer) throws IOException {
    this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), "http", answer);
  }

  /** By https. */
  LocalEndpoint(SSLContext context, Answer answer) throws IOException {
    this(
        context
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
        "https",
        answer);
  }

  private LocalEndpoint(ServerSocket server, String scheme, Answer answer) {
    this.server = server;
    this.scheme = scheme;
    this.answer = answer;
    threads.execute(this::serve);
  }

  /** Answers each request so, and closes the connection. */
  static Answer says(String answer) {
    return out -> out.write(answer.getBytes(ISO_8859_1));
  }

  /** Answers with that status and nothing more. */
  static Answer status(int status) {
    return says("HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n");
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        threads.execute(() -> hear(socket));
      } catch (IOException _) {
        // It was closed.
        return;
      }
    }
  }

  private void hear(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      String line = in.readLine();
      Map<String, String> headers = new TreeMap<>();
      for (String header = in.readLine();
          header != null && !header.isEmpty();
          header = in.readLine()) {
        int colon = header.indexOf(':');
        if (colon < 0) {
          throw new IOException("no HTTP");
        }
        headers.put(
            header.substring(0, colon).toLowerCase(Locale.ROOT),
            header.substring(colon + 1).strip());
      }
      if (headers.isEmpty()) {
        return;
      }
      char[] body = new char[Integer.parseInt(headers.getOrDefault("content-length", "0"))];
      int read = 0;
      while (read < body.length) {
        read += in.read(body, read, body.length - read);
      }
      requests.add(new Request(line, headers, new String(body)));
      answer.write(socket.getOutputStream());
    } catch (IOException | InterruptedException _) {
      // The other side has closed the connection, or this one closes.
      return;
    }
  }

  /** Where it is, by that name. */
  URI url(String host) {
    return URI.create(scheme + "://" + host + ":" + server.getLocalPort() + "/hook?a=b%2Fc");
  }

  /** Where it is. */
  URI url() {
    return url("127.0.0.1");
  }

  /** The requests that came. */
  List<Request> requests() {
    return requests;
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
