package dev.outpost.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Spec;
import dev.outpost.run.Artifact;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.TenantId;
import dev.outpost.workspace.KeptWorkspace;
import dev.outpost.workspace.WorkspaceId;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class SignedFilesTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final byte[] KEY =
      "an installation's own random key".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Dispatch dispatch = dispatch();
  private HttpServer server;
  private SignedFiles files;
  private Instant now = Instant.parse("2026-11-22T10:00:00Z");

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    String base = "http://127.0.0.1:" + server.getAddress().getPort();
    files = new SignedFiles(directory.resolve("objects"), base, KEY, () -> now);
    server.createContext(SignedFiles.PATH, files);
    server.start();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  @Test
  void whatIsPutCanBeGot() throws Exception {
    byte[] content = new byte[300_000];
    content[7] = 42;
    assertThat(put(files.uploadUrl(dispatch, Artifact.Type.PATCH, MINUTE), content).statusCode())
        .isEqualTo(200);
    HttpResponse<byte[]> got = get(files.downloadUrl(dispatch, Artifact.Type.PATCH, MINUTE));
    assertThat(got.statusCode()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(content);
    assertThat(got.headers().firstValue("Content-Type")).contains("text/x-diff");
    assertThat(got.headers().firstValueAsLong("Content-Length")).hasValue(300_000);

    put(files.uploadUrl(dispatch, Artifact.Type.PATCH, MINUTE), new byte[0]);
    assertThat(get(files.downloadUrl(dispatch, Artifact.Type.PATCH, MINUTE)).body()).isEmpty();
    assertThat(stored()).hasSize(1);
  }

  @Test
  void aWorkspacesArchiveIsPutGotAndRemoved() throws Exception {
    WorkspaceId id = WorkspaceId.of(dispatch.tenantId(), "file:///repo", "default");
    KeptWorkspace workspace =
        new KeptWorkspace(
            id,
            dispatch.tenantId(),
            "default",
            "file:///repo",
            dispatch.id(),
            3,
            now,
            now,
            dispatch.id());
    assertThat(put(files.uploadUrl(workspace, MINUTE), new byte[3]).statusCode()).isEqualTo(200);
    assertThat(get(files.downloadUrl(workspace, MINUTE)).body()).isEqualTo(new byte[3]);
    files.remove(workspace);
    files.remove(workspace);
    assertThat(get(files.downloadUrl(workspace, MINUTE)).statusCode()).isEqualTo(404);
  }

  @Test
  void aUrlIsGoodForItsMethodItsObjectAndItsTimeOnly() throws Exception {
    String upload = files.uploadUrl(dispatch, Artifact.Type.RESULT, MINUTE);
    String download = files.downloadUrl(dispatch, Artifact.Type.RESULT, MINUTE);
    assertThat(put(download, new byte[1]).statusCode()).isEqualTo(403);
    assertThat(put(download.replace("method=GET", "method=PUT"), new byte[1]).statusCode())
        .isEqualTo(403);
    assertThat(get(upload).statusCode()).isEqualTo(403);
    assertThat(get(download.replace("result.json", "metadata.json")).statusCode()).isEqualTo(403);
    assertThat(get(download.replaceFirst("expires=\\d+", "expires=99999999999")).statusCode())
        .isEqualTo(403);
    assertThat(get(download.replaceFirst("signature=.*", "signature=")).statusCode())
        .isEqualTo(403);
    assertThat(get(download.replaceFirst("\\?.*", "")).statusCode()).isEqualTo(403);
    now = now.plus(MINUTE).plusSeconds(1);
    assertThat(get(download).statusCode()).isEqualTo(403);
    assertThat(directory.resolve("objects")).doesNotExist();
  }

  @Test
  void aPathLeadsNowhereElse() throws Exception {
    Files.writeString(directory.resolve("installation.key"), "secret");
    String download = files.downloadUrl(dispatch, Artifact.Type.RESULT, MINUTE);
    for (String path :
        List.of(
            "../installation.key",
            "..%2finstallation.key",
            "%2e%2e/installation.key",
            "/etc/passwd")) {
      URI url = URI.create(download);
      String line = "GET " + SignedFiles.PATH + path + "?" + url.getRawQuery();
      assertThat(raw(line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
          .as(path)
          .matches("(?s)HTTP/1.1 40[034] .*")
          .doesNotContain("secret");
    }
  }

  @Test
  void refusalsSpeakTheApisEnvelope() throws Exception {
    HttpResponse<byte[]> missing = get(files.downloadUrl(dispatch, Artifact.Type.LOG, MINUTE));
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.headers().firstValue("Content-Type")).contains("application/json");
    Map<String, Object> body = Json.read(new String(missing.body(), StandardCharsets.UTF_8));
    assertThat(body).containsEntry("success", false).containsKeys("error", "meta");
    assertThat((Map<?, ?>) body.get("error")).extracting("code").isEqualTo("NOT_FOUND");
    assertThat((Map<?, ?>) body.get("meta"))
        .extracting("requestId")
        .isEqualTo(missing.headers().firstValue("X-Request-ID").orElseThrow());
    HttpResponse<byte[]> method =
        client.send(
            HttpRequest.newBuilder(
                    URI.create(files.downloadUrl(dispatch, Artifact.Type.LOG, MINUTE)))
                .DELETE()
                .build(),
            BodyHandlers.ofByteArray());
    assertThat(method.statusCode()).isEqualTo(405);
  }

  @Test
  void anUploadThatBreaksOffLeavesTheOldObject() throws Exception {
    String url = files.uploadUrl(dispatch, Artifact.Type.LOG, MINUTE);
    put(url, "old".getBytes(StandardCharsets.UTF_8));
    URI uri = URI.create(url);
    raw(
        "PUT "
            + uri.getRawPath()
            + "?"
            + uri.getRawQuery()
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf");
    assertThat(get(files.downloadUrl(dispatch, Artifact.Type.LOG, MINUTE)).body())
        .asString()
        .isEqualTo("old");
    LocalEcs.await("the part's removal", () -> stored().size() == 1);
  }

  private List<Path> stored() {
    try (Stream<Path> all = Files.walk(directory.resolve("objects"))) {
      return all.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private HttpResponse<byte[]> put(String url, byte[] content) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(url)).PUT(BodyPublishers.ofByteArray(content)).build(),
        BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> get(String url) throws Exception {
    return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray());
  }

  /** Bytes as they are: an HTTP client would tidy the path, or send all that it promised. */
  private String raw(String request) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Dispatch dispatch() {
    Spec spec =
        new Spec(
            "script",
            Optional.empty(),
            "echo hello world",
            Optional.empty(),
            new Workspace(Optional.empty(), Optional.empty(), Workspace.Init.NONE),
            Optional.empty(),
            Duration.ofMinutes(10),
            Optional.empty(),
            Map.of(),
            Optional.empty());
    return Dispatch.accepted(
        new DispatchId(LocalEcs.DISPATCH),
        new TenantId("0f8fad5b-d9cb-469f-a165-70867728950e"),
        spec,
        Instant.parse("2026-11-22T09:00:00Z"));
  }
}
