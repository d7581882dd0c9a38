package dev.outpost.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

class S3ArtifactsTest {
  private static final TenantId TENANT = TenantId.random();
  private static final DispatchId ID = new DispatchId("dsp_01ARYZ6S41TSV4RRFFQ69G5FAV");

  private final Dispatch dispatch =
      Dispatch.accepted(
          ID,
          TENANT,
          new Spec(
              "script",
              Optional.empty(),
              "echo hello",
              Optional.empty(),
              new Workspace(Optional.empty(), Optional.empty(), Workspace.Init.FULL),
              Optional.empty(),
              Duration.ofMinutes(1),
              Optional.empty(),
              Map.of(),
              Optional.empty()),
          Instant.EPOCH);

  private static S3Presigner presigner(Optional<URI> endpoint) {
    S3Presigner.Builder builder =
        S3Presigner.builder()
            .region(Region.EU_CENTRAL_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")));
    endpoint.ifPresent(builder::endpointOverride);
    return builder.build();
  }

  private static URI sign(boolean upload, Dispatch dispatch) {
    try (S3Presigner presigner = presigner(Optional.empty())) {
      S3Artifacts artifacts = new S3Artifacts(presigner, "bucket");
      return URI.create(
          upload
              ? artifacts.uploadUrl(dispatch, Artifact.Type.PATCH, Duration.ofMinutes(15))
              : artifacts.downloadUrl(dispatch, Artifact.Type.LOG, Duration.ofSeconds(90)));
    }
  }

  @Test
  void anUploadIsForOneObjectOfOneTypeAndAShortWhile() {
    URI url = sign(true, dispatch);
    assertThat(url.getScheme()).isEqualTo("https");
    assertThat(url.getHost()).startsWith("bucket.s3");
    assertThat(url.getPath()).isEqualTo("/" + TENANT.value() + "/" + ID.value() + "/changes.patch");
    assertThat(url.getQuery())
        .contains("X-Amz-Expires=900")
        .contains("X-Amz-SignedHeaders=content-type;host");
  }

  @Test
  void aDownloadLastsAsLongAsAskedFor() {
    URI url = sign(false, dispatch);
    assertThat(url.getPath()).endsWith("/execution.log");
    assertThat(url.getQuery()).contains("X-Amz-Expires=90");
  }

  private static KeptWorkspace workspace() {
    WorkspaceId id = WorkspaceId.of(TENANT, "https://github.com/owner/name.git", "default");
    return new KeptWorkspace(
        id,
        TENANT,
        "default",
        "https://github.com/owner/name.git",
        ID,
        10,
        Instant.EPOCH,
        Instant.EPOCH,
        ID);
  }

  @Test
  void aWorkspacesArchiveIsAnObjectOfItsOwnForEachGeneration() {
    try (S3Presigner presigner = presigner(Optional.empty())) {
      S3Artifacts artifacts = new S3Artifacts(presigner, "bucket");
      String path = "/workspaces/" + TENANT.value() + "/" + workspace().id() + "/" + ID + ".tar.gz";
      URI upload = URI.create(artifacts.uploadUrl(workspace(), Duration.ofMinutes(15)));
      assertThat(upload.getPath()).isEqualTo(path);
      assertThat(upload.getQuery()).contains("X-Amz-SignedHeaders=content-type;host");
      assertThat(URI.create(artifacts.downloadUrl(workspace(), Duration.ofMinutes(15))).getPath())
          .isEqualTo(path);
    }
  }

  @Test
  void anArchiveIsRemovedByOneDeleteAndARefusalIsToldWithoutTheUrl() throws IOException {
    List<String> heard = new CopyOnWriteArrayList<>();
    AtomicInteger status = new AtomicInteger(204);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            heard.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(status.get(), -1);
          }
        });
    server.start();
    URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    try (S3Presigner presigner = presigner(Optional.of(endpoint))) {
      S3Artifacts artifacts = new S3Artifacts(presigner, "bucket");
      artifacts.remove(workspace());
      assertThat(heard)
          .containsExactly(
              "DELETE /bucket/workspaces/"
                  + TENANT
                  + "/"
                  + workspace().id()
                  + "/"
                  + ID
                  + ".tar.gz");
      status.set(403);
      assertThatThrownBy(() -> artifacts.remove(workspace()))
          .hasMessageContaining("403")
          .hasMessageNotContaining("X-Amz");
    } finally {
      server.stop(0);
    }
    try (S3Presigner presigner = presigner(Optional.of(endpoint))) {
      S3Artifacts artifacts = new S3Artifacts(presigner, "bucket");
      assertThatThrownBy(() -> artifacts.remove(workspace()))
          .hasMessageContaining("can't be reached")
          .hasMessageNotContaining("X-Amz");
    }
  }
}
