package dev.outpost.promote;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * A real git server on loopback: {@code git http-backend} behind HTTP with a password, and beside
 * it as much of GitHub's API as opens a pull request.
 */
public final class GitServer implements AutoCloseable {
  private final Path root;
  private final String token;
  private final HttpServer server;
  private final List<String> pulls = new CopyOnWriteArrayList<>();
  private volatile boolean apiRefuses;
  private volatile Runnable whileServing = () -> {};

  /** Serves the repositories below a directory to who has the token. */
  public GitServer(Path root, String token) throws IOException {
    this.root = root;
    this.token = token;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::git);
    server.createContext("/api/", this::api);
    server.start();
  }

  /** Host and port. */
  public String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** The base of the API. */
  public String api() {
    return "http://" + host() + "/api";
  }

  /** The URL of {@code owner/name}. */
  public String url(String name) {
    return "http://" + host() + "/" + name + ".git";
  }

  /** The bodies of the pull requests that were opened. */
  public List<String> pulls() {
    return pulls;
  }

  /** Lets that happen within each request for a repository, while the client waits. */
  public void whileServing(Runnable happening) {
    whileServing = happening;
  }

  /** From now on the API answers 403. */
  public void refuseApi() {
    apiRefuses = true;
  }

  /** A new bare repository with one commit on main; answers that. */
  public String create(String name) throws IOException {
    Path bare = root.resolve(name + ".git");
    Files.createDirectories(bare);
    git(bare, "init", "--quiet", "--bare", "--initial-branch=main");
    git(bare, "config", "http.receivepack", "true");
    Path work = Files.createTempDirectory(root, "work");
    git(work, "init", "--quiet", "--initial-branch=main");
    Files.writeString(work.resolve("README.md"), "# Demo\n\none\ntwo\nthree\n");
    Files.write(work.resolve("data.bin"), new byte[] {0, 1, 2, 3, 0, (byte) 200});
    git(work, "add", "--all");
    git(work, "-c", "user.name=T", "-c", "user.email=t@localhost", "commit", "-q", "-m", "first");
    git(work, "push", "--quiet", bare.toString(), "main");
    return git(bare, "rev-parse", "main");
  }

  /** Calls git in a repository of this server. */
  public String in(String name, String... words) throws IOException {
    return git(root.resolve(name + ".git"), words);
  }

  /** Calls git, which must succeed, and answers what it prints. */
  public static String git(Path directory, String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(variable -> variable.startsWith("GIT_"));
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("git " + String.join(" ", words) + ": " + output);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return output.strip();
  }

  private boolean isAllowed(String authorization) {
    String basic = Base64.getEncoder().encodeToString(("x-access-token:" + token).getBytes(UTF_8));
    return ("Basic " + basic).equals(authorization) || ("Bearer " + token).equals(authorization);
  }

  private void git(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      whileServing.run();
      if (!isAllowed(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      ProcessBuilder builder = new ProcessBuilder("git", "http-backend");
      Map<String, String> variables = builder.environment();
      variables.put("GIT_PROJECT_ROOT", root.toString());
      variables.put("GIT_HTTP_EXPORT_ALL", "1");
      variables.put("REQUEST_METHOD", exchange.getRequestMethod());
      variables.put("PATH_INFO", exchange.getRequestURI().getPath());
      String query = exchange.getRequestURI().getRawQuery();
      variables.put("QUERY_STRING", query == null ? "" : query);
      variables.put("CONTENT_LENGTH", String.valueOf(body.length));
      variables.put("REMOTE_USER", "tester");
      put(variables, "CONTENT_TYPE", exchange.getRequestHeaders().getFirst("Content-Type"));
      put(variables, "GIT_PROTOCOL", exchange.getRequestHeaders().getFirst("Git-Protocol"));
      put(
          variables,
          "HTTP_CONTENT_ENCODING",
          exchange.getRequestHeaders().getFirst("Content-Encoding"));
      Process process = builder.start();
      Thread.ofVirtual()
          .start(
              () -> {
                try (OutputStream in = process.getOutputStream()) {
                  in.write(body);
                } catch (IOException _) {
                  // It has read enough.
                }
              });
      answer(exchange, process.getInputStream().readAllBytes());
    }
  }

  private static void put(Map<String, String> variables, String name, String value) {
    if (value != null) {
      variables.put(name, value);
    }
  }

  /** A CGI program's answer: headers, an empty line, the body. */
  private static void answer(HttpExchange exchange, byte[] output) throws IOException {
    String text = new String(output, ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    int status = 200;
    for (String line : text.substring(0, end).split("\r\n", -1)) {
      String name = line.substring(0, line.indexOf(':'));
      String value = line.substring(line.indexOf(':') + 1).strip();
      if (name.equalsIgnoreCase("Status")) {
        status = Integer.parseInt(value.substring(0, 3));
      } else {
        exchange.getResponseHeaders().set(name, value);
      }
    }
    byte[] body = text.substring(end + 4).getBytes(ISO_8859_1);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private void api(HttpExchange exchange) throws IOException {
    try (exchange) {
      InputStream in = exchange.getRequestBody();
      String body = new String(in.readAllBytes(), UTF_8);
      String path = exchange.getRequestURI().getPath();
      if (apiRefuses || !isAllowed(exchange.getRequestHeaders().getFirst("Authorization"))) {
        reply(exchange, 403, "{\"message\":\"Resource not accessible\"}");
      } else if (path.endsWith("/pulls") && exchange.getRequestMethod().equals("POST")) {
        if (pulls.contains(body)) {
          reply(exchange, 422, "{\"message\":\"Validation Failed\"}");
        } else {
          pulls.add(body);
          reply(exchange, 201, pull(pulls.size()));
        }
      } else if (path.endsWith("/pulls")) {
        reply(exchange, 200, "[" + pull(pulls.size()) + "]");
      } else {
        reply(exchange, 200, "{\"default_branch\":\"main\"}");
      }
    }
  }

  private static String pull(int number) {
    return "{\"number\":" + number + ",\"html_url\":\"https://example.com/pull/" + number + "\"}";
  }

  private static void reply(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
