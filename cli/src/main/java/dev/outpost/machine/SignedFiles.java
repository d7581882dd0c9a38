package dev.outpost.machine;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.outpost.claim.ArtifactStore;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.edge.ApiError;
import dev.outpost.edge.Envelope;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.HttpResponse;
import dev.outpost.run.Artifact;
import dev.outpost.run.WorkspaceArchive;
import dev.outpost.workspace.KeptWorkspace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The object store of one machine: files in a folder, reached by URLs that are good for one object,
 * one method and a while. Safe for use by many threads.
 */
final class SignedFiles implements ArtifactStore, HttpHandler {
  /** The path that it serves. */
  static final String PATH = "/objects/";

  /** Largest object taken, in bytes: a workspace's archive. */
  static final long MAX_OBJECT = WorkspaceArchive.MAX_BYTES;

  /**
   * Tenant, dispatch, file, or a workspace's archive: nothing else is a key, so no key can lead out
   * of the folder.
   */
  private static final Pattern KEY =
      Pattern.compile(
          "[0-9a-f-]{36}/dsp_[0-9A-Z]{26}/[a-z]+\\.[a-z]+"
              + "|workspaces/[0-9a-f-]{36}/wsp_[0-9a-f]{32}/dsp_[0-9A-Z]{26}\\.tar\\.gz");

  private static final int BUFFER = 64 * 1024;

  private final Path folder;
  private final String baseUrl;
  private final SecretKeySpec key;
  private final InstantSource clock;
  private final Envelope envelope;

  /**
   * Files in that folder.
   *
   * @param baseUrl where this machine answers
   * @param key signs the URLs
   */
  SignedFiles(Path folder, String baseUrl, byte[] key, InstantSource clock) {
    this.folder = Objects.requireNonNull(folder, "folder");
    this.baseUrl = Objects.requireNonNull(baseUrl, "baseUrl");
    this.key = new SecretKeySpec(key, "HmacSHA256");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.envelope = new Envelope(clock);
  }

  @Override
  public String uploadUrl(Dispatch dispatch, Artifact.Type type, Duration validFor) {
    return url("PUT", ArtifactStore.key(dispatch, type), validFor);
  }

  @Override
  public String downloadUrl(Dispatch dispatch, Artifact.Type type, Duration validFor) {
    return url("GET", ArtifactStore.key(dispatch, type), validFor);
  }

  @Override
  public String uploadUrl(KeptWorkspace workspace, Duration validFor) {
    return url("PUT", workspace.archiveKey(), validFor);
  }

  @Override
  public String downloadUrl(KeptWorkspace workspace, Duration validFor) {
    return url("GET", workspace.archiveKey(), validFor);
  }

  @Override
  public void remove(KeptWorkspace workspace) {
    try {
      Files.deleteIfExists(folder.resolve(workspace.archiveKey()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String url(String method, String object, Duration validFor) {
    long expires = clock.instant().plus(validFor).getEpochSecond();
    return baseUrl
        + PATH
        + object
        + "?method="
        + method
        + "&expires="
        + expires
        + "&signature="
        + sign(method, object, Long.toString(expires));
  }

  private String sign(String method, String object, String expires) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      String text = "object|" + method + "|" + object + "|" + expires;
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String object = exchange.getRequestURI().getPath().substring(PATH.length());
      Map<String, String> query = QueryString.parse(exchange.getRequestURI().getRawQuery());
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("PUT")) {
        refuse(exchange, ApiError.methodNotAllowed("GET, PUT"));
      } else if (!isAllowed(method, object, query)) {
        refuse(
            exchange,
            new ApiError(
                ErrorCode.AUTHORIZATION_ERROR, "The URL's signature is not or no longer good."));
      } else if (method.equals("PUT")) {
        put(exchange, folder.resolve(object));
      } else {
        get(exchange, folder.resolve(object));
      }
    }
  }

  private boolean isAllowed(String method, String object, Map<String, String> query) {
    String expires = query.getOrDefault("expires", "");
    if (!KEY.matcher(object).matches() || !expires.matches("[0-9]{1,12}")) {
      return false;
    }
    byte[] given = query.getOrDefault("signature", "").getBytes(StandardCharsets.UTF_8);
    byte[] good = sign(method, object, expires).getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(given, good)
        && clock.instant().getEpochSecond() <= Long.parseLong(expires);
  }

  private void put(HttpExchange exchange, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Path fresh = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".part");
    boolean whole;
    try (InputStream in = exchange.getRequestBody();
        OutputStream out = Files.newOutputStream(fresh)) {
      whole = copy(in, out);
    } catch (IOException e) {
      Files.deleteIfExists(fresh);
      throw e;
    }
    if (!whole) {
      Files.deleteIfExists(fresh);
      refuse(exchange, new ApiError(ErrorCode.PAYLOAD_TOO_LARGE, "An object may have 2 GiB."));
      return;
    }
    // A reader sees the old object or the new one, never a part.
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    exchange.sendResponseHeaders(200, -1);
  }

  private static boolean copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long total = 0;
    int count;
    while ((count = in.read(buffer)) > 0) {
      total += count;
      if (total > MAX_OBJECT) {
        return false;
      }
      out.write(buffer, 0, count);
    }
    return true;
  }

  private void get(HttpExchange exchange, Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      refuse(exchange, new ApiError(ErrorCode.NOT_FOUND, "There is no such object."));
      return;
    }
    Optional<Artifact.Type> type = Artifact.Type.of(file.getFileName().toString());
    exchange
        .getResponseHeaders()
        .set(
            "Content-Type",
            type.map(Artifact.Type::contentType).orElse("application/octet-stream"));
    long size = Files.size(file);
    exchange.sendResponseHeaders(200, size == 0 ? -1 : size);
    if (size > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        Files.copy(file, out);
      }
    }
  }

  private void refuse(HttpExchange exchange, ApiError error) throws IOException {
    HttpResponse response = envelope.error(error, UUID.randomUUID().toString());
    response.headers().forEach(exchange.getResponseHeaders()::set);
    if (exchange.getRequestMethod().equals("HEAD")) {
      // The answer to a HEAD has no body (RFC 9110, section 9.3.2), and the server breaks off at
      // one.
      exchange.sendResponseHeaders(response.status(), -1);
      return;
    }
    byte[] bytes = response.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(response.status(), bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }
}
